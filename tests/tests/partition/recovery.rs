//! After crashes, poison and damage.

use std::collections::BTreeMap;

use dacapo_engine::kernel::{Content, Outcome};
use dacapo_log::partition::{Answer, RecoveryError, Settings};
use dacapo_log::wire;
use dacapo_tests::drive::small_limits;
use dacapo_tests::host::{Fate, Host, Store};
use dacapo_tests::toy::{Break, FanOut, Subtract, Toy};

use proptest::prelude::*;

use crate::fixture::*;

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

/// P1: whichever host action a crash follows, what was acknowledged is there, what was not is whole or absent, and asking
/// again with the same request ids gives every command exactly one effect.
#[test]
fn a_crash_after_any_action_loses_nothing_and_doubles_nothing() {
    let mut actions = 0;
    for fate in FATES {
        for crash_after in 0.. {
            let (store, done) = crash(Store::new(), &[Fate::Done, fate], crash_after);
            finish(store);
            actions += done;
            if done < crash_after {
                break;
            }
        }
    }
    assert!(actions > 100, "the crashes were tried: {actions}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// P1, P4: two crashes in a row, at any actions, with appends of any fates.
    #[test]
    fn two_crashes_lose_nothing_and_double_nothing(
        first in 0_usize..40,
        second in 0_usize..60,
        fates in prop::collection::vec(0..FATES.len(), 0..8),
    ) {
        let fates: Vec<_> = fates.into_iter().map(|fate| FATES[fate]).collect();
        let (store, _) = crash(Store::new(), &fates, first);
        let (store, _) = crash(store, &fates, second);
        finish(store);
    }
}

const FATES: [Fate; 5] =
    [Fate::Done, Fate::NotDone, Fate::DoneUnsaid, Fate::NotDoneUnsaid, Fate::DoneLate];

/// Asks four things, acts so many times, and dies. I-LOG-4: what was announced as durable is what the store keeps.
fn crash(store: Store, fates: &[Fate], after: usize) -> (Store, usize) {
    let mut host = start(store);
    host.fates = fates.iter().copied().collect();
    ask_all(&mut host);
    let done = (0..after).take_while(|_| host.act()).count();
    for (ticket, answer) in &host.answers {
        let (Answer::Done { position, .. } | Answer::Duplicate { position }) = answer else {
            panic!("{ticket}: {answer:?}")
        };
        let stored = host.store.log.iter().find(|it| it.position == *position);
        let stored = wire::decode::<Toy>(&stored.expect("acknowledged").body).expect("a frame");
        if let Answer::Done { frame, .. } = answer {
            assert_eq!(stored, **frame);
        }
    }
    for frame in &host.committed {
        assert!(host.store.log.contains(frame), "{:?}", frame.position);
    }
    (host.store, done)
}

/// Asks the same again and lets everything come to rest.
fn finish(store: Store) {
    let mut host = start(store);
    ask_all(&mut host);
    host.settle();
    let expected = BTreeMap::from([("a".into(), 11), ("b".into(), 20)]);
    assert_eq!(values(&host.store), expected);
    assert_eq!(host.answers.len(), 4);
    assert!(host.store.inbox.is_empty());
}

fn ask_all(host: &mut Host<Toy>) {
    host.input(add(1, Some("r1"), 1));
    host.input(ask(2, Some("r2"), FanOut { name: "b".into(), times: 20 }));
    host.input(ask(3, Some("r3"), Subtract { name: "a".into(), amount: 100 }));
    host.input(add(4, Some("r4"), 10));
}
