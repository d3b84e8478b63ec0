//! Random histories.

use dacapo_engine::kernel::{Content, Frame, Outcome};
use dacapo_log::replay::{Target, Verdict};
use dacapo_tests::script::{self, acts};
use dacapo_tests::toy::Toy;
use proptest::prelude::*;

use crate::fixture::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// I-DBG-1: wherever the player is sent, in whatever order, it stands in the state that the writer had there.
    #[test]
    fn the_player_stands_in_the_writers_state_wherever_it_is_sent(
        acts in acts(30),
        jumps in prop::collection::vec(0.0..1.0_f64, 1..12),
    ) {
        let log = script::log(&acts);
        let mut player = player(&log);
        for jump in jumps {
            let frame = &log.frames[(log.frames.len() as f64 * jump) as usize];
            player.seek(&Target::Position(frame.last())).expect("it is there");
            prop_assert_eq!(player.engine().place().digest.short(), frame.digest);
            prop_assert_eq!(&player.view().expect("a step").frame, frame);
            let changes = player.view().expect("a step").changes.clone();
            if player.step_back().expect("it was there") && player.step_forward().expect("it fits") {
                prop_assert_eq!(&player.view().expect("a step").changes, &changes);
            }
        }
    }

    /// I-DBG-2: a fork whose commands are the original's is the original.
    #[test]
    fn a_fork_without_a_change_is_the_original(acts in acts(30), part in 0.0..1.0_f64) {
        let log = script::log(&acts);
        let mut player = player(&log);
        let at = 1 + ((log.frames.len() - 1) as f64 * part) as usize;
        player.seek(&Target::Position(log.frames[at - 1].last())).expect("it is there");
        let mut fork = player.fork();
        for frame in &log.frames[at..] {
            prop_assert!(fork.step_again(frame).expect("it can be stepped"));
            prop_assert_eq!(&fork.steps().last().expect("a step").frame, frame);
        }
        prop_assert!(fork.diff(log.engine.state()).is_empty());
    }

    /// I-DET-2: every record of a log is derived again, byte by byte; imposed refusals are counted apart.
    #[test]
    fn every_record_is_derived_again(acts in acts(40)) {
        let log = script::log(&acts);
        let mut verifier = verifier();
        for stored in &log.stored {
            verifier.push_stored(stored).expect("it verifies");
        }
        let report = verifier.report();
        let imposed = log.frames.iter().filter(|frame| is_imposed(frame)).count() as u64;
        prop_assert_eq!(report.imposed, imposed);
        prop_assert_eq!(report.re_derived + imposed, log.frames.len() as u64);
        let expected = if imposed == 0 { Verdict::ReDerived } else { Verdict::ChainedOnly };
        prop_assert_eq!(report.overall(), expected);
        prop_assert_eq!(report.ranges.last().map(|range| range.to), Some(log.position()));
    }
}

fn is_imposed(frame: &Frame<Toy>) -> bool {
    matches!(&frame.content, Content::Step(_, Outcome::Rejected(it)) if it.is_imposed)
}
