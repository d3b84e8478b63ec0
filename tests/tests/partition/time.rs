//! Stamps, jumps and wake-ups.

use std::collections::BTreeMap;

use dacapo_engine::record::Control;
use dacapo_log::partition::{Answer, Input, Refusal};
use dacapo_tests::host::Store;
use dacapo_tests::toy::{Label, POISON, SetTimer};

use crate::fixture::*;

/// P17: a jump of the clock is not stamped until the clock comes back or an operator accepts it.
#[test]
fn a_jumping_clock_is_not_stamped_until_it_is_accepted() {
    let day_ms = 24 * 60 * 60 * 1_000;
    let mut host = start(Store::new());
    host.settle();
    host.input(clock(day_ms));
    host.input(add(1, None, 1));
    host.settle();
    assert_eq!(host.answers[&1], Answer::Refused(Refusal::ClockJump { ahead_ms: day_ms - 1_000 }));
    assert_eq!(host.seen, [format!("ClockJumped {{ ahead_ms: {} }}", day_ms - 1_000)]);
    host.input(clock(2_000));
    host.input(add(2, None, 1));
    host.settle();
    assert!(matches!(host.answers[&2], Answer::Done { .. }));
    host.input(clock(day_ms));
    host.input(Input::AcceptClock);
    host.input(add(3, None, 1));
    host.settle();
    let Answer::Done { frame, .. } = &host.answers[&3] else { panic!("not done") };
    assert_eq!(frame.header.timestamp.0, day_ms);
    host.input(clock(5_000));
    host.input(add(4, None, 1));
    host.settle();
    let Answer::Done { frame, .. } = &host.answers[&4] else { panic!("not done") };
    assert_eq!(frame.header.timestamp.0, day_ms, "time never goes back");
}

/// I-LOG-9: timers fire by logged commands, when the host wakes the partition at the time it asked for.
#[test]
fn a_timer_fires_when_the_partition_asked_to_be_woken() {
    let mut host = start(Store::new());
    host.settle();
    host.input(ask(1, None, SetTimer { name: "a".into(), after_ms: 500 }));
    host.settle();
    assert_eq!(host.wake_at_ms, Some(1_500));
    host.input(clock(1_499));
    host.settle();
    assert_eq!(values(&host.store)["a"], 0);
    host.input(clock(1_500));
    host.settle();
    assert_eq!(values(&host.store)["a"], 1);
}

/// A1: an internal command that is always refused is asked for again after pauses that double, and keeps no
/// other from its turn.
#[test]
fn an_internal_command_that_breaks_the_engine_starves_no_other() {
    let mut host = start(Store::new());
    host.settle();
    let label = |key: &str| {
        let data = BTreeMap::from([(key.into(), "yes".into())]);
        Label { name: "a".into(), ratio: None, data }
    };
    host.input(ask(1, None, SetTimer { name: "a".into(), after_ms: 500 }));
    host.input(ask(2, None, label(POISON)));
    host.input(ask(3, None, SetTimer { name: "b".into(), after_ms: 600 }));
    host.settle();
    for (now_ms, faults, wake_at_ms) in [(1_600, 1, 2_600), (2_600, 2, 4_600), (4_599, 2, 4_600)] {
        host.input(clock(now_ms));
        host.settle();
        assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 0), ("b".into(), 1)]));
        assert_eq!((refused(&host.store), host.wake_at_ms), (faults, Some(wake_at_ms)));
    }
    host.input(ask(4, None, label("healthy")));
    host.input(clock(4_600));
    host.settle();
    assert_eq!(values(&host.store)["a"], 1);
    assert_eq!(refused(&host.store), 2);
}

/// A development clock moves by a record: the offset counts for wake-ups and stamps, and the record stands in the new time.
#[test]
fn a_clock_offset_makes_timers_due() {
    let mut host = start(Store::new());
    host.settle();
    host.input(ask(1, None, SetTimer { name: "a".into(), after_ms: 10_000_000 }));
    host.input(Input::Control {
        ticket: 2,
        control: Control::ClockOffsetChanged { offset_ms: 10_000_000 },
    });
    host.settle();
    assert_eq!(values(&host.store)["a"], 1);
    let Answer::Done { frame, .. } = &host.answers[&2] else { panic!("not done") };
    assert_eq!(frame.header.timestamp.0, 10_001_000);
}
