//! What only a replayed log can tell: why an instance waits, and what it was at any position.

use axum::Json;
use axum::extract::{Query as Parameters, State};
use axum::response::{IntoResponse, Response};
use dacapo_engine::feel::json as feel_json;
use dacapo_engine::kernel::{Engine, Symbol, View};
use dacapo_engine::process::state::JobState;
use dacapo_engine::process::view::{Token, Why, WhyTree, tokens, why};
use dacapo_engine::process::{Process, State as Tables};
use dacapo_engine::record::{Key, Position, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::reads::one;
use super::submit::problem;
use super::time::print;
use super::wire::{PathKey, parameters};
use super::{Api, Problem};
use crate::store::Table;

/// At which position.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    position: Option<u64>,
}

/// Tells what an instance waits for, down to the cause.
pub async fn explain(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Json<Value>, Problem> {
    let row = one(&api, Table::ProcessInstance, key, "process instance").await?;
    let tree = api.partition.look(move |engine| waits(engine, key)).await;
    let tree = tree.map_err(|error| problem(&error))?;
    Ok(Json(tree.unwrap_or_else(|| {
        json!({
            "element_id": row.named("process_id").as_text(),
            "element_instance_key": key.to_string(),
            "type": "PROCESS",
            "state": row.named("state").as_text(),
            "waits": [],
            "children": [],
        })
    })))
}

/// Tells what an instance was at a position: its tokens, its variables, and what it waited for.
pub async fn state(
    State(api): State<Api>,
    PathKey(key): PathKey,
    at: Result<Parameters<At>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let At { position } = parameters(at)?;
    one(&api, Table::ProcessInstance, key, "process instance").await?;
    let head = api.partition.head();
    let position = position.map_or(head, Position);
    if position > head || position < Position::FIRST {
        let detail = format!("position: expected 1 to {}, found {}", head.0, position.0);
        return Err(Problem::malformed("position", detail));
    }
    let shown = if position == head {
        let looked = api.partition.look(move |engine| show(engine, key)).await;
        looked.map_err(|error| problem(&error))?
    } else {
        let _permit =
            api.replays.acquire().await.map_err(|it| Problem::internal(it.to_string()))?;
        let engine = api.partition.replayed(&api.store, position).await;
        let mut engine = engine.map_err(|error| {
            tracing::error!(%error, "the log could not be replayed");
            Problem::internal(error.to_string())
        })?;
        show(&mut engine, key)
    };
    Ok(Json(shown).into_response())
}

/// An instance at a position.
#[derive(Serialize)]
struct Shown {
    position: u64,
    timestamp: String,
    is_active: bool,
    tokens: Vec<Value>,
    variables: Vec<Variable>,
    why: Option<Value>,
}

#[derive(Serialize)]
struct Variable {
    key: String,
    scope_key: String,
    name: std::sync::Arc<str>,
    value: Box<RawValue>,
}

fn show(engine: &mut Engine<Process>, key: Key) -> Shown {
    let place = engine.place();
    let why = waits(engine, key);
    let view = engine.view();
    let tokens = tokens(&view, key);
    Shown {
        position: place.position.0,
        timestamp: print(place.timestamp),
        is_active: why.is_some(),
        variables: variables(&view, &tokens),
        tokens: tokens.iter().map(token).collect(),
        why,
    }
}

fn variables(view: &View<'_, Tables>, tokens: &[Token]) -> Vec<Variable> {
    let scopes = tokens.iter().filter_map(|it| it.element_instance_key);
    let rows = scopes.flat_map(|scope| {
        let range = (scope, Symbol(0))..=(scope, Symbol(u32::MAX));
        view.tables.variables.range(range).map(move |((_, name), row)| (scope, *name, row))
    });
    rows.map(|(scope, name, row)| Variable {
        key: row.key.to_string(),
        scope_key: scope.to_string(),
        name: view.kernel.symbols.name(name),
        // What the printer wrote is JSON.
        value: RawValue::from_string(feel_json::print(&row.value)).unwrap_or_default(),
    })
    .collect()
}

fn token(it: &Token) -> Value {
    json!({
        "element_id": it.element_id,
        "element_instance_key": it.element_instance_key.map(|it| it.to_string()),
        "type": it.element_type.map(|it| it.name()),
        "scope_key": it.scope_key.map(|it| it.to_string()),
        "flow_id": it.flow_id,
        "count": it.count,
        "has_incident": it.has_incident,
    })
}

fn waits(engine: &mut Engine<Process>, key: Key) -> Option<Value> {
    let (state, models) = engine.state_and_cache();
    let view = View { kernel: &state.kernel, tables: &state.tables };
    why(&view, models, key).map(|it| tree(&it))
}

fn tree(it: &WhyTree) -> Value {
    let is_ending = it.waits.contains(&Why::Ending);
    json!({
        "element_id": it.element_id,
        "element_instance_key": it.element_instance_key.to_string(),
        "type": it.element_type.name(),
        "state": if is_ending { "ENDING" } else { "ACTIVE" },
        "waits": it.waits.iter().map(wait).collect::<Vec<_>>(),
        "children": it.children.iter().map(tree).collect::<Vec<_>>(),
    })
}

fn wait(why: &Why) -> Value {
    let text = text(why);
    match why {
        Why::Job { key, job_type, state, worker, retries } => json!({
            "kind": "job", "text": text, "key": key.to_string(), "job_type": job_type,
            "state": state.name(), "worker": worker, "retries": retries,
        }),
        Why::Timer { key, event_id, due } => json!({
            "kind": "timer", "text": text, "key": key.to_string(), "event_id": event_id,
            "due": print(*due),
        }),
        Why::Message { key, event_id, name, correlation_key } => json!({
            "kind": "message", "text": text, "key": key.to_string(), "event_id": event_id,
            "name": name, "correlation_key": correlation_key,
        }),
        Why::Incident { key, kind, message } => json!({
            "kind": "incident", "text": text, "key": key.to_string(), "error_type": kind,
            "message": message,
        }),
        Why::Join { element_id, present, absent } => json!({
            "kind": "join", "text": text, "element_id": element_id, "present": present,
            "absent": absent,
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
        Why::Join { element_id, present, absent } => format!(
            "tokens of {} at {element_id}; those of {} are there",
            absent.join(", "),
            present.join(", ")
        ),
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
