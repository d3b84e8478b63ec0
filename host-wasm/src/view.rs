//! What people ask a running engine.

use dacapo_engine::bpmn::notation;
use dacapo_engine::kernel::View;
use dacapo_engine::process::State;
use dacapo_engine::process::near::NearMiss;
use dacapo_engine::process::remedy::{Remedy, remedies};
use dacapo_engine::process::view::{self, JobView, Token, Why, WhyTree};
use dacapo_engine::record::Key;
use js_sys::Map;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::argument;
use crate::values::{array, context, key, object, position, text, time};

/// Turns the arrow notation of a process into BPMN XML.
///
/// # Errors
///
/// Throws if the text is not in the notation.
#[wasm_bindgen]
pub fn bpmn(process_id: &str, arrows: &str) -> Result<String, JsValue> {
    notation::to_xml(process_id, arrows).map_err(|error| argument(&error.to_string()))
}

/// Reads a key.
pub(crate) fn read_key(text: &str) -> Result<Key, JsValue> {
    let key = text.parse().ok().filter(|key| *key <= i64::MAX as u64).map(Key);
    key.ok_or_else(|| argument(&format!("expected a key as a decimal string, found {text:?}")))
}

/// Shows where an instance is.
pub(crate) fn tokens(view: &View<'_, State>, instance: Key) -> JsValue {
    array(view::tokens(view, instance).iter().map(token))
}

/// Finds what nearly ended a wait.
pub(crate) type Near<'a> = &'a dyn Fn(&Why) -> Vec<NearMiss>;

/// Shows what an instance waits for; null if it is not running.
pub(crate) fn why(it: Option<WhyTree>, near: Near<'_>) -> JsValue {
    it.map_or(JsValue::NULL, |it| tree(&it, near))
}

/// Shows the variables that are visible in a scope.
pub(crate) fn variables(view: &View<'_, State>, scope: Key) -> JsValue {
    context(&view::variables(view, scope, None))
}

/// Shows a job as its worker sees it.
pub(crate) fn job(it: &JobView) -> JsValue {
    let headers = Map::new();
    for (name, value) in &it.headers {
        headers.set(&JsValue::from_str(name), &JsValue::from_str(value));
    }
    object([
        ("jobKey", key(it.key)),
        ("jobType", text(Some(&it.job_type))),
        ("retries", it.retries.into()),
        ("worker", text(it.worker.as_ref())),
        ("deadline", time(it.deadline)),
        ("elementId", text(Some(&it.element_id))),
        ("elementInstanceKey", key(it.element_instance_key)),
        ("processInstanceKey", key(it.process_instance_key)),
        ("processDefinitionKey", key(it.process_definition_key)),
        ("processId", text(Some(&it.process_id))),
        ("version", it.version.into()),
        ("headers", headers.into()),
        ("variables", context(&it.variables)),
        ("tags", array(it.tags.iter().map(|tag| JsValue::from_str(tag)))),
        ("businessId", text(it.business_id.as_ref())),
        ("tenant", text(Some(&it.tenant))),
    ])
}

fn token(it: &Token) -> JsValue {
    object([
        ("elementId", text(Some(&it.element_id))),
        ("elementInstanceKey", key(it.element_instance_key)),
        ("elementType", text(it.element_type.map(|it| it.name()))),
        ("scopeKey", key(it.scope_key)),
        ("flowId", text(it.flow_id.as_ref())),
        ("count", it.count.into()),
        ("hasIncident", it.has_incident.into()),
    ])
}

fn tree(it: &WhyTree, near: Near<'_>) -> JsValue {
    object([
        ("elementId", text(Some(&it.element_id))),
        ("elementType", it.element_type.name().into()),
        ("elementInstanceKey", key(it.element_instance_key)),
        ("waits", array(it.waits.iter().map(|it| wait(it, near)))),
        ("children", array(it.children.iter().map(|it| tree(it, near)))),
    ])
}

fn near_miss(it: &NearMiss) -> JsValue {
    object([
        ("kind", it.kind.name().into()),
        ("position", it.position.map_or(JsValue::NULL, position)),
        ("found", text(Some(&it.found))),
        ("until", time(it.until)),
    ])
}

fn remedy(it: Remedy) -> JsValue {
    object([("kind", it.name().into()), ("key", key(it.key()))])
}

fn wait(it: &Why, near: Near<'_>) -> JsValue {
    let near_misses = array(near(it).iter().map(near_miss));
    let remedies = array(remedies(it).into_iter().map(remedy));
    let texts = |items: &[std::sync::Arc<str>]| array(items.iter().map(|it| JsValue::from_str(it)));
    match it {
        Why::Job { key: job, job_type, state, worker, retries } => object([
            ("kind", "job".into()),
            ("key", key(*job)),
            ("jobType", text(Some(job_type))),
            ("state", state.name().into()),
            ("until", time(state.until())),
            ("worker", text(worker.as_ref())),
            ("retries", (*retries).into()),
            ("nearMisses", near_misses),
            ("remedies", remedies),
        ]),
        Why::Timer { key: timer, event_id, due } => object([
            ("kind", "timer".into()),
            ("key", key(*timer)),
            ("eventId", text(Some(event_id))),
            ("due", time(*due)),
            ("remedies", remedies),
        ]),
        Why::Message { key: subscription, event_id, name, correlation_key } => object([
            ("kind", "message".into()),
            ("key", key(*subscription)),
            ("eventId", text(Some(event_id))),
            ("name", text(Some(name))),
            ("correlationKey", text(Some(correlation_key))),
            ("nearMisses", near_misses),
            ("remedies", remedies),
        ]),
        Why::Incident { key: incident, kind, message, job } => object([
            ("kind", "incident".into()),
            ("key", key(*incident)),
            ("incidentKind", (*kind).into()),
            ("message", text(Some(message))),
            ("jobKey", key(*job)),
            ("position", position(incident.parts().position)),
            ("remedies", remedies),
        ]),
        Why::Join { element_id, present, absent, dead } => object([
            ("kind", "join".into()),
            ("elementId", text(Some(element_id))),
            ("present", texts(present)),
            ("absent", texts(absent)),
            ("dead", texts(dead)),
        ]),
        Why::ParkedWork => object([("kind", "parked_work".into())]),
        Why::Ending => object([("kind", "ending".into())]),
    }
}
