//! Request bodies: strict JSON. What is unknown or of another type is refused by name, and nothing is appended.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::Problem;
use super::limit::{TooLarge, is_too_large};

/// A JSON body that must be there.
pub struct Required<T>(pub T);

/// A JSON body that clients may leave out, send empty, or send as `null`.
pub struct Optional<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Required<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            return Err(Problem::malformed("", "expected a JSON body, found none"));
        }
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for Optional<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
        if matches!(bytes.trim_ascii(), b"" | b"null") {
            return Ok(Self(T::default()));
        }
        parse(&bytes).map(Self)
    }
}

/// Parses strict JSON; the problem names the field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = match error.path().to_string().as_str() {
            "." | "?" => String::new(),
            path => path.into(),
        };
        let detail = if field.is_empty() {
            error.inner().to_string()
        } else {
            format!("{field}: {}", error.inner())
        };
        Problem::malformed(&field, detail)
    })?;
    deserializer.end().map_err(|error| Problem::malformed("", error.to_string()))?;
    Ok(value)
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let is_json = is_json(request.headers());
    let read = in_time(Bytes::from_request(request, state)).await?;
    let bytes = read.map_err(|error| {
        if is_too_large(&error) { too_large() } else { Problem::malformed("", error.body_text()) }
    })?;
    if bytes.is_empty() || is_json {
        return Ok(bytes);
    }
    let detail = "expected content type application/json";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", detail))
}

/// Waits for a body, but not for ever: slow clients hold a connection each.
pub async fn in_time<T>(body: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(BODY_TIMEOUT, body).await.map_err(|_| {
        let seconds = BODY_TIMEOUT.as_secs();
        let detail = format!("expected the whole body within {seconds} s");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "DEADLINE_EXCEEDED", detail)
    })
}

/// Makes the answer to a body over the limit: 413, nothing was appended.
pub fn too_large() -> Problem {
    too_large_with(TooLarge.to_string())
}

/// Makes the answer to a command over a limit: 413, nothing was appended.
pub fn too_large_with(detail: String) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", detail)
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()) else {
        // Clients that send no content type mean the only one there is.
        return !headers.contains_key(header::CONTENT_TYPE);
    };
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
}

const BODY_TIMEOUT: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Outer {
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        count: Option<i32>,
    }

    fn field(json: &str) -> String {
        let problem = parse::<Outer>(json.as_bytes()).expect_err("a problem");
        format!("{problem:?}")
    }

    #[test]
    fn a_problem_names_the_field() {
        assert!(field(r#"{"inner":{"count":"1"}}"#).contains(r#"field: Some("inner.count")"#));
        assert!(field(r#"{"inner":{"cuont":1}}"#).contains(r#"field: Some("inner.cuont")"#));
        assert!(field(r#"{"outer":{}}"#).contains(r#"field: Some("outer")"#));
        assert!(field(r#"{"inner":{"count":1.0}}"#).contains(r#"field: Some("inner.count")"#));
    }

    #[test]
    fn what_fits_is_read() {
        let found = parse::<Outer>(br#"{"inner":{"count":1}}"#).expect("it fits");
        assert_eq!(found.inner.and_then(|it| it.count), Some(1));
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for json in ["{", "[]", "{} {}", "{\"inner\":{}", "\u{feff}{}"] {
            assert!(parse::<Outer>(json.as_bytes()).is_err(), "{json}");
        }
    }
}
