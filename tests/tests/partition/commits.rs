//! Whatever becomes of an append, the outcome is found out.

use std::collections::BTreeMap;

use dacapo_log::partition::{Answer, Refusal, Settings, StopReason};
use dacapo_tests::drive::small_limits;
use dacapo_tests::host::{Fate, Host, Store};
use dacapo_tests::toy::{Subtract, Toy};
use proptest::prelude::*;

use crate::fixture::*;

/// P4: whatever becomes of an append, the outcome is found out and never guessed, and a command has one effect.
#[test]
fn every_fate_of_an_append_is_resolved() {
    let fates = [Fate::NotDone, Fate::DoneUnsaid, Fate::NotDoneUnsaid, Fate::DoneLate, Fate::Done];
    for first in fates {
        for second in fates {
            let mut host = start(Store::new());
            host.settle();
            host.fates = [first, second].into();
            host.input(add(1, Some("r"), 5));
            host.input(add(2, None, 7));
            host.settle();
            assert!(matches!(host.answers[&1], Answer::Done { .. }), "{first:?} {second:?}");
            assert!(matches!(host.answers[&2], Answer::Done { .. }), "{first:?} {second:?}");
            assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 12)]));
            assert_eq!(host.committed, host.store.log);
        }
    }
}

/// P2, P4: a fenced writer acknowledges only what is in the log, and stops.
#[test]
fn a_fenced_writer_acknowledges_only_what_is_in_the_log() {
    for (fate, is_done) in [(Fate::Fenced, false), (Fate::DoneThenFenced, true)] {
        let mut host = start(Store::new());
        host.settle();
        host.fates = [fate].into();
        host.input(add(1, None, 5));
        host.input(add(2, None, 7));
        host.settle();
        assert_eq!(matches!(host.answers[&1], Answer::Done { .. }), is_done);
        assert_eq!(host.answers[&2], Answer::Refused(Refusal::Stopped));
        assert_eq!(host.stopped, Some(StopReason::Fenced));
        host.input(add(3, None, 1));
        host.settle();
        assert_eq!(host.answers[&3], Answer::Refused(Refusal::Stopped));
        let mut next = start(host.store);
        next.settle();
        assert_eq!(next.stopped, None);
    }
}

/// A zombie whose store went on without it learns so from its next append.
#[test]
fn a_paused_writer_writes_nothing_after_another_took_over() {
    let mut zombie = start(Store::new());
    zombie.settle();
    let mut next = start(zombie.store.clone());
    next.settle();
    zombie.store = next.store.clone();
    zombie.input(add(1, None, 5));
    zombie.settle();
    assert_eq!(zombie.stopped, Some(StopReason::Fenced));
    assert_eq!(zombie.store.log, next.store.log);
    assert_eq!(zombie.answers[&1], Answer::Refused(Refusal::Stopped));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// I-DET-4: however commands are batched and appends fare, the same commands give the same records.
    #[test]
    fn any_batching_gives_the_same_records(
        amounts in prop::collection::vec(0_u64..5, 1..30),
        pauses in prop::collection::vec(0_usize..4, 30),
        batch_frames in 1_u32..6,
        fates in prop::collection::vec(0_usize..5, 0..12),
    ) {
        let kinds =
            [Fate::Done, Fate::NotDone, Fate::DoneUnsaid, Fate::NotDoneUnsaid, Fate::DoneLate];
        let mut plain = start(Store::new());
        let settings = Settings { batch_frames, ..Settings::default() };
        let mut other = Host::<Toy>::start(Store::new(), settings, small_limits(), 1_000);
        other.fates = fates.into_iter().map(|fate| kinds[fate]).collect();
        for ((ticket, amount), pause) in (1..).zip(amounts).zip(pauses) {
            let input = |amount| match amount {
                0 => ask(ticket, None, Subtract { name: "a".into(), amount: 7 }),
                amount => add(ticket, None, amount),
            };
            plain.input(input(amount));
            plain.settle();
            other.input(input(amount));
            (0..pause).for_each(|_| { other.act(); });
        }
        other.settle();
        prop_assert_eq!(&plain.store.log, &other.store.log);
        prop_assert_eq!(plain.answers, other.answers);
    }
}
