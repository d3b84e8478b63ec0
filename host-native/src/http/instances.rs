//! What only a replayed log can tell: why an instance waits, and what it was at any position.

use axum::Json;
use axum::extract::{Query as Parameters, State};
use axum::response::{IntoResponse, Response};
use dacapo_engine::feel::json as feel_json;
use dacapo_engine::kernel::{Engine, Symbol, View};
use dacapo_engine::process::view::{Token, tokens};
use dacapo_engine::process::{Process, State as Tables};
use dacapo_engine::record::{Key, Position};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::reads::one;
use super::submit::problem;
use super::time::print;
use super::waits::waits;
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
    let has_dev_clock = api.has_dev_clock;
    let tree = api.partition.look(move |engine| waits(engine, key, has_dev_clock)).await;
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
        let has_dev_clock = api.has_dev_clock;
        let looked = api.partition.look(move |engine| show(engine, key, has_dev_clock)).await;
        looked.map_err(|error| problem(&error))?
    } else {
        let _permit =
            api.replays.acquire().await.map_err(|it| Problem::internal(it.to_string()))?;
        let engine = api.partition.replayed(&api.store, position).await;
        let mut engine = engine.map_err(|error| {
            tracing::error!(%error, "the log could not be replayed");
            Problem::internal(error.to_string())
        })?;
        show(&mut engine, key, api.has_dev_clock)
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

fn show(engine: &mut Engine<Process>, key: Key, has_dev_clock: bool) -> Shown {
    let place = engine.place();
    let why = waits(engine, key, has_dev_clock);
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
