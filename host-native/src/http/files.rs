//! Log files to take away: the log or a run of it, or the slice of one process instance.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query as Parameters, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dacapo_engine::record::{Key, Position};
use futures_util::stream;
use serde::Deserialize;

use super::wire::{PathKey, parameters};
use super::{Api, Problem};
use crate::export::{Export, ExportError, Span};

/// Which run is wanted; the whole log without either.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    from: Option<u64>,
    to: Option<u64>,
}

/// Streams the log, or a run of it, as one file. A file that begins later shows the chain from there on.
pub async fn whole(
    State(api): State<Api>,
    run: Result<Parameters<Run>, QueryRejection>,
) -> Result<Response, Problem> {
    let Run { from, to } = parameters(run)?;
    let from = Position(from.unwrap_or(1).max(1));
    let span = Span { from, to: to.map(Position), instance: None };
    file(&api, span, "dacapo.log".to_owned()).await
}

/// Streams a file that shows one process instance, and of all others only the hashes: its chain still verifies.
pub async fn of_instance(
    State(api): State<Api>,
    PathKey(instance): PathKey,
    run: Result<Parameters<Run>, QueryRejection>,
) -> Result<Response, Problem> {
    let Run { from, to } = parameters(run)?;
    api.current().await?;
    let from = Position(from.unwrap_or(1).max(1));
    let span = Span { from, to: to.map(Position), instance: Some(instance) };
    file(&api, span, name(instance)).await
}

async fn file(api: &Api, span: Span, name: String) -> Result<Response, Problem> {
    let export =
        Export::begin(&api.store, api.id(), span).await.map_err(|error| problem(&error))?;
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await?;
        Ok::<_, ExportError>(piece.map(|(bytes, _)| (bytes, export)))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.dacapo.log".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

fn name(instance: Key) -> String {
    format!("instance-{instance}.log")
}

fn problem(error: &ExportError) -> Problem {
    match error {
        ExportError::NoInstance(_) => Problem::not_found(error.to_string()),
        ExportError::Behind { .. } => Problem::unavailable(error.to_string()),
        ExportError::Store(error) => Api::store_problem(error),
        ExportError::TooShort { .. } => Problem::malformed("from, to", error.to_string()),
        other => Problem::internal(other.to_string()),
    }
}
