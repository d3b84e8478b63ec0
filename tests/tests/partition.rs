//! The host protocol: nothing acknowledged is lost, nothing happens twice, and nobody guesses.

use std::collections::BTreeMap;

use dacapo_engine::kernel::{Content, DigestMode, Engine, Outcome};
use dacapo_engine::record::{Control, Limits, Position, Rejection};
use dacapo_log::partition::{
    Answer, Input, RecoveryError, Refusal, Settings, StopReason, Submission,
};
use dacapo_log::wire;
use dacapo_tests::drive::small_limits;
use dacapo_tests::host::{Fate, Host, Store};
use dacapo_tests::toy::{Add, Break, Command, Drain, FanOut, SetTimer, Subtract, Toy};
use proptest::prelude::*;

fn start(store: Store) -> Host<Toy> {
    Host::start(store, Settings::default(), small_limits(), 1_000)
}

fn ask(ticket: u64, id: Option<&str>, command: impl Into<Command>) -> Input<Toy> {
    Input::Submit(Submission {
        ticket,
        tenant: "<default>".into(),
        key: None,
        request_id: id.map(Into::into),
        actor: Some("tester".into()),
        correlation_id: None,
        trace: None,
        command: command.into(),
        is_exempt: false,
    })
}

fn add(ticket: u64, id: Option<&str>, amount: u64) -> Input<Toy> {
    ask(ticket, id, Add { name: "a".into(), amount })
}

fn clock(now_ms: i64) -> Input<Toy> {
    Input::Clock { now_ms, store_now_ms: None }
}

/// Replays a store's log with a digest at every step and returns the values of all counters.
fn values(store: &Store) -> BTreeMap<String, u64> {
    let mut engine = Engine::<Toy>::new(DigestMode::Every);
    for stored in &store.log {
        let frame = wire::decode::<Toy>(&stored.body).expect("a frame");
        engine.replay(&frame).expect("it fits");
    }
    let state = engine.state();
    let rows = state.tables.counters.iter();
    rows.map(|(_, row)| (state.kernel.symbols.name(row.name).to_string(), row.value)).collect()
}

fn rejection(answer: &Answer<Toy>) -> Option<&Rejection> {
    let Answer::Done { frame, .. } = answer else { return None };
    match &frame.content {
        Content::Step(_, Outcome::Rejected(rejection)) => Some(rejection),
        _ => None,
    }
}

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

/// A1: a command that breaks the engine is refused as a fault, and the partition goes on.
#[test]
fn a_command_that_breaks_the_engine_is_refused_as_a_fault() {
    let mut host = start(Store::new());
    host.settle();
    host.input(ask(1, None, Break { name: "a".into() }));
    host.input(add(2, None, 1));
    host.settle();
    let fault = rejection(&host.answers[&1]).expect("refused");
    assert_eq!((fault.code.name, fault.is_imposed), ("fault", true));
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 1)]));
}

/// P20: after an unclean stop, commands go through the inbox; one that was tried twice is refused without being stepped.
#[test]
fn a_command_that_kills_the_process_twice_is_refused_as_a_fault() {
    let attempts = |host: &Host<Toy>| host.store.inbox.values().next().map(|row| row.2);
    let mut host = start(Store { was_clean: false, ..Store::new() });
    host.settle();
    assert!(host.partition.is_cautious());
    host.input(add(1, Some("deadly"), 5));
    // Twice the process dies while it steps what it took from the inbox.
    for attempt in 1..=2 {
        while attempts(&host) != Some(attempt) {
            assert!(host.act());
        }
        host = start(host.store);
    }
    host.settle();
    let last = wire::decode::<Toy>(&host.store.log[host.store.log.len() - 1].body);
    let Content::Step(_, Outcome::Rejected(rejection)) = last.expect("a frame").content else {
        panic!("expected a refusal")
    };
    assert_eq!((rejection.code.name, rejection.is_imposed), ("fault", true));
    assert_eq!(attempts(&host), None);
    assert!(values(&host.store).is_empty());
}

/// After enough commands went well, the detour through the inbox ends.
#[test]
fn caution_ends_after_enough_commands() {
    let store = Store { was_clean: false, ..Store::new() };
    let settings = Settings { cautious_commands: 3, ..Settings::default() };
    let mut host = Host::<Toy>::start(store, settings, small_limits(), 1_000);
    host.settle();
    (1..=3).for_each(|ticket| host.input(add(ticket, None, 1)));
    assert!(host.store.inbox.is_empty(), "nothing was done yet");
    host.settle();
    assert!(!host.partition.is_cautious());
    assert!(matches!(host.answers[&3], Answer::Done { .. }));
    host.input(add(4, None, 1));
    host.settle();
    assert_eq!(values(&host.store), BTreeMap::from([("a".into(), 4)]));
}

/// What the inbox holds and is no command becomes a refusal in the log, and leaves the inbox.
#[test]
fn an_inbox_row_that_is_no_command_becomes_a_rejection() {
    let mut host = start(Store::new());
    host.settle();
    host.store.inbox.insert("bad".into(), ("<default>".into(), vec![0xc1], 0));
    host.settle();
    assert!(host.store.inbox.is_empty());
    let last = wire::decode::<Toy>(&host.store.log[2].body).expect("a frame");
    let Content::Step(_, Outcome::Rejected(rejection)) = last.content else { panic!("refused") };
    assert_eq!(rejection.code.name, "command_malformed");
    assert_eq!(last.header.request_id.as_deref(), Some("bad"));
}

/// S4, I-LOG-5: a log that does not end where the head says is not taken.
#[test]
fn a_log_that_ends_before_the_head_is_not_taken() {
    let mut host = start(Store::new());
    host.settle();
    host.input(add(1, None, 1));
    host.settle();
    let mut store = host.store;
    store.log.pop();
    let error = Host::<Toy>::try_start(store, Settings::default(), small_limits(), 1_000).err();
    assert!(matches!(error, Some(RecoveryError::Head { .. })), "{error:?}");
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

/// P1: whichever host action a crash follows, what was acknowledged is there, what was not is whole or absent, and asking
/// again with the same request ids gives every command exactly one effect.
#[test]
fn a_crash_after_any_action_loses_nothing_and_doubles_nothing() {
    let script = |host: &mut Host<Toy>, first: u64| {
        host.input(add(first, Some("r1"), 1));
        host.input(ask(first + 1, Some("r2"), FanOut { name: "b".into(), times: 20 }));
        host.input(ask(first + 2, Some("r3"), Subtract { name: "a".into(), amount: 100 }));
        host.input(add(first + 3, Some("r4"), 10));
    };
    let mut actions = 0;
    for fate in [Fate::Done, Fate::NotDone, Fate::DoneUnsaid, Fate::NotDoneUnsaid, Fate::DoneLate] {
        for crash_after in 0.. {
            let mut host = start(Store::new());
            host.fates = [Fate::Done, fate].into();
            script(&mut host, 1);
            let done = (0..crash_after).take_while(|_| host.act()).count();
            let acknowledged = host.answers.clone();
            let mut next = start(host.store);
            for (ticket, answer) in acknowledged {
                let Answer::Done { position, frame } = answer else { panic!("{ticket}") };
                let stored = next.store.log.iter().find(|it| it.position == position);
                let stored = wire::decode::<Toy>(&stored.expect("acknowledged").body);
                assert_eq!(stored.expect("a frame"), *frame);
            }
            next.settle();
            script(&mut next, 1);
            next.settle();
            let expected = BTreeMap::from([("a".into(), 11), ("b".into(), 20)]);
            assert_eq!(values(&next.store), expected, "{fate:?} {crash_after}");
            assert_eq!(next.answers.len(), 4);
            actions += done;
            if done < crash_after {
                break;
            }
        }
    }
    assert!(actions > 100, "the crashes were tried: {actions}");
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
