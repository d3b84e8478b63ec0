//! What an element instance waits for: opening and closing of timers, subscriptions, jobs and incidents.

use super::events::{
    IncidentResolved, JobCanceled, MessageSubscriptionClosed, MessageSubscriptionOpened,
    TimerArmed, TimerCanceled,
};
use super::expressions::{self, Asked};
use super::state::Correlation;
use super::timers::{self, Due};
use super::{Incident, Process, messages};
use crate::bpmn::{Element, MessageSpec, TimerSpec};
use crate::kernel::Cx;
use crate::record::Key;

/// Something to wait for: its expressions have values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Timer(Due),
    Message(Correlation),
}

/// Evaluates the name and correlation key of a message.
pub(crate) fn message(
    cx: &mut Cx<'_, Process>,
    scope: Key,
    asked: Asked<'_>,
    spec: &MessageSpec,
) -> Result<Wait, Incident> {
    let asked = Asked { what: "the message name", ..asked };
    let name = expressions::text(cx, Some(scope), asked, &spec.name)?;
    let asked = Asked { what: "the correlation key", ..asked };
    let correlation_key = match &spec.correlation_key {
        Some(expression) => expressions::correlation_key(cx, scope, asked, expression)?,
        None => "".into(),
    };
    Ok(Wait(Kind::Message(Correlation { tenant: cx.tenant(), name, correlation_key })))
}

/// Evaluates when a timer is due.
pub(crate) fn timer(
    cx: &mut Cx<'_, Process>,
    scope: Key,
    asked: Asked<'_>,
    spec: &TimerSpec,
) -> Result<Wait, Incident> {
    let asked = Asked { what: "the timer", ..asked };
    timers::due(cx, Some(scope), asked, spec).map(|due| Wait(Kind::Timer(due)))
}

/// Begins to wait. A message that is there already is given in a task of its own, when the element has settled.
pub(crate) fn open(
    cx: &mut Cx<'_, Process>,
    owner: Key,
    instance: Key,
    event: &Element,
    wait: Wait,
) {
    match wait.0 {
        Kind::Timer(due) => arm(cx, owner, instance, event.id.clone(), due),
        Kind::Message(correlation) => {
            let key = cx.next_key();
            let opened = MessageSubscriptionOpened {
                message_name: correlation.name.clone(),
                correlation_key: correlation.correlation_key.clone(),
                element_id: event.id.clone(),
                element_instance_key: owner,
                process_instance_key: instance,
            };
            cx.emit(key, opened);
            messages::deliver_next(cx, key);
        }
    }
}

/// Arms a timer of an element instance.
pub(crate) fn arm(
    cx: &mut Cx<'_, Process>,
    owner: Key,
    instance: Key,
    element_id: alloc::sync::Arc<str>,
    due: Due,
) {
    let event = TimerArmed {
        due_date: due.at,
        element_id,
        element_instance_key: Some(owner),
        process_instance_key: Some(instance),
        process_definition_key: None,
        cycle: due.cycle,
        repetitions: due.repetitions,
    };
    cx.emit(cx.next_key(), event);
}

/// Arms a timer that begins instances of a definition.
pub(crate) fn arm_start(
    cx: &mut Cx<'_, Process>,
    definition: Key,
    element_id: alloc::sync::Arc<str>,
    due: Due,
) {
    let event = TimerArmed {
        due_date: due.at,
        element_id,
        element_instance_key: None,
        process_instance_key: None,
        process_definition_key: Some(definition),
        cycle: due.cycle,
        repetitions: due.repetitions,
    };
    cx.emit(cx.next_key(), event);
}

/// Closes everything that an element instance waits for.
pub(crate) fn drop_all(cx: &mut Cx<'_, Process>, owner: Key, process_instance_key: Key) {
    if !cx.state().has_waits(owner) {
        return;
    }
    for key in cx.state().jobs_of(owner) {
        cx.emit(key, JobCanceled { process_instance_key });
    }
    for key in cx.state().timers_of(owner) {
        cx.emit(key, TimerCanceled { process_instance_key: Some(process_instance_key) });
    }
    for key in cx.state().subscriptions_of(owner) {
        cx.emit(key, MessageSubscriptionClosed { process_instance_key });
    }
    for key in cx.state().incidents_of(owner) {
        cx.emit(key, IncidentResolved { process_instance_key });
    }
}
