//! The log itself: in parts, live, as a file, and what was refused.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query as Parameters, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use dacapo_engine::kernel::{Content, Outcome};
use dacapo_engine::process::Process;
use dacapo_engine::record::{Key, Position};
use dacapo_log::wire::{Names, StoredFrame, command_intent, decode, frame_json};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use super::submit::{caller, problem};
use super::wire::{KeyText, parameters};
use super::{Api, Problem, headers as names};
use crate::names::process_names;

/// Which frames are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    from: Option<u64>,
    to: Option<u64>,
    limit: Option<u64>,
    instance: Option<String>,
}

/// Which refusals are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    code: Option<String>,
    before: Option<u64>,
    limit: Option<u64>,
}

/// Streams frames: one line of JSON each, or their bytes as they are stored.
pub async fn read(
    State(api): State<Api>,
    headers: HeaderMap,
    range: Result<Parameters<Range>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Range { from, to, limit, instance } = parameters(range)?;
    let head = api.partition.head();
    let to = to.map_or(head, |it| Position(it).min(head));
    let from = Position(from.unwrap_or(1).max(1));
    let left = limit.unwrap_or(u64::MAX);
    let source = match instance {
        None => Source::Run { next: from, to },
        Some(text) => {
            api.current().await?;
            let wrong = || Problem::malformed("instance", "instance: expected a key in digits");
            let instance = KeyText::parse(&text).ok_or_else(wrong)?.0;
            Source::Instance { instance, after: Position(from.0 - 1), to }
        }
    };
    let wants_bytes = headers
        .get(header::ACCEPT)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| it.contains("msgpack"));
    let form = if wants_bytes { Form::Bytes } else { Form::Lines(Arc::new(process_names())) };
    let kind = form.content_type();
    let reading = Reading { api, source, left, form };
    let body = Body::from_stream(stream::try_unfold(reading, Reading::next));
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(names::POSITION, head.0.into());
    Ok(response)
}

/// Lists refused commands, the newest first.
pub async fn rejections(
    State(api): State<Api>,
    refused: Result<Parameters<Refused>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Refused { code, before, limit } = parameters(refused)?;
    let limit = limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX);
    let mut end = Position(before.unwrap_or(u64::MAX).min(api.partition.head().0 + 1));
    let mut items = Vec::new();
    let mut looked = 0;
    // A bounded look back for a code; the next request goes on from where this one ended.
    while looked < LOOK_BACK_REFUSALS && (items.len() as u64) < limit {
        let frames = api.store.refused(api.id(), end, CHUNK_REFUSALS).await;
        let frames = frames.map_err(|error| Api::store_problem(&error))?;
        for frame in &frames {
            let item = rejection(frame)?;
            end = frame.position;
            if code.as_deref().is_none_or(|it| item["code"] == it) {
                items.push(item);
            }
            if items.len() as u64 == limit {
                break;
            }
        }
        looked += CHUNK_REFUSALS;
        if frames.len() < CHUNK_REFUSALS as usize && (items.len() as u64) < limit {
            end = Position(0);
            break;
        }
    }
    let before = (end.0 > 1).then_some(end.0);
    Ok(Json(json!({ "items": items, "before": before })))
}

/// Tells what became of a request: its command and the whole outcome, a refusal too (promises C3, C14).
pub async fn of_request(
    State(api): State<Api>,
    headers: HeaderMap,
    Path(request_id): Path<String>,
) -> Result<Response, Problem> {
    let tenant = caller(&headers, None)?.tenant;
    let detail = format!(
        "expected a request '{request_id}' of tenant '{tenant}' that was decided and is still remembered"
    );
    let found = api.partition.look(move |engine| engine.position_of(&tenant, &request_id)).await;
    let position = found.map_err(|error| problem(&error))?;
    let position = position.ok_or_else(|| Problem::not_found(detail))?;
    let stored = api.stored_at(position).await?;
    let shown = frame_json(&stored.body, &process_names());
    let shown = shown.map_err(|error| Problem::internal(error.to_string()))?;
    let kind = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (kind, shown).into_response();
    response.headers_mut().insert(names::POSITION, position.0.into());
    Ok(response)
}

fn rejection(stored: &StoredFrame) -> Result<Value, Problem> {
    let frame = decode::<Process>(&stored.body);
    let frame = frame.map_err(|error| Problem::internal(error.to_string()))?;
    let Content::Step(command, Outcome::Rejected(rejection)) = &frame.content else {
        return Err(Problem::internal("expected a refusal, found another outcome"));
    };
    let header = &frame.header;
    Ok(json!({
        "position": header.position.0,
        "timestamp": super::time::print(header.timestamp),
        "tenant": header.tenant,
        "intent": command_intent(command).0.name,
        "key": header.key.map(|it| it.to_string()),
        "class": rejection.code.class.name(),
        "code": rejection.code.name,
        "field": rejection.field,
        "reason": rejection.reason,
        "isImposed": rejection.is_imposed,
        "requestId": header.request_id,
        "actor": header.actor,
    }))
}

/// Frames on their way to a caller.
struct Reading {
    api: Api,
    source: Source,
    left: u64,
    form: Form,
}

/// Where frames come from.
enum Source {
    Run { next: Position, to: Position },
    Instance { instance: Key, after: Position, to: Position },
}

/// How frames are written.
enum Form {
    Bytes,
    Lines(Arc<Names>),
}

impl Reading {
    /// Returns the next piece of the body; none at the end.
    async fn next(mut self) -> Result<Option<(Vec<u8>, Self)>, Problem> {
        let count = u32::try_from(self.left.min(FRAMES_PER_PIECE)).unwrap_or(1);
        if count == 0 {
            return Ok(None);
        }
        let frames = self.frames(count).await?;
        if frames.is_empty() {
            return Ok(None);
        }
        self.left -= frames.len() as u64;
        let mut piece = Vec::new();
        for frame in &frames {
            self.form.write(frame, &mut piece)?;
        }
        Ok(Some((piece, self)))
    }

    async fn frames(&mut self, count: u32) -> Result<Vec<StoredFrame>, Problem> {
        let (store, id) = (&self.api.store, self.api.id());
        match &mut self.source {
            Source::Run { next, to } if *next > *to => Ok(Vec::new()),
            Source::Run { next, to } => {
                let frames = store.read(id, *next, *to, count).await;
                let frames = frames.map_err(|error| Api::store_problem(&error))?;
                if let Some(last) = frames.last() {
                    *next = last.position.plus(u64::from(last.count));
                }
                Ok(frames)
            }
            Source::Instance { instance, after, to } => {
                let positions = store.positions_of(id, *instance, *after, count).await;
                let positions = positions.map_err(|error| Api::store_problem(&error))?;
                let mut frames = Vec::new();
                for position in positions.into_iter().filter(|it| *it <= *to) {
                    let frame = store.read_one(id, position).await;
                    frames.extend(frame.map_err(|error| Api::store_problem(&error))?);
                    *after = position;
                }
                Ok(frames)
            }
        }
    }
}

impl Form {
    const fn content_type(&self) -> &'static str {
        match self {
            Self::Bytes => "application/vnd.msgpack",
            Self::Lines(_) => "application/x-ndjson",
        }
    }

    fn write(&self, frame: &StoredFrame, out: &mut Vec<u8>) -> Result<(), Problem> {
        match self {
            Self::Bytes => out.extend_from_slice(&frame.body),
            Self::Lines(names) => {
                let line = frame_json(&frame.body, names);
                let line = line.map_err(|error| Problem::internal(error.to_string()))?;
                out.extend_from_slice(line.as_bytes());
                out.push(b'\n');
            }
        }
        Ok(())
    }
}

const FRAMES_PER_PIECE: u64 = 256;
const CHUNK_REFUSALS: u32 = 200;
const LOOK_BACK_REFUSALS: u32 = 20_000;
const LIMIT_DEFAULT: u64 = 100;
const LIMIT_MAX: u64 = 1_000;
