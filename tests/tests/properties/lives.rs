//! What an engine keeps to.

use dacapo_engine::kernel::{Content, Outcome, View};
use dacapo_engine::process::Process;
use dacapo_engine::process::view::{self, Why, WhyTree};
use dacapo_engine::record::{Key, Limits};
use dacapo_tests::drive::Drive;
use dacapo_tests::generate;
use dacapo_tests::schedule::{deployed, moves, play, serve};
use dacapo_tests::spec::coverage::Coverage;
use proptest::prelude::*;

use crate::fixture::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the coverage of the suites leaves out because it cannot happen does not: whatever is parked in between.
    #[test]
    fn nothing_happens_to_an_element_that_cannot(block in generate::block(), life in moves()) {
        for limits in [Limits::default(), Limits { step_events: 6, ..Limits::default() }] {
            let mut drive = live(&block, &life, limits);
            serve(&mut drive, 400);
            let mut coverage = Coverage::default();
            coverage.add(&drive.frames);
            prop_assert_eq!(coverage.impossible(), Vec::<&String>::new());
        }
    }

    /// A refused command changes nothing.
    #[test]
    fn a_refused_command_changes_nothing(block in generate::block(), life in moves()) {
        let xml = xml(&block);
        let mut drive = deployed(&xml, Limits::default());
        for step in life {
            let (before, count) = (drive.engine.place().digest, drive.frames.len());
            play(&mut drive, step);
            let new = drive.frames.get(count..).unwrap_or_default();
            let is_refused = |frame: &_| matches!(frame, Content::Step(_, Outcome::Rejected(_)));
            if !new.is_empty() && new.iter().all(|frame| is_refused(&frame.content)) {
                prop_assert_eq!(drive.engine.place().digest, before);
            }
        }
    }

    /// I-TOK-3: an instance that has not ended shows what it waits for. I-TOK-4: ended instances leave nothing. I-JOB-2.
    #[test]
    fn every_instance_ends_or_shows_what_it_waits_for(block in generate::block(), life in moves()) {
        let mut drive = live(&block, &life, Limits::default());
        drive.internal(100_000);
        let stuck = stuck(&drive);
        prop_assert!(stuck.is_empty(), "nothing to wait for: {:?}", stuck);
        let unexplained = unexplained(&mut drive);
        prop_assert!(unexplained.is_empty(), "nobody says why: {:?}", unexplained);
        prop_assert!(serve(&mut drive, 200), "the instances do not end: {:?}", waiting(&drive));
        prop_assert_eq!(left(&drive), Vec::<&str>::new());
    }

    /// Parked work survives: with small steps the same instances end the same way.
    #[test]
    fn small_steps_end_what_large_steps_end(block in generate::block(), life in moves()) {
        let limits = Limits { step_events: 6, ..Limits::default() };
        let mut drive = live(&block, &life, limits);
        drive.internal(100_000);
        prop_assert!(serve(&mut drive, 400), "the instances do not end: {:?}", waiting(&drive));
        prop_assert_eq!(left(&drive), Vec::<&str>::new());
        prop_assert_eq!(drive.engine.full_digest(), drive.engine.place().digest);
    }
}

/// Lists the innermost element instances that wait for nothing.
fn stuck(drive: &Drive<Process>) -> Vec<String> {
    let state = drive.engine.state();
    let tables = &state.tables;
    let leaves = tables.elements.iter().filter(|(key, row)| {
        row.children == 0 && !state.kernel.is_parked(row.instance) && {
            let owned = (**key, Key(0))..=(**key, Key(u64::MAX));
            tables.jobs_of.range(owned.clone()).next().is_none()
                && tables.timers_of.range(owned.clone()).next().is_none()
                && tables.subscriptions_of.range(owned.clone()).next().is_none()
                && tables.incidents_of.range(owned).next().is_none()
        }
    });
    // A scope whose tokens wait before a join has no child, and its other branch cannot come: block-structured
    // processes have no such scope.
    leaves.map(|(key, row)| format!("{key} {}", state.kernel.symbols.name(row.element))).collect()
}

/// Lists what waits and does not say for what, asked as an operator asks.
fn unexplained(drive: &mut Drive<Process>) -> Vec<WhyTree> {
    let (state, models) = drive.engine.state_and_cache();
    let view = View { kernel: &state.kernel, tables: &state.tables };
    let instances: Vec<Key> = state.tables.instances.iter().map(|(key, _)| *key).collect();
    let trees = instances.into_iter().map(|key| view::why(&view, models, key));
    let mut open: Vec<_> = trees.map(|it| it.expect("a running instance")).collect();
    let mut found = Vec::new();
    while let Some(tree) = open.pop() {
        let is_reason = |it: &Why| !matches!(it, Why::Ending | Why::ParkedWork);
        if tree.children.is_empty() && !tree.waits.iter().any(is_reason) {
            found.push(tree);
        } else {
            open.extend(tree.children);
        }
    }
    found
}

fn waiting(drive: &Drive<Process>) -> Vec<String> {
    let state = drive.engine.state();
    state
        .tables
        .elements
        .iter()
        .map(|(key, row)| format!("{key} {} {row:?}", state.kernel.symbols.name(row.element)))
        .collect()
}

/// Lists the tables that ended instances left rows in.
fn left(drive: &Drive<Process>) -> Vec<&'static str> {
    struct Left(Vec<&'static str>);
    impl dacapo_engine::kernel::TableVisitor for Left {
        fn table<K, V>(&mut self, table: &dacapo_engine::kernel::Table<K, V>)
        where
            K: dacapo_engine::kernel::Row + Ord,
            V: dacapo_engine::kernel::Row,
        {
            let is_kept = KEPT.contains(&table.name());
            if !is_kept && !table.is_empty() {
                self.0.push(table.name());
            }
        }
    }
    let mut left = Left(Vec::new());
    dacapo_engine::kernel::Tables::visit(drive.engine.state(), &mut left);
    left.0
}

/// What does not belong to an instance: names, terms, definitions, and messages that nobody took yet.
const KEPT: [&str; 18] = [
    "symbol_name",
    "symbol_number",
    "control",
    "definitions",
    "definition_versions",
    "latest_definitions",
    "resources",
    "decision_requirements",
    "latest_decision_requirements",
    "decisions",
    "latest_decisions",
    "decisions_of",
    "decisions_deployed",
    "messages",
    "messages_by_correlation",
    "message_deadlines",
    "message_ids",
    "message_takers",
];
