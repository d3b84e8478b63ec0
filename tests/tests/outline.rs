//! The state as one tree: every row at one place, whatever the log, and a table that has none is noticed.

use std::collections::{BTreeMap, BTreeSet};

use dacapo_engine::kernel::{
    DigestMode, EngineState, Plain, Row, Symbols, Table, TableVisitor, Tables, Visit, plain,
};
use dacapo_engine::process::Process;
use dacapo_engine::process::outline::{Outline, branch_of, place};
use dacapo_engine::process::trail::{Trail, slice_of};
use dacapo_log::replay::{Player, Target};
use dacapo_log::wire::{ReadLimits, decode};
use dacapo_tests::golden::{folder, logs};
use dacapo_tests::spec::{markdown, run_section, suites};

/// The rows of all tables by their ids.
struct Rows<'a> {
    symbols: &'a Symbols,
    rows: BTreeMap<String, String>,
    tables: BTreeSet<&'static str>,
}

impl<'a> Rows<'a> {
    fn of(state: &'a EngineState<Process>) -> Self {
        let symbols = &state.kernel.symbols;
        let mut rows = Self { symbols, rows: BTreeMap::new(), tables: BTreeSet::new() };
        state.visit(&mut rows);
        rows
    }

    fn take(&mut self, table: &'static str, key: &dyn Visit, row: &dyn Visit) {
        let (key, row) = (plain(key), plain(row));
        let (id, owner) = place(table, &key, &row, self.symbols);
        let other = self.rows.insert(id, owner);
        assert_eq!(other, None, "two rows of {table} with one id");
    }
}

impl TableVisitor for Rows<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        self.tables.insert(table.name());
        for (key, row) in table.iter() {
            self.take(table.name(), key, row);
        }
    }
}

/// Walks the whole tree, and compares it with the tables; returns the tables that have rows.
fn check(state: &EngineState<Process>) -> BTreeSet<String> {
    let outline = Outline::new(state);
    let (mut found, mut open) = (BTreeMap::new(), vec![String::new()]);
    while let Some(id) = open.pop() {
        let branch = outline.branch(&id, u64::MAX);
        assert_eq!(branch.total, branch.nodes.len() as u64, "{id}");
        assert_eq!(outline.branch(&id, 1).total, branch.total, "{id}");
        for node in branch.nodes {
            assert!(node.owner == id || node.row.is_none(), "{} is not under {id}", node.id);
            let inside = outline.branch(&node.id, u64::MAX).total;
            assert_eq!(node.is_leaf, inside == 0, "{}", node.id);
            if !node.is_leaf {
                let again = outline.branch(&node.id, 0).node;
                assert_eq!(again.as_ref(), node.row.is_some().then_some(&node));
                open.push(node.id.clone());
            }
            if node.row.is_some() {
                let other = found.insert(node.id.clone(), node.owner);
                assert_eq!(other, None, "{} stands at two places", node.id);
            } else {
                assert_eq!(node.count, inside, "{}", node.id);
            }
        }
    }
    assert_eq!(found, Rows::of(state).rows);
    found.keys().map(|id| id.split_once(':').expect("a row").0.to_owned()).collect()
}

/// The tables whose rows only find or count the rows of others.
const INDEX: [&str; 28] = [
    "symbol_number",
    "request_expiry",
    "parked_subject",
    "definition_versions",
    "latest_definitions",
    "start_subscriptions_by_name",
    "start_subscriptions_of",
    "children",
    "activatable_jobs",
    "job_deadlines",
    "job_backoffs",
    "jobs_of",
    "timers_due",
    "timers_of",
    "messages_by_correlation",
    "message_deadlines",
    "message_ids",
    "messages_pending",
    "message_locks",
    "subscriptions_by_correlation",
    "subscriptions_of",
    "incidents_of",
    "incident_of_job",
    "latest_decision_requirements",
    "latest_decisions",
    "decisions_of",
    "decisions_deployed",
    "decisions_by_tag",
];

#[test]
fn a_table_has_a_place() {
    let tables = Rows::of(&EngineState::new()).tables;
    let found: Vec<_> =
        tables.iter().filter(|it| branch_of(it) == Some("index")).copied().collect();
    let mut index = INDEX;
    index.sort_unstable();
    assert_eq!(
        found, index,
        "say in `outline` where the rows of a new table stand, or here that they find others"
    );
}

#[test]
fn a_row_stands_at_one_place_at_every_step_of_the_suites() {
    let mut shown = BTreeSet::new();
    for suite in suites() {
        let text = std::fs::read_to_string(&suite).expect("a suite");
        for section in markdown::sections(&text) {
            let stored = &run_section(&section).drive.stored;
            let mut player = Player::from_stored(stored, DigestMode::OnDemand).expect("a log");
            while player.step_forward().expect("it fits") {
                shown.append(&mut check(player.engine().state()));
            }
        }
    }
    let tables = Rows::of(&EngineState::new()).tables;
    let hidden: Vec<_> = tables.iter().filter(|it| !shown.contains(**it)).collect();
    assert_eq!(hidden, Vec::<&&str>::new(), "what no suite shows is not checked");
}

#[test]
fn a_row_stands_at_one_place_in_slices() {
    let mut slices = 0;
    for (_, file) in logs(&folder().join(env!("CARGO_PKG_VERSION"))) {
        let open = |file: &[u8]| Player::open(file, ReadLimits::UNTRUSTED, DigestMode::OnDemand);
        let Ok(whole) = open(&file) else { continue };
        let mut trail = Trail::default();
        let frame = |number| whole.frame_bytes(number).map(|it| decode(it).expect("a frame"));
        (0..whole.frame_count()).filter_map(frame).for_each(|it| trail.take(&it));
        for (instance, _) in trail.passages() {
            let shown = slice_of(&trail, instance, |at| frame(whole.frame_number(at)?));
            let slice = whole.slice(instance, |at| shown.contains(&at)).expect("a slice");
            let mut slice = open(&slice).expect("it opens");
            while slice.step_forward().expect("it fits") {
                check(slice.engine().state());
            }
            slices += u64::from(slice.frames_hidden() > 0);
        }
    }
    assert!(slices > 3, "{slices} slices hide something");
}

const DEMO: &str = "# Demo

```process
s:start -> sub:sub{ i:start -> f:and ; f -> a:service(ship) -> j:and ; f -> b:timer(PT1H) -> j -> done:end } -> e:end
m:boundary(message stop, =k, on=sub) -> me:end
```
```given
create {k: \"o-1\"}
```
```run
activate ship
```
```log
```
";

#[test]
fn what_belongs_to_an_instance_stands_in_its_scopes() {
    let sections = markdown::sections(DEMO);
    let stored = &run_section(&sections[0]).drive.stored;
    let mut player = Player::from_stored(stored, DigestMode::OnDemand).expect("a log");
    player.seek(&Target::End).expect("the end");
    let mut lines = Vec::new();
    write(player.engine().state(), "instances", 0, &mut lines);
    let expected = [
        "instances p",
        "  elements p",
        "    variables k",
        "    elements sub",
        "      subscriptions stop",
        "      elements a",
        "        jobs ship",
        "      elements b",
        "        timers b",
    ];
    assert_eq!(lines, expected);
}

/// Writes what stands under a node: its table, and the first name that its key or row has.
fn write(state: &EngineState<Process>, id: &str, depth: usize, out: &mut Vec<String>) {
    for node in Outline::new(state).branch(id, 100).nodes {
        let row = node.row.expect("a row").with_names(&state.kernel.symbols);
        let name = name(&node.key.with_names(&state.kernel.symbols)).or_else(|| name(&row));
        out.push(format!("{}{} {}", "  ".repeat(depth), node.table, name.unwrap_or_default()));
        write(state, &node.id, depth + 1, out);
    }
}

fn name(it: &Plain) -> Option<String> {
    match it {
        Plain::Text(text) if !text.starts_with('<') => Some(text.clone()),
        Plain::List(parts) => parts.iter().find_map(name),
        Plain::Structure(parts) => parts.iter().find_map(|(_, part)| name(part)),
        _ => None,
    }
}
