//! What an instance waits for, in words, with what nearly ended each wait and the calls that would.

use dacapo_engine::kernel::{Engine, View};
use dacapo_engine::process::near::{NearMiss, NearMissKind, near_misses};
use dacapo_engine::process::remedy::{Remedy, remedies};
use dacapo_engine::process::state::JobState;
use dacapo_engine::process::view::{Why, WhyTree, why};
use dacapo_engine::process::{Process, State as Tables};
use dacapo_engine::record::{Key, Timestamp};
use serde_json::{Value, json};

use super::time::print;

/// Tells what an instance waits for, what nearly ended each wait, and the calls that would move it on; nothing if it is not running.
pub fn waits(engine: &mut Engine<Process>, key: Key, has_dev_clock: bool) -> Option<Value> {
    let (state, models) = engine.state_and_cache();
    let view = View { kernel: &state.kernel, tables: &state.tables };
    why(&view, models, key).map(|it| tree(&view, &it, has_dev_clock))
}

fn tree(view: &View<'_, Tables>, it: &WhyTree, has_dev_clock: bool) -> Value {
    let is_ending = it.waits.contains(&Why::Ending);
    json!({
        "element_id": it.element_id,
        "element_instance_key": it.element_instance_key.to_string(),
        "type": it.element_type.name(),
        "state": if is_ending { "ENDING" } else { "ACTIVE" },
        "waits": it.waits.iter().map(|it| shown(view, it, has_dev_clock)).collect::<Vec<_>>(),
        "children": it.children.iter().map(|it| tree(view, it, has_dev_clock)).collect::<Vec<_>>(),
    })
}

fn shown(view: &View<'_, Tables>, why: &Why, has_dev_clock: bool) -> Value {
    let near: Vec<Value> = near_misses(view, why).iter().map(near_miss).collect();
    let calls = remedies(why).into_iter().filter_map(|it| call(why, it, has_dev_clock));
    let calls: Vec<Value> = calls
        .map(|(method, path, body)| json!({ "method": method, "path": path, "body": body }))
        .collect();
    let mut shown = wait(why);
    if !near.is_empty() {
        shown["near_misses"] = near.into();
    }
    if !calls.is_empty() {
        shown["calls"] = calls.into();
    }
    shown
}

/// Returns the call that a remedy is; none where the clock cannot be moved.
fn call(why: &Why, remedy: Remedy, has_dev_clock: bool) -> Option<(&'static str, String, Value)> {
    Some(match (remedy, why) {
        (Remedy::CompleteJob(key), _) => {
            ("POST", format!("/v2/jobs/{key}/completion"), json!({ "variables": {} }))
        }
        (Remedy::PublishMessage, Why::Message { name, correlation_key, .. }) => {
            let body = json!({ "name": name, "correlationKey": correlation_key });
            ("POST", "/v2/messages/publication".to_owned(), body)
        }
        (Remedy::GiveRetry(key), _) => {
            ("PATCH", format!("/v2/jobs/{key}"), json!({ "changeset": { "retries": 1 } }))
        }
        (Remedy::ResolveIncident(key), _) => {
            ("POST", format!("/v2/incidents/{key}/resolution"), json!({}))
        }
        (Remedy::LetPass(due), _) if has_dev_clock => {
            ("PUT", "/v2/clock".to_owned(), json!({ "timestamp": due.0 }))
        }
        (Remedy::PublishMessage | Remedy::LetPass(_), _) => return None,
    })
}

fn near_miss(it: &NearMiss) -> Value {
    json!({
        "kind": it.kind.name(), "text": near_text(it), "position": it.position.map(|it| it.0),
        "found": it.found, "until": it.until.map(print),
    })
}

fn near_text(it: &NearMiss) -> String {
    let (found, at) = (&it.found, it.position.map_or(0, |it| it.0));
    let until = it.until.map(print).unwrap_or_default();
    match it.kind {
        NearMissKind::OtherKey => {
            format!(
                "a message of this name is there with key \"{found}\", until {until} (record {at})"
            )
        }
        NearMissKind::OtherName => {
            format!(
                "a message with this key is there by the name {found}, until {until} (record {at})"
            )
        }
        NearMissKind::Taken => {
            format!("another instance of the process had the message that is there (record {at})")
        }
        NearMissKind::Lost => {
            format!(
                "a message of this name with key \"{found}\" came when nobody waited (record {at})"
            )
        }
        NearMissKind::Expired => {
            format!("a message of this name and key was over at {until}, before (record {at})")
        }
        NearMissKind::NeverTaken => format!("no worker has taken a job of type {found} so far"),
    }
}

fn wait(why: &Why) -> Value {
    let text = text(why);
    match why {
        Why::Job { key, job_type, state, worker, retries } => json!({
            "kind": "job", "text": text, "key": key.to_string(), "job_type": job_type,
            "state": state.name(), "until": state.until().map(print), "worker": worker, "retries": retries,
        }),
        Why::Timer { key, event_id, due } => json!({
            "kind": "timer", "text": text, "key": key.to_string(), "event_id": event_id,
            "due": print(*due),
        }),
        Why::Message { key, event_id, name, correlation_key } => json!({
            "kind": "message", "text": text, "key": key.to_string(), "event_id": event_id,
            "name": name, "correlation_key": correlation_key,
        }),
        Why::Incident { key, kind, message, job } => json!({
            "kind": "incident", "text": text, "key": key.to_string(), "error_type": kind,
            "message": message, "job_key": job.map(|it| it.to_string()),
            "position": key.parts().position.0,
        }),
        Why::Join { element_id, present, absent, dead } => json!({
            "kind": "join", "text": text, "element_id": element_id, "present": present,
            "absent": absent, "dead": dead,
        }),
        Why::ParkedWork => json!({ "kind": "parked_work", "text": text }),
        Why::Ending => json!({ "kind": "ending", "text": text }),
    }
}

fn text(why: &Why) -> String {
    match why {
        Why::Job { job_type, state, worker, retries, .. } => {
            job(job_type, *state, worker.as_deref().unwrap_or_default(), *retries)
        }
        Why::Timer { event_id, due, .. } => format!("until {} at {event_id}", print(*due)),
        Why::Message { event_id, name, correlation_key, .. } if correlation_key.is_empty() => {
            format!("a message {name} at {event_id}")
        }
        Why::Message { event_id, name, correlation_key, .. } => {
            format!("a message {name} with key \"{correlation_key}\" at {event_id}")
        }
        Why::Incident { kind, message, .. } => format!("{kind}: {message}"),
        Why::Join { element_id, present, absent, dead } => {
            let mut text = format!(
                "tokens of {} at {element_id}; those of {} are there",
                absent.join(", "),
                present.join(", ")
            );
            if !dead.is_empty() {
                text.push_str(&format!("; nothing can come by {} any more", dead.join(", ")));
            }
            text
        }
        Why::ParkedWork => "its own work, which goes on by itself".to_owned(),
        Why::Ending => "what is inside to end".to_owned(),
    }
}

fn job(job_type: &str, state: JobState, worker: &str, retries: i32) -> String {
    let until = |until: Timestamp| print(until);
    match state {
        JobState::Activatable => {
            format!(
                "a worker for jobs of type {job_type}; nobody has this one ({retries} retries left)"
            )
        }
        JobState::Activated(time) => {
            format!(
                "the worker \"{worker}\", which has a job of type {job_type} until {}",
                until(time)
            )
        }
        JobState::BackingOff(time) => format!(
            "the back-off of a job of type {job_type}, which failed, until {} ({retries} retries left)",
            until(time)
        ),
        JobState::Failed => format!("retries for a job of type {job_type}, which failed"),
        JobState::ErrorThrown => {
            format!("somebody to catch the error of a job of type {job_type}")
        }
    }
}
