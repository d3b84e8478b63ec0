//! Values of requests and answers that JSON has no type of its own for.

use std::fmt;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use dacapo_engine::feel::json::{self, JsonLimits};
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::record::Key;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Problem;

/// A key: digits in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyText(pub Key);

/// The key in the path of a request.
pub struct PathKey(pub Key);

/// An answer with variables, which must not pass through a binary fraction.
#[derive(Debug, Serialize)]
pub struct WithVariables {
    /// Everything else.
    #[serde(flatten)]
    pub rest: serde_json::Value,
    /// The variables.
    pub variables: Box<RawValue>,
}

impl KeyText {
    /// Reads a key.
    pub fn parse(text: &str) -> Option<Self> {
        let is_key = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        let number = is_key.then(|| text.parse::<i64>().ok()).flatten()?;
        Some(Self(Key(number.cast_unsigned())))
    }
}

impl<'de> Deserialize<'de> for KeyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = KeyText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key in digits, as a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<KeyText, E> {
                KeyText::parse(text)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

impl Serialize for KeyText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Ok(Path(parameters)) = path else {
            return Err(Problem::malformed("", "expected a path in UTF-8"));
        };
        let Some((name, text)) = parameters.into_iter().next() else {
            return Err(Problem::internal("expected a key in the path of this operation"));
        };
        KeyText::parse(&text).map(|it| Self(it.0)).ok_or_else(|| {
            let detail = format!("{name}: expected a key in digits, found '{text}'");
            Problem::malformed(&name, detail)
        })
    }
}

/// Returns the parameters of a path, or the problem of one that is not known or not of its kind.
///
/// # Errors
/// The parameters cannot be read.
pub fn parameters<T>(read: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    let problem = |error: QueryRejection| Problem::malformed("", error.body_text());
    read.map(|Query(it)| it).map_err(problem)
}

/// Reads named values exactly as they were written; nothing passes through a binary fraction.
///
/// # Errors
/// It is no object; the problem names the field.
pub fn variables(raw: Option<&RawValue>, field: &str) -> Result<Context, Problem> {
    let Some(raw) = raw else { return Ok(Context::new()) };
    match value(raw, field)? {
        Value::Null => Ok(Context::new()),
        Value::Context(context) => Ok(std::sync::Arc::unwrap_or_clone(context)),
        other => {
            let found = other.type_name();
            Err(Problem::malformed(field, format!("{field}: expected an object, found {found}")))
        }
    }
}

/// Writes named values as JSON.
pub fn raw(context: &Context) -> Box<RawValue> {
    let text = json::print(&Value::Context(context.clone().into()));
    // What the printer wrote is JSON.
    RawValue::from_string(text).unwrap_or_default()
}

fn value(raw: &RawValue, field: &str) -> Result<Value, Problem> {
    json::parse(raw.get(), &JsonLimits::default())
        .map_err(|error| Problem::malformed(field, format!("{field}: {error}")))
}
