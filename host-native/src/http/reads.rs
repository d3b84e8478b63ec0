//! What all reads have in common: they see every acknowledged write.

use axum::Json;
use axum::response::{IntoResponse, Response};
use dacapo_engine::record::Key;
use serde_json::{Value, json};

use super::search::PageAnswer;
use super::{Api, Problem, headers};
use crate::store::{Filter, Found, Query, Row, StoreError, Table};

/// Answers a search.
///
/// # Errors
/// The read model is not there in time, or the store failed.
pub async fn search(
    api: &Api,
    query: Query,
    show: impl Fn(&Row) -> Value,
) -> Result<Response, Problem> {
    let position = api.current().await?;
    let found = api.store.search(api.id(), query).await;
    let found = found.map_err(|error| Api::store_problem(&error))?;
    let mut response = Json(page(&found, show)).into_response();
    response.headers_mut().insert(headers::POSITION, position.0.into());
    Ok(response)
}

/// Reads one row.
///
/// # Errors
/// There is none: 404; or the read model is not there in time, or the store failed.
pub async fn one(api: &Api, table: Table, key: Key, what: &str) -> Result<Row, Problem> {
    api.current().await?;
    let row = api.store.get(api.id(), table, key).await;
    let row = row.map_err(|error| Api::store_problem(&error))?;
    row.ok_or_else(|| Problem::not_found(format!("expected {what} {key}, found none")))
}

/// Counts element instances by element.
///
/// # Errors
/// The read model is not there in time, or the store failed.
pub async fn statistics_of(api: &Api, filter: Filter) -> Result<Response, Problem> {
    api.current().await?;
    let counted = api.store.element_statistics(api.id(), filter).await;
    let counted = counted.map_err(|error| match error {
        StoreError::Query { .. } => Problem::malformed("filter", error.to_string()),
        _ => Api::store_problem(&error),
    })?;
    let items: Vec<_> = counted
        .iter()
        .map(|it| {
            json!({
                "elementId": it.element_id,
                "active": it.active,
                "canceled": it.canceled,
                "incidents": it.incidents,
                "completed": it.completed,
            })
        })
        .collect();
    Ok(Json(json!({ "items": items })).into_response())
}

/// Makes the answer of a search.
pub fn page(found: &Found, show: impl Fn(&Row) -> Value) -> Value {
    let items: Vec<_> = found.rows.iter().map(show).collect();
    json!({ "page": PageAnswer::from(found), "items": items })
}
