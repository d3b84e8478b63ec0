//! Who gets a message: waiting instances, at most one per process, and start events.
//!
//! A message that was published is given to one receiver per command; the table of pending messages drives this.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::events::{
    MessageExpired, MessageSettled, MessageSubscriptionCorrelated, StartSubscriptionCorrelated,
};
use super::lifecycle::{self, Begin};
use super::state::{Correlation, MessageRow, State};
use super::{Process, Task, models::Models};
use crate::bpmn::ElementKind;
use crate::kernel::{Cx, Symbol, Symbols};
use crate::record::{Key, Timestamp};

/// Who gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// A subscription of a running instance.
    Waiting(Key),
    /// A message start event.
    Start(Key),
}

/// Finds the next waiting instance that gets a message: the one of each process that has waited longest.
pub(crate) fn waiting(
    state: &State,
    correlation: &Correlation,
    message: Option<(Key, &MessageRow)>,
) -> Option<Receiver> {
    let mut process = Some(Symbol(0));
    // Ends: each round looks at a later process.
    while let Some(from) = process {
        let begin = (correlation.clone(), from, Key(0));
        let end = (correlation.clone(), Symbol(u32::MAX), Key(u64::MAX));
        let (_, found, _) = state.subscriptions_by_correlation.range(begin..=end).next()?.0;
        let taken = message.is_some_and(|(key, _)| state.message_takers.contains(&(key, *found)));
        // A message without time to live is only for those who waited when it came.
        let latest = match message {
            Some((key, row)) if row.deadline <= row.published => key,
            _ => Key(u64::MAX),
        };
        if !taken && let Some(key) = oldest(state, correlation, *found, latest) {
            return Some(Receiver::Waiting(key));
        }
        process = found.0.checked_add(1).map(Symbol);
    }
    None
}

/// Finds the next start event that gets a message. One message of a correlation key begins one instance at a time.
pub(crate) fn starting(
    state: &State,
    correlation: &Correlation,
    message: Option<Key>,
) -> Option<Receiver> {
    let begin = (correlation.tenant, correlation.name.clone(), Key(0));
    let end = (correlation.tenant, correlation.name.clone(), Key(u64::MAX));
    let mut keys =
        state.start_subscriptions_by_name.range(begin..=end).map(|((_, _, key), ())| *key);
    keys.find(|key| may_start(state, correlation, *key, message)).map(Receiver::Start)
}

/// Lists the waiting instances that a message published now would be given to, one of each process.
pub(super) fn all_waiting(state: &State, correlation: &Correlation) -> Vec<Receiver> {
    let begin = (correlation.clone(), Symbol(0), Key(0));
    let end = (correlation.clone(), Symbol(u32::MAX), Key(u64::MAX));
    let waits = state.subscriptions_by_correlation.range(begin..=end);
    let mut processes: BTreeSet<Symbol> = BTreeSet::new();
    processes.extend(waits.map(|((_, process, _), ())| *process));
    let oldest = |it| oldest(state, correlation, it, Key(u64::MAX)).map(Receiver::Waiting);
    processes.into_iter().filter_map(oldest).collect()
}

/// Lists the start events that a message published now would be given to.
pub(super) fn all_starting(state: &State, correlation: &Correlation) -> Vec<Receiver> {
    let begin = (correlation.tenant, correlation.name.clone(), Key(0));
    let end = (correlation.tenant, correlation.name.clone(), Key(u64::MAX));
    let keys = state.start_subscriptions_by_name.range(begin..=end).map(|((_, _, key), ())| *key);
    keys.filter(|key| may_start(state, correlation, *key, None)).map(Receiver::Start).collect()
}

/// Gives a message to a receiver; returns the process instance that got it.
pub(crate) fn give(cx: &mut Cx<'_, Process>, message: Key, receiver: Receiver) -> Option<Key> {
    match receiver {
        Receiver::Waiting(subscription) => correlate(cx, message, subscription),
        Receiver::Start(subscription) => start(cx, message, subscription),
    }
}

/// Gives a buffered message to whoever began to wait for it, if both are still there. If somebody else was faster, there
/// may be another one.
pub(crate) fn deliver(cx: &mut Cx<'_, Process>, message: Key, subscription: Key) {
    let state = cx.state();
    let Some(row) = state.subscriptions.get(&subscription) else { return };
    let is_there = state.messages.get(&message).is_some_and(|it| it.correlation == row.correlation);
    let is_taken = state.message_takers.contains(&(message, row.process_id));
    if !lifecycle::is_alive(state, row.element_instance) {
        return;
    }
    if is_there && !is_taken {
        correlate(cx, message, subscription);
    } else {
        deliver_next(cx, subscription);
    }
}

/// Lets whoever waits have the oldest message that is there already, in a task of its own, when the element has settled.
pub(crate) fn deliver_next(cx: &mut Cx<'_, Process>, subscription: Key) {
    let Some(row) = cx.state().subscriptions.get(&subscription) else { return };
    let (instance, subscription_key) = (row.instance, subscription);
    if let Some(message_key) = buffered(cx, &row.correlation, row.process_id) {
        lifecycle::schedule(cx, instance, Task::Deliver { message_key, subscription_key });
    }
}

/// Finds the oldest buffered message for a process that begins to wait. One that is being given to those who waited
/// already comes to the new one in its turn.
fn buffered(cx: &Cx<'_, Process>, correlation: &Correlation, process_id: Symbol) -> Option<Key> {
    let (state, now) = (cx.state(), cx.now());
    let range = (correlation.clone(), Key(0))..=(correlation.clone(), Key(u64::MAX));
    let mut keys = state.messages_by_correlation.range(range).map(|((_, key), ())| *key);
    keys.find(|key| {
        let row = state.messages.get(key);
        let is_free = row.is_some_and(|row| row.deadline > now && !row.is_pending);
        is_free && !state.message_takers.contains(&(*key, process_id))
    })
}

/// Lets the oldest buffered message of a correlation key begin an instance, after the last such instance has ended.
pub(crate) fn start_next(
    cx: &mut Cx<'_, Process>,
    process_id: &Arc<str>,
    correlation_key: &Arc<str>,
) {
    let (state, tenant) = (cx.state(), cx.tenant());
    let Some(process_id) = cx.symbols().find(process_id) else { return };
    let Some(definition) = state.latest_definition(tenant, process_id) else { return };
    let oldest = state
        .start_subscriptions_of(definition)
        .into_iter()
        .filter_map(|subscription| {
            let name = state.start_subscriptions.get(&subscription)?.message_name.clone();
            let correlation =
                Correlation { tenant, name, correlation_key: correlation_key.clone() };
            let message = buffered(cx, &correlation, process_id)?;
            let may = may_start(state, &correlation, subscription, Some(message));
            may.then_some((message, subscription))
        })
        .min();
    if let Some((message, subscription)) = oldest {
        start(cx, message, subscription);
    }
}

/// Writes that all who waited have a message, if that is so: it stays for later ones, or it is gone.
pub(crate) fn settle(cx: &mut Cx<'_, Process>, key: Key) {
    let Some(row) = cx.state().messages.get(&key) else { return };
    let is_waited_for = waiting(cx.state(), &row.correlation, Some((key, row))).is_some()
        || starting(cx.state(), &row.correlation, Some(key)).is_some();
    if is_waited_for {
        return;
    }
    if row.deadline <= cx.now() {
        cx.emit(key, MessageExpired {});
    } else if row.is_pending {
        cx.emit(key, MessageSettled {});
    }
}

/// Returns when a message that is published now expires.
pub(crate) const fn deadline(now: Timestamp, time_to_live_ms: i64) -> Timestamp {
    now.plus_ms(if time_to_live_ms > 0 { time_to_live_ms } else { 0 })
}

fn oldest(
    state: &State,
    correlation: &Correlation,
    process_id: Symbol,
    latest: Key,
) -> Option<Key> {
    let range =
        (correlation.clone(), process_id, Key(0))..=(correlation.clone(), process_id, latest);
    let mut keys = state.subscriptions_by_correlation.range(range).map(|((_, _, key), ())| *key);
    keys.find(|key| {
        let row = state.subscriptions.get(key);
        row.is_some_and(|row| lifecycle::is_alive(state, row.element_instance))
    })
}

fn may_start(
    state: &State,
    correlation: &Correlation,
    subscription: Key,
    message: Option<Key>,
) -> bool {
    let Some(row) = state.start_subscriptions.get(&subscription) else { return false };
    let Some(definition) = state.definitions.get(&row.definition) else { return false };
    let process_id = definition.process_id;
    let is_taken = message.is_some_and(|key| state.message_takers.contains(&(key, process_id)));
    let lock = (correlation.tenant, process_id, correlation.correlation_key.clone());
    !is_taken && (correlation.correlation_key.is_empty() || !state.message_locks.contains(&lock))
}

fn correlate(cx: &mut Cx<'_, Process>, message: Key, subscription: Key) -> Option<Key> {
    let row = cx.state().subscriptions.get(&subscription)?.clone();
    let variables = cx.state().messages.get(&message)?.variables.clone();
    let event_id = cx.symbols().name(row.element);
    let event = MessageSubscriptionCorrelated {
        message_key: message,
        is_open: goes_on(cx, row.instance, &event_id),
        process_instance_key: row.instance,
    };
    cx.emit(subscription, event);
    lifecycle::trigger(cx, row.element_instance, &event_id, &variables);
    // What does not interrupt goes on to wait, and more may be there.
    deliver_next(cx, subscription);
    Some(row.instance)
}

fn start(cx: &mut Cx<'_, Process>, message: Key, subscription: Key) -> Option<Key> {
    let row = cx.state().start_subscriptions.get(&subscription)?.clone();
    let definition = cx.state().definitions.get(&row.definition)?.clone();
    let payload = cx.state().messages.get(&message)?.variables.clone();
    let element_id = cx.symbols().name(row.element);
    let model = model(cx, row.definition)?;
    let (_, start) = model.find(&element_id)?;
    let begin = Begin { payload: Some(payload), ..Begin::default() };
    let instance = lifecycle::begin(
        cx,
        row.definition,
        &definition,
        start,
        begin,
        |cx, process_instance_key| {
            let message_key = message;
            let event = StartSubscriptionCorrelated { message_key, process_instance_key };
            cx.emit(subscription, event);
        },
    );
    Some(instance)
}

/// Returns whether an event waits for more messages after its first: a boundary event that does not interrupt.
fn goes_on(cx: &mut Cx<'_, Process>, instance: Key, event_id: &str) -> bool {
    let Some(definition) = cx.state().instances.get(&instance).map(|it| it.definition) else {
        return false;
    };
    let model = model(cx, definition);
    let event = model.as_ref().and_then(|model| model.find(event_id));
    event.is_some_and(|(_, it)| {
        matches!(it.kind, ElementKind::BoundaryEvent { interrupting: false, .. })
    })
}

fn model(cx: &mut Cx<'_, Process>, definition: Key) -> Option<Arc<crate::bpmn::ExecutableProcess>> {
    let (models, state, symbols): (&mut Models, &State, &Symbols) = cx.cache();
    models.get(state, symbols, definition)
}
