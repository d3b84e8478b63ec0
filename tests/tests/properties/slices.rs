//! What the slice of one instance says about it is what the whole log says.

use std::collections::BTreeSet;

use dacapo_engine::feel::Context;
use dacapo_engine::kernel::{DigestMode, Frame, View};
use dacapo_engine::process::trail::{Trail, Visits, slice_of, visits};
use dacapo_engine::process::view::{self, Token, Why, WhyTree};
use dacapo_engine::process::{FIELDS, Process};
use dacapo_engine::record::{Key, Limits, Position};
use dacapo_log::replay::{Player, Target, Verdict, Verifier};
use dacapo_log::wire::{Names, ReadLimits, decode};
use dacapo_tests::generate;
use dacapo_tests::schedule::{moves, serve};
use proptest::prelude::*;

use crate::fixture::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// At every position that a slice shows, its instance is where the whole log has it, knows the same and waits for the same;
    /// forward, backward, and after a jump.
    #[test]
    fn a_slice_says_of_its_instance_what_the_log_says(block in generate::block(), life in moves()) {
        for limits in [Limits::default(), small()] {
            let mut drive = live(&block, &life, limits);
            serve(&mut drive, 40);
            let mut whole = Player::from_stored(&drive.stored, DigestMode::Every).expect("a log");
            let mut trail = Trail::default();
            drive.frames.iter().for_each(|frame| trail.take(frame));
            let instances: Vec<Key> = trail.passages().map(|(key, _)| key).collect();
            for instance in instances {
                let shown = shown(&whole, &trail, instance);
                let file = whole.slice(instance, |at| shown.contains(&at)).expect("a slice");
                let mut slice = open(&file);
                check(&mut slice, &mut whole, instance)?;
                prop_assert_eq!(frames_of(&slice).len() as u64 + slice.frames_hidden(), whole.frame_count());
                prop_assert_ne!(overall(&slice), Verdict::NotVerifiable);
                let is_whole = slice.frames_hidden() == 0;
                prop_assert_eq!(overall(&slice) == Verdict::ReDerived, is_whole);
            }
        }
    }
}

/// What people ask about an instance.
type Said = (Vec<Token>, Context, Option<WhyTree>);

fn check(
    slice: &mut Player<Process>,
    whole: &mut Player<Process>,
    instance: Key,
) -> Result<(), TestCaseError> {
    let mut said: Vec<(Position, Said)> = Vec::new();
    while slice.step_forward().expect("it fits") {
        let at = slice.position();
        whole.seek(&Target::Position(at)).expect("it is there");
        let both = (of(slice, instance), of(whole, instance));
        prop_assert_eq!(&both.0, &both.1, "{} at {}", instance, at.0);
        said.push((at, both.0));
    }
    whole.seek(&Target::End).expect("it is there");
    prop_assert_eq!(of(slice, instance), of(whole, instance), "at the end");
    prop_assert_eq!(counted(slice, instance), counted(whole, instance));
    for (at, then) in said.iter().rev() {
        prop_assert_eq!(slice.position(), *at);
        prop_assert_eq!(&of(slice, instance), then, "back at {}", at.0);
        slice.step_back().expect("it was there");
    }
    if let Some((at, then)) = said.get(said.len() / 2) {
        slice.seek(&Target::Position(*at)).expect("it is there");
        prop_assert_eq!(&of(slice, instance), then, "after a jump to {}", at.0);
    }
    Ok(())
}

fn shown(player: &Player<Process>, trail: &Trail, instance: Key) -> BTreeSet<Position> {
    slice_of(trail, instance, |at| {
        let bytes = player.frame_bytes(player.frame_number(at)?)?;
        Some(decode(bytes).expect("a frame"))
    })
}

fn open(file: &[u8]) -> Player<Process> {
    Player::open(file, ReadLimits::UNTRUSTED, DigestMode::Every).expect("it opens")
}

fn of(player: &mut Player<Process>, instance: Key) -> Said {
    let (state, models) = player.state_and_cache();
    let view = View { kernel: &state.kernel, tables: &state.tables };
    let mut why = view::why(&view, models, instance);
    why.iter_mut().for_each(sort);
    let mut tokens = view::tokens(&view, instance);
    tokens.sort_by_cached_key(|it| format!("{it:?}"));
    (tokens, view::variables(&view, instance, None), why)
}

/// Puts in an order what comes in that of the symbols: a slice meets fewer names, so it numbers them otherwise.
fn sort(tree: &mut WhyTree) {
    for wait in &mut tree.waits {
        if let Why::Join { present, absent, .. } = wait {
            present.sort();
            absent.sort();
        }
    }
    tree.waits.sort_by_cached_key(|it| format!("{it:?}"));
    tree.children.iter_mut().for_each(sort);
    tree.children.sort_by_key(|it| it.element_instance_key);
}

fn counted(player: &Player<Process>, instance: Key) -> Vec<(std::sync::Arc<str>, Visits)> {
    visits(instance, player.last_position(), &frames_of(player)).into_iter().collect()
}

fn frames_of(player: &Player<Process>) -> Vec<Frame<Process>> {
    let frames = (0..player.frame_count()).filter_map(|number| player.frame_bytes(number));
    frames.map(|bytes| decode(bytes).expect("a frame")).collect()
}

fn overall(player: &Player<Process>) -> Verdict {
    let names = Names::of::<Process>(FIELDS);
    let mut verifier = Verifier::<Process>::new(ReadLimits::UNTRUSTED, names);
    let mut number = 0;
    while player.verify_frame(number, &mut verifier).expect("it verifies") {
        number += 1;
    }
    verifier.report().overall()
}
