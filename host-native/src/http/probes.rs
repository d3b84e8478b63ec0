//! What machines ask: is it alive, may it be sent traffic, what does it count.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Api;
use super::problem::Plain;
use crate::metrics;

/// Answers 200 as long as the program answers at all.
pub async fn live() -> Response {
    Json(json!({ "status": "UP" })).into_response()
}

/// Answers 200 when commands are taken, else 503 and why, with the share of the log that is read.
pub async fn ready(State(api): State<Api>) -> Response {
    let standing = api.partition.standing();
    let status = if standing.is_leading() { "UP" } else { "DOWN" };
    let body = Json(json!({
        "status": status,
        "reason": standing.to_string(),
        "progressPercent": standing.progress_percent(),
        "position": api.partition.head().0,
    }));
    if standing.is_leading() {
        return body.into_response();
    }
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
    response.extensions_mut().insert(Plain);
    response
}

/// Answers with everything that is counted, as Prometheus reads it.
pub async fn counters(State(api): State<Api>) -> Response {
    let (head, projected) = (api.partition.head().0, api.projection.position().0);
    ::metrics::gauge!(metrics::HEAD).set(gauge(head));
    ::metrics::gauge!(metrics::PROJECTED).set(gauge(projected));
    ::metrics::gauge!(metrics::LAG).set(gauge(head.saturating_sub(projected)));
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, metrics::install().render()).into_response()
}

/// Positions stay below 2^50, which a gauge holds exactly.
fn gauge(position: u64) -> f64 {
    position as f64
}
