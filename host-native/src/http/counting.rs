//! Counts answers, by operation and status.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};

use super::OPERATIONS;
use super::routes::BASE;
use crate::metrics::{HTTP_ANSWERS, HTTP_SECONDS};

/// Counts an answer. Operations have their names as labels, other paths their templates, so that labels stay few.
pub async fn count(request: Request, next: Next) -> Response {
    let operation = operation(&request);
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    histogram!(HTTP_SECONDS, "operation" => operation.clone()).record(started.elapsed());
    counter!(HTTP_ANSWERS, "operation" => operation, "status" => status).increment(1);
    response
}

fn operation(request: &Request) -> String {
    static NAMES: LazyLock<HashMap<(&str, &str), &str>> =
        LazyLock::new(|| OPERATIONS.iter().map(|it| ((it.method, it.path), it.name)).collect());
    let Some(path) = request.extensions().get::<MatchedPath>() else { return "none".to_owned() };
    let path = path.as_str();
    let of_api = path.strip_prefix(BASE);
    let name = of_api.and_then(|it| NAMES.get(&(request.method().as_str(), it)));
    name.map_or_else(|| path.to_owned(), |it| (*it).to_owned())
}
