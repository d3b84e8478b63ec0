//! What clients see: queueing, answers, refusals.

use std::collections::BTreeMap;

use dacapo_engine::record::{Control, Limits, Position};
use dacapo_log::partition::{Answer, Input, Refusal, Settings, StopReason};
use dacapo_tests::drive::small_limits;
use dacapo_tests::host::{Host, Store};
use dacapo_tests::toy::{Add, Drain, FanOut, Toy};

use crate::fixture::*;

#[test]
fn a_command_is_answered_after_its_batch_is_durable() {
    let mut host = start(Store::new());
    host.settle();
    host.input(add(1, None, 5));
    assert!(host.answers.is_empty());
    assert_eq!(host.partition.durable().position, Position(2));
    host.settle();
    let Answer::Done { position, frame } = &host.answers[&1] else { panic!("not done") };
    assert_eq!((*position, frame.header.position), (Position(3), Position(3)));
    assert_eq!(host.store.log.len(), 3);
    assert_eq!(host.committed, host.store.log);
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 5)]));
}

/// The next batch forms while the last one commits: two commands that came meanwhile share one append.
#[test]
fn the_next_batch_forms_while_the_last_one_commits() {
    let mut host = start(Store::new());
    host.settle();
    (1..=3).for_each(|ticket| host.input(add(ticket, None, 1)));
    host.settle();
    assert_eq!(host.store.log.len(), 5);
    assert_eq!(host.appends, 3, "the leader's start, the first command, the other two");
}

/// I-ACK-3, P14: the same request is answered with the first one's position, in flight or done; another body conflicts.
#[test]
fn a_repeated_request_is_answered_with_the_first_ones_position() {
    let mut host = start(Store::new());
    host.settle();
    host.input(add(1, Some("r"), 5));
    host.input(add(2, Some("r"), 5));
    host.input(add(3, Some("r"), 6));
    assert!(host.answers.is_empty());
    host.settle();
    host.input(add(4, Some("r"), 5));
    host.settle();
    assert_eq!(host.answers[&2], Answer::Duplicate { position: Position(3) });
    assert_eq!(host.answers[&4], Answer::Duplicate { position: Position(3) });
    let conflict = rejection(&host.answers[&3]).expect("refused");
    assert_eq!(conflict.code.name, "request_conflict");
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 5)]));
}

#[test]
fn a_command_that_finds_nothing_to_do_takes_no_position() {
    let mut host = start(Store::new());
    host.settle();
    host.input(ask(1, None, Drain { name: "a".into() }));
    host.input(add(2, None, 1));
    host.settle();
    assert_eq!(host.answers[&1], Answer::Nothing);
    assert!(matches!(host.answers[&2], Answer::Done { position: Position(3), .. }));
}

/// I-RES-2: a full queue refuses by name, and lets through what ends work.
#[test]
fn a_full_queue_refuses_and_lets_through_what_ends_work() {
    let settings =
        Settings { queue_commands: 2, queue_headroom: 1, batch_frames: 1, ..Settings::default() };
    let mut host = Host::<Toy>::start(Store::new(), settings, small_limits(), 1_000);
    host.settle();
    (1..=5).for_each(|ticket| host.input(add(ticket, None, 1)));
    // One is in flight, one in the batch that forms, two wait.
    assert_eq!(host.partition.queued(), 2);
    let Input::Submit(mut exempt) = add(6, None, 1) else { unreachable!() };
    exempt.is_exempt = true;
    host.input(Input::Submit(exempt));
    assert_eq!(host.partition.queued(), 3);
    host.settle();
    assert_eq!(host.answers[&5], Answer::Refused(Refusal::Backpressure));
    assert!(matches!(host.answers[&6], Answer::Done { .. }));
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 5)]));
}

#[test]
fn a_command_greater_than_the_recorded_limit_is_refused_and_not_logged() {
    let limits = Limits { command_bytes: 64, ..small_limits() };
    let mut host = Host::<Toy>::start(Store::new(), Settings::default(), limits, 1_000);
    host.settle();
    host.input(ask(1, None, Add { name: "x".repeat(100).as_str().into(), amount: 1 }));
    host.settle();
    let refused = Answer::Refused(Refusal::TooLarge { limit: 64, found: 110 });
    assert_eq!(host.answers[&1], refused);
    assert_eq!(host.store.log.len(), 2);
}

#[test]
fn a_clean_stop_commits_what_was_stepped_and_refuses_what_waits() {
    let settings = Settings { batch_frames: 1, ..Settings::default() };
    let mut host = Host::<Toy>::start(Store::new(), settings, small_limits(), 1_000);
    host.settle();
    (1..=3).for_each(|ticket| host.input(add(ticket, None, 1)));
    host.input(Input::Stop);
    host.settle();
    assert_eq!(host.stopped, Some(StopReason::Asked));
    assert!(matches!(host.answers[&2], Answer::Done { .. }));
    assert_eq!(host.answers[&3], Answer::Refused(Refusal::Stopped));
    assert!(host.store.was_clean);
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 2)]));
}

#[test]
fn a_host_may_not_write_the_records_of_the_writer() {
    let mut host = start(Store::new());
    host.settle();
    let control = dacapo_tests::drive::genesis(Limits::default());
    host.input(Input::Control { ticket: 1, control });
    let control = Control::VersionBarrier { semantics: 99 };
    host.input(Input::Control { ticket: 2, control });
    host.settle();
    assert!(matches!(&host.answers[&1], Answer::Refused(Refusal::Control(_))));
    assert!(matches!(&host.answers[&2], Answer::Refused(Refusal::Control(_))));
    assert_eq!(host.store.log.len(), 2);
}

/// A2, I-LIVE-2: a fan-out larger than a step takes turns with other clients' commands.
#[test]
fn a_large_fan_out_takes_turns_with_other_commands() {
    let settings = Settings { batch_frames: 4, ..Settings::default() };
    let mut host = Host::<Toy>::start(Store::new(), settings, small_limits(), 1_000);
    host.settle();
    host.input(ask(1, None, FanOut { name: "big".into(), times: 1_000 }));
    host.input(add(2, None, 1));
    host.settle();
    let Answer::Done { position, .. } = host.answers[&2] else { panic!("not done") };
    assert!(position < Position(100), "{position:?}");
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 1), ("big".into(), 1_000)]));
}

#[test]
fn a_snapshot_is_due_after_enough_records() {
    let settings = Settings { snapshot_records: 4, ..Settings::default() };
    let mut host = Host::<Toy>::start(Store::new(), settings, small_limits(), 1_000);
    host.settle();
    for ticket in 1..=4 {
        host.input(add(ticket, None, 1));
        host.settle();
    }
    assert_eq!(host.seen.len(), 2, "{:?}", host.seen);
    assert_eq!(host.seen[0], "SnapshotDue { position: Position(5) }");
}
