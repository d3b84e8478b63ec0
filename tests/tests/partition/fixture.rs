//! A host with counters, and what is asked of it.

use std::collections::BTreeMap;

use dacapo_engine::kernel::{Content, DigestMode, Engine, Outcome};
use dacapo_engine::record::Rejection;
use dacapo_log::partition::{Answer, Input, Settings, Submission};
use dacapo_log::wire::{self, OutcomeKind, StoredFrame};
use dacapo_tests::drive::small_limits;
use dacapo_tests::host::{Host, Store};
use dacapo_tests::toy::{Add, Command, Toy};

pub fn start(store: Store) -> Host<Toy> {
    Host::start(store, Settings::default(), small_limits(), 1_000)
}

pub fn ask(ticket: u64, id: Option<&str>, command: impl Into<Command>) -> Input<Toy> {
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

pub fn add(ticket: u64, id: Option<&str>, amount: u64) -> Input<Toy> {
    ask(ticket, id, Add { name: "a".into(), amount })
}

pub fn clock(now_ms: i64) -> Input<Toy> {
    Input::Clock { now_ms, store_now_ms: None }
}

/// Replays a store's log with a digest at every step and returns the values of all counters.
pub fn values(store: &Store) -> BTreeMap<String, u64> {
    let mut engine = Engine::<Toy>::new(DigestMode::Every);
    for stored in &store.log {
        let frame = wire::decode::<Toy>(&stored.body).expect("a frame");
        engine.replay(&frame).expect("it fits");
    }
    let state = engine.state();
    let rows = state.tables.counters.iter();
    rows.map(|(_, row)| (state.kernel.symbols.name(row.name).to_string(), row.value)).collect()
}

/// Counts the refused commands in a store's log.
pub fn refused(store: &Store) -> usize {
    let is_refused = |it: &&StoredFrame| it.outcome == OutcomeKind::Rejection;
    store.log.iter().filter(is_refused).count()
}

pub fn rejection(answer: &Answer<Toy>) -> Option<&Rejection> {
    let Answer::Done { frame, .. } = answer else { return None };
    match &frame.content {
        Content::Step(_, Outcome::Rejected(rejection)) => Some(rejection),
        _ => None,
    }
}
