//! Records, instances and counts as objects.

use dacapo_engine::kernel::{Content, Frame, Outcome};
use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{Passage, PassageState, Trail, Visits, Write};
use dacapo_engine::record::Key;
use dacapo_log::wire::{Sifted, command_intent, event_intent};
use wasm_bindgen::JsValue;

use crate::values::{array, key, object, position, text, time, value};

/// Tells what each record of a frame is.
pub(crate) fn kinds_of(frame: &Frame<Process>) -> Vec<u8> {
    match &frame.content {
        Content::Control(_) => vec![3],
        Content::Step(_, Outcome::Rejected(_)) => vec![0, 2],
        Content::Step(_, Outcome::Events(events)) => {
            let kind = |it: &_| if event_intent(it).0.name == INCIDENT { 4 } else { 1 };
            core::iter::once(0).chain(events.iter().map(|it| kind(&it.event))).collect()
        }
    }
}

/// Returns the intents of the records of a frame, the command's first.
pub(crate) fn intents(frame: &Frame<Process>) -> Vec<&'static str> {
    match &frame.content {
        Content::Control(control) => vec![control.intent().name],
        Content::Step(command, outcome) => {
            let command = command_intent(command).0.name;
            let events = match outcome {
                Outcome::Rejected(it) => vec![it.code.name],
                Outcome::Events(events) => {
                    events.iter().map(|it| event_intent(&it.event).0.name).collect()
                }
            };
            core::iter::once(command).chain(events).collect()
        }
    }
}

/// Returns the intent of a record and what is said of it.
pub(crate) fn saying(trail: &Trail, record: &Sifted<Process>) -> (&'static str, String) {
    match record {
        Sifted::Control(it) => (it.intent().name, String::new()),
        Sifted::Command(it) => (command_intent(it).0.name, trail.describe_command(it)),
        Sifted::Event(it) => {
            (event_intent(&it.event).0.name, trail.describe_event(it.key, &it.event))
        }
        Sifted::Rejection(it) => (it.code.name, it.reason.clone()),
    }
}

/// Shows what each record of a frame says.
pub(crate) fn records(trail: &Trail, frame: &Frame<Process>) -> Vec<JsValue> {
    let first = frame.header.position;
    let texts = trail.describe(frame).into_iter();
    let all = kinds_of(frame).into_iter().zip(intents(frame)).zip(texts);
    let cause = trail.cause(frame);
    let one = |(offset, ((kind, intent), said)): (usize, ((u8, &str), String))| {
        let about = Trail::key_of(frame, offset as u64);
        let from = if offset == 0 { cause } else { Some(first) };
        let element = trail.element_of(frame, offset as u64);
        object([
            ("position", position(first.plus(offset as u64))),
            ("kind", kind.into()),
            ("intent", intent.into()),
            ("text", said.into()),
            ("cause", from.map_or(JsValue::NULL, position)),
            ("timestamp", time(frame.header.timestamp)),
            ("key", key(about)),
            ("elementId", text(element)),
            ("instanceKey", key(about.and_then(|it| trail.instance(it)))),
            ("isLast", (first.plus(offset as u64) == frame.last()).into()),
        ])
    };
    all.enumerate().map(one).collect()
}

/// Shows an instance.
pub(crate) fn passage(instance: Key, it: &Passage) -> JsValue {
    let state = match it.state {
        PassageState::Active => "active",
        PassageState::Completed => "completed",
        PassageState::Terminated => "terminated",
    };
    let born = |key: &Key| position(key.parts().position);
    object([
        ("key", key(instance)),
        ("processId", text(Some(&it.process_id))),
        ("version", it.version.into()),
        ("definitionKey", key(it.process_definition_key)),
        ("businessId", text(it.business_id.as_ref())),
        ("tenant", text(Some(&it.tenant))),
        ("created", time(it.created)),
        ("state", state.into()),
        ("incidents", array(it.incidents.iter().map(born))),
        ("from", born(&instance)),
        ("steps", (it.steps.len() as f64).into()),
        ("to", it.steps.last().copied().map_or(JsValue::NULL, position)),
    ])
}

/// Shows what happened at an element.
pub(crate) fn counts(it: &Visits) -> JsValue {
    object([
        ("active", it.active.into()),
        ("completed", it.completed.into()),
        ("terminated", it.terminated.into()),
        ("incidents", it.incidents.into()),
        ("taken", it.taken.into()),
        ("timeMs", (it.time_ms as f64).into()),
    ])
}

/// Shows a value that a variable got.
pub(crate) fn write(trail: &Trail, it: &Write) -> JsValue {
    object([
        ("position", position(it.position)),
        ("scopeKey", key(it.scope_key)),
        ("elementId", text(trail.element_id(it.scope_key))),
        ("name", text(Some(&it.name))),
        ("value", value(&it.value)),
    ])
}

/// The intent of events that raise incidents.
pub(crate) const INCIDENT: &str = "incident.created";
