//! What goes wrong, as the caller sees it: RFC 9457 problem documents.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dacapo_engine::record::{Position, Rejection, RejectionClass};
use serde::Serialize;

use super::headers;

/// An answer that is not the one asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: String,
    field: Option<String>,
    refusal: Option<Refusal>,
}

/// Where a refused command stands in the log, and why it was refused.
#[derive(Clone, Debug)]
struct Refusal {
    code: &'static str,
    reason: String,
    position: Position,
}

impl Problem {
    /// Makes a problem from what the caller must know.
    pub fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, title, detail: detail.into(), field: None, refusal: None }
    }

    /// Makes the answer to a request that could not be read: 400, nothing was appended.
    pub fn malformed(field: &str, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", detail);
        Self { field: (!field.is_empty()).then(|| field.into()), ..problem }
    }

    /// Makes the answer to a read of what does not exist: 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail)
    }

    /// Makes the answer of a server that cannot take the request now: 503, nothing was appended.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", detail)
    }

    /// Makes the answer of a full queue: 503, nothing was appended, and asking again is right.
    pub fn exhausted(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "RESOURCE_EXHAUSTED", detail)
    }

    /// Makes the answer to a request whose time ran out: 504.
    pub fn timed_out(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT, "DEADLINE_EXCEEDED", detail)
    }

    /// Makes the answer of a server that is wrong itself: 500.
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", detail)
    }

    /// Makes the answer to a command that the log refused.
    pub fn rejected(intent: &str, rejection: &Rejection, position: Position) -> Self {
        let (status, title) = class(rejection.code.class);
        let reason = &rejection.reason;
        let detail = format!("Command '{intent}' rejected with code '{title}': {reason}");
        let code = rejection.code.name;
        let refusal = Some(Refusal { code, reason: reason.clone(), position });
        let field = rejection.field.as_deref().map(Into::into);
        Self { status, title, detail, field, refusal }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    fn document(self, instance: &str) -> Response {
        let code = self.refusal.as_ref().map(|it| it.code);
        let position = self.refusal.as_ref().map(|it| it.position.0);
        let document = Document {
            kind: "about:blank",
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            instance,
            code,
            reason: self.refusal.as_ref().map(|it| it.reason.as_str()),
            position,
            field: self.field.as_deref(),
        };
        let mut response = (self.status, Json(document)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(position) = position {
            response.headers_mut().insert(headers::POSITION, position.into());
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Leaves the document to `finish`, which knows the path.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the documents of problems, and gives one to every other answer that is an error.
pub async fn finish(request: Request, next: Next) -> Response {
    let instance = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let mut document = problem.document(&instance);
        keep_headers(&response, &mut document);
        return document;
    }
    let (status, is_document) = (response.status(), response.extensions().get::<Plain>().is_some());
    if !(status.is_client_error() || status.is_server_error()) || is_document {
        return response;
    }
    let mut document = Problem::new(status, title(status), detail(status)).document(&instance);
    keep_headers(&response, &mut document);
    document
}

/// Marks an answer with an error status whose body is right as it is.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

fn keep_headers(from: &Response, to: &mut Response) {
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = from.headers().get(&name) {
            to.headers_mut().insert(name, value.clone());
        }
    }
}

const fn class(class: RejectionClass) -> (StatusCode, &'static str) {
    match class {
        RejectionClass::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        RejectionClass::AlreadyExists => (StatusCode::CONFLICT, "ALREADY_EXISTS"),
        RejectionClass::InvalidState => (StatusCode::CONFLICT, "INVALID_STATE"),
        RejectionClass::InvalidArgument => (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
        RejectionClass::Conflict => (StatusCode::CONFLICT, "CONFLICT"),
        RejectionClass::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
        RejectionClass::Unauthorized => (StatusCode::FORBIDDEN, "FORBIDDEN"),
        // Not 503: this refusal stands in the log, and 503 means that nothing was appended.
        RejectionClass::Backpressure => (StatusCode::CONFLICT, "INVALID_STATE"),
        RejectionClass::Fault => (StatusCode::INTERNAL_SERVER_ERROR, "PROCESSING_ERROR"),
    }
}

const fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "INVALID_ARGUMENT",
        StatusCode::NOT_FOUND => "NOT_FOUND",
        StatusCode::METHOD_NOT_ALLOWED => "METHOD_NOT_ALLOWED",
        StatusCode::REQUEST_TIMEOUT => "DEADLINE_EXCEEDED",
        StatusCode::PAYLOAD_TOO_LARGE => "PAYLOAD_TOO_LARGE",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "UNSUPPORTED_MEDIA_TYPE",
        StatusCode::TOO_MANY_REQUESTS => "RESOURCE_EXHAUSTED",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        _ => "INTERNAL",
    }
}

const fn detail(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "expected a request that can be read",
        StatusCode::NOT_FOUND => "expected a path of this server, found none",
        StatusCode::METHOD_NOT_ALLOWED => "expected one of the methods of the header 'allow'",
        StatusCode::REQUEST_TIMEOUT => "expected the whole request in time",
        StatusCode::PAYLOAD_TOO_LARGE => "expected a smaller body",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "expected another content type",
        StatusCode::SERVICE_UNAVAILABLE => "expected fewer requests at once",
        _ => "the server could not answer",
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}
