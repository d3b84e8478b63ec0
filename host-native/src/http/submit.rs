//! From a request to a command, and from its outcome to an answer.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use dacapo_engine::kernel::{AnyEvent, Content, Frame, Outcome};
use dacapo_engine::process::{Command, Event, FIELDS, Process};
use dacapo_engine::record::{Key, Position};
use dacapo_log::partition::Refusal;
use dacapo_log::wire::{StoredFrame, command_intent, decode};

use super::{Api, Problem, body, headers};
use crate::partition::{Caller, Reply, SubmitError};

/// A command that was accepted: its outcome is durable.
#[derive(Clone, Debug)]
pub struct Accepted {
    frame: Arc<Frame<Process>>,
}

impl Accepted {
    /// Returns the command's position.
    pub fn position(&self) -> Position {
        self.frame.header.position
    }

    /// Returns the position of the last event.
    pub fn last(&self) -> Position {
        self.frame.last()
    }

    /// Returns the tenant.
    pub fn tenant(&self) -> &Arc<str> {
        &self.frame.header.tenant
    }

    /// Returns the events, each with the entity that it is about.
    pub fn events(&self) -> impl Iterator<Item = (Key, &Event)> {
        let events = match &self.frame.content {
            Content::Step(_, Outcome::Events(events)) => events.as_slice(),
            Content::Step(_, Outcome::Rejected(_)) | Content::Control(_) => &[],
        };
        events.iter().filter_map(|it| match &it.event {
            AnyEvent::Machine(event) => Some((it.key, event)),
            AnyEvent::Kernel(_) => None,
        })
    }

    /// Makes an answer without a body.
    pub fn no_content(&self) -> Response {
        self.header(StatusCode::NO_CONTENT.into_response())
    }

    /// Says in a header where the command stands.
    pub fn header(&self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        response.headers_mut().insert(headers::POSITION, self.position().0.into());
        response
    }
}

impl Api {
    /// Has a command decided; none if there was nothing to do.
    ///
    /// # Errors
    /// The command was refused, could not be taken, or nobody knows what became of it.
    pub async fn submit(
        &self,
        command: impl Into<Command>,
        key: Option<Key>,
        caller: Caller,
    ) -> Result<Option<Accepted>, Problem> {
        match self.partition.submit(command, key, caller).await {
            Ok(Reply::Nothing) => Ok(None),
            Ok(Reply::Done(frame)) => accepted(frame).map(Some),
            Ok(Reply::Duplicate(position)) => accepted(self.frame_at(position).await?).map(Some),
            Err(error) => Err(problem(&error)),
        }
    }

    /// Has a command decided that always has something to do.
    ///
    /// # Errors
    /// As [`Api::submit`].
    pub async fn must_submit(
        &self,
        command: impl Into<Command>,
        key: Option<Key>,
        caller: Caller,
    ) -> Result<Accepted, Problem> {
        let accepted = self.submit(command, key, caller).await?;
        accepted.ok_or_else(|| Problem::internal("expected an outcome of the command, found none"))
    }

    /// Reads the outcome of a command from the log, as it is stored.
    pub async fn stored_at(&self, position: Position) -> Result<StoredFrame, Problem> {
        let stored = self.store.read_one(self.id(), position).await;
        let stored = stored.map_err(|error| Self::store_problem(&error))?;
        stored.ok_or_else(|| Problem::internal("expected the first outcome in the log, found none"))
    }

    async fn frame_at(&self, position: Position) -> Result<Arc<Frame<Process>>, Problem> {
        let stored = self.stored_at(position).await?;
        let frame = decode(&stored.body);
        frame.map(Arc::new).map_err(|error| Problem::internal(error.to_string()))
    }
}

/// Makes the problem of a command that has no outcome.
pub fn problem(error: &SubmitError) -> Problem {
    match error {
        SubmitError::Refused(Refusal::Backpressure) => {
            metrics::counter!(crate::metrics::TURNED_AWAY).increment(1);
            Problem::exhausted("expected room in the queue, found it full; ask again later")
        }
        SubmitError::Refused(Refusal::TooLarge { limit, found }) => {
            let detail = format!("expected a command of at most {limit} bytes, found {found}");
            body::too_large_with(detail)
        }
        SubmitError::Refused(Refusal::Body(error)) => Problem::malformed("", error.to_string()),
        SubmitError::Refused(Refusal::Control(reason)) => Problem::malformed("", reason.clone()),
        SubmitError::Refused(other) => Problem::unavailable(other.to_string()),
        // Not 503: it may have been appended.
        other => Problem::internal(other.to_string()),
    }
}

/// Reads who asks from the headers of a request.
///
/// # Errors
/// A header or the tenant is not one; the problem names it.
pub fn caller(headers: &HeaderMap, tenant: Option<&str>) -> Result<Caller, Problem> {
    let own = text(headers, headers::TENANT)?;
    let tenant = tenant.or(own.as_deref()).unwrap_or(TENANT_DEFAULT);
    if tenant != TENANT_DEFAULT && !is_tenant(tenant) {
        let detail = format!(
            "tenantId: expected {TENANT_DEFAULT} or 1 to 31 letters, digits, '_', '-' and '.', found '{tenant}'"
        );
        return Err(Problem::malformed("tenantId", detail));
    }
    Ok(Caller {
        tenant: tenant.into(),
        request_id: text(headers, headers::IDEMPOTENCY_KEY)?,
        actor: text(headers, headers::ACTOR)?,
        correlation_id: text(headers, headers::CORRELATION_ID)?,
        trace: text(headers, headers::TRACE_PARENT)?,
    })
}

fn accepted(frame: Arc<Frame<Process>>) -> Result<Accepted, Problem> {
    if let Content::Step(command, Outcome::Rejected(rejection)) = &frame.content {
        let (intent, _) = command_intent(command);
        let mut shown = rejection.clone();
        shown.field = shown.field.map(|it| field(&it));
        return Err(Problem::rejected(intent.name, &shown, frame.header.position));
    }
    Ok(Accepted { frame })
}

/// Shows the name of a field as it is in the API; the machine's own names are in another case.
fn field(name: &Arc<str>) -> Arc<str> {
    if FIELDS.iter().all(|it| *it.long != **name) {
        return name.clone();
    }
    let mut parts = name.split('_');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        shown.push_str(&first.to_ascii_uppercase());
        shown.push_str(rest);
    }
    shown.into()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Result<Option<Arc<str>>, Problem> {
    let Some(value) = headers.get(&name) else { return Ok(None) };
    match value.to_str() {
        Ok("") => Ok(None),
        Ok(text) if text.len() <= HEADER_BYTES_MAX => Ok(Some(text.into())),
        _ => {
            let detail = format!("{name}: expected at most {HEADER_BYTES_MAX} visible characters");
            Err(Problem::malformed(name.as_str(), detail))
        }
    }
}

fn is_tenant(text: &str) -> bool {
    let is_right = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    (1..=31).contains(&text.len()) && text.bytes().all(is_right)
}

/// The tenant of requests that name none.
pub const TENANT_DEFAULT: &str = "<default>";

const HEADER_BYTES_MAX: usize = 256;
