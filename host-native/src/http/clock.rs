//! The development clock: it moves what the log adds to the server's clock, and that is recorded like everything else.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dacapo_engine::record::Control;

use super::body::{Optional, Required};
use super::submit::problem;
use super::{Api, Problem, headers, requests};
use crate::partition::Reply;

/// Moves the clock to a time; it goes on from there. It never goes back behind the last record.
pub async fn pin(
    State(api): State<Api>,
    Required(body): Required<requests::PinClock>,
) -> Result<Response, Problem> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    if !(0..=TIMESTAMP_MAX).contains(&body.timestamp) {
        let found = body.timestamp;
        let detail =
            format!("timestamp: expected milliseconds from 0 to {TIMESTAMP_MAX}, found {found}");
        return Err(Problem::malformed("timestamp", detail));
    }
    offset(&api, body.timestamp - now_ms).await
}

/// Lets the clock go by the server's again, as soon as that is ahead of the last record.
pub async fn reset(
    State(api): State<Api>,
    Optional(_): Optional<requests::Nothing>,
) -> Result<Response, Problem> {
    offset(&api, 0).await
}

/// Takes a jump of the server's clock for the truth: an operator's word.
pub async fn accept(
    State(api): State<Api>,
    Optional(_): Optional<requests::Nothing>,
) -> StatusCode {
    api.partition.accept_clock().await;
    StatusCode::NO_CONTENT
}

async fn offset(api: &Api, offset_ms: i64) -> Result<Response, Problem> {
    if !api.has_dev_clock {
        let detail = "expected a server that was started with --dev-clock, found one without";
        return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", detail));
    }
    let reply = api.partition.control(Control::ClockOffsetChanged { offset_ms }).await;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Reply::Done(frame) = reply.map_err(|error| problem(&error))? {
        response.headers_mut().insert(headers::POSITION, frame.header.position.0.into());
    }
    Ok(response)
}

/// The end of the year 9999.
const TIMESTAMP_MAX: i64 = 253_402_300_799_999;
