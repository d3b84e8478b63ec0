//! The headers of our own.

use axum::http::HeaderName;

/// Where in the log the answer stands: the position of the command, or the head that a read has seen.
pub const POSITION: HeaderName = HeaderName::from_static("dacapo-position");
/// The version of this program.
pub const VERSION: HeaderName = HeaderName::from_static("dacapo-version");
/// The caller's id of the request: the same id with the same body is done once.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The caller's name, recorded with the command.
pub const ACTOR: HeaderName = HeaderName::from_static("dacapo-actor");
/// The larger conversation that the request belongs to, recorded with the command.
pub const CORRELATION_ID: HeaderName = HeaderName::from_static("dacapo-correlation-id");
/// The W3C trace context, recorded with the command.
pub const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
/// The tenant of a command whose body has no place for one.
pub const TENANT: HeaderName = HeaderName::from_static("dacapo-tenant");
