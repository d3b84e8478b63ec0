//! A command as people and other programs write it: JSON with long names, keys as texts. The inverse of its rendering.
//!
//! ```text
//! {"intent": "job.complete", "body": {"job_key": "18014398509481987", "variables": {"total": 12.5}}}
//! ```

use std::sync::Arc;

use dacapo_engine::feel::json::{self, JsonError, JsonLimits};
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{Body, BodyError, Machine};
use dacapo_engine::record::Key;

use super::Names;
use super::fields::{BodyProblem, Fields};

/// A command on its way to a machine, and what its header will say.
#[derive(Clone, Debug, PartialEq)]
pub struct LoneCommand<M: Machine> {
    /// The tenant; the default one if it names none.
    pub tenant: Option<Arc<str>>,
    /// The entity that the command is addressed to.
    pub key: Option<Key>,
    /// The caller's own id of the request.
    pub request_id: Option<Arc<str>>,
    /// Who asks.
    pub actor: Option<Arc<str>>,
    /// What larger conversation the command belongs to.
    pub correlation_id: Option<Arc<str>>,
    /// The W3C trace context of the caller.
    pub trace: Option<Arc<str>>,
    /// What is asked.
    pub command: M::Command,
}

/// Why a text is not a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A part of the command is missing or of another type.
    #[error("expected {expected} in `{field}`, found {found}")]
    Part {
        /// The part.
        field: String,
        /// What would be right.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// No command has this intent.
    #[error("expected the intent of a command, found {0:?}")]
    Intent(String),
    /// The fields are not those of the intent and version.
    #[error("expected the fields of {intent}, found another body: {reason}")]
    Body {
        /// The intent.
        intent: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl<M: Machine> LoneCommand<M> {
    /// Makes a command of the default tenant, without a request id, from nobody in particular.
    pub fn new(command: impl Into<M::Command>) -> Self {
        let command = command.into();
        Self {
            tenant: None,
            key: None,
            request_id: None,
            actor: None,
            correlation_id: None,
            trace: None,
            command,
        }
    }
}

/// Reads a command of a machine from JSON. Numbers stay exact.
///
/// # Errors
///
/// Fails if the text is not JSON, or as [`read_command`].
pub fn parse_command<M: Machine>(
    text: &str,
    names: &Names,
    limits: &JsonLimits,
) -> Result<LoneCommand<M>, ParseError> {
    read_command(&json::parse(text, limits)?, names)
}

/// Reads a command of a machine from a value. The version of its body is 1 unless it says otherwise.
///
/// # Errors
///
/// Fails if it is not a command with exactly the fields of its intent and version.
pub fn read_command<M: Machine>(
    value: &Value,
    names: &Names,
) -> Result<LoneCommand<M>, ParseError> {
    let Value::Context(parts) = value else {
        return Err(part("command", "an object", Some(value)));
    };
    if let Some((name, value)) = parts.iter().find(|(name, _)| !PARTS.contains(&&***name)) {
        return Err(part(name, "nothing, for it is no part of a command", Some(value)));
    }
    let name = text_of(parts, "intent")?.ok_or_else(|| part("intent", "a text", None))?;
    let intents = M::Command::intents();
    let intent = intents.into_iter().find(|intent| intent.name == &*name);
    let intent = intent.ok_or_else(|| ParseError::Intent(name.to_string()))?;
    let body = parts.get("body").ok_or_else(|| part("body", "an object", None))?;
    let fields = Fields { value: body, names, is_data: false };
    let command = M::Command::decode(intent.number, version_of(parts)?, fields);
    let reason = |error: BodyError<BodyProblem>| match error {
        BodyError::Fields(problem) => problem.text(names),
        other => other.to_string(),
    };
    Ok(LoneCommand {
        tenant: text_of(parts, "tenant")?,
        key: key_of(parts)?,
        request_id: text_of(parts, "request_id")?,
        actor: text_of(parts, "actor")?,
        correlation_id: text_of(parts, "correlation_id")?,
        trace: text_of(parts, "trace")?,
        command: command
            .map_err(|error| ParseError::Body { intent: intent.name, reason: reason(error) })?,
    })
}

fn text_of(parts: &Context, name: &str) -> Result<Option<Arc<str>>, ParseError> {
    match parts.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        other => Err(part(name, "a text", other)),
    }
}

fn key_of(parts: &Context) -> Result<Option<Key>, ParseError> {
    let Some(text) = text_of(parts, "key")? else { return Ok(None) };
    let number = text.parse().ok().filter(|number| *number <= i64::MAX as u64);
    number.map(|it| Some(Key(it))).ok_or_else(|| part("key", "a key", parts.get("key")))
}

fn version_of(parts: &Context) -> Result<u16, ParseError> {
    let Some(value) = parts.get("version") else { return Ok(1) };
    let number = value.as_number().and_then(|it| u16::try_from(it.to_i128()?).ok());
    number.ok_or_else(|| part("version", "a version", Some(value)))
}

fn part(field: &str, expected: &'static str, found: Option<&Value>) -> ParseError {
    let found = found.map_or_else(|| "nothing".to_owned(), json::print);
    ParseError::Part { field: field.to_owned(), expected, found }
}

const PARTS: [&str; 9] = [
    "intent",
    "version",
    "tenant",
    "key",
    "request_id",
    "actor",
    "correlation_id",
    "trace",
    "body",
];
