//! What all reads have in common: they see every acknowledged write.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dacapo_engine::record::Key;
use serde_json::{Value, json};

use super::search::{PageAnswer, Search};
use super::{Api, Problem, headers};
use crate::store::{
    Cell, Condition, Filter, Found, PAGE_ROWS_MAX, Page, Query, Row, Start, StoreError, Table,
};

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

/// Reads the XML that a row holds, byte for byte.
///
/// # Errors
/// There is no such row: 404; or the read model is not there in time, or the store failed.
pub async fn xml_of(api: &Api, table: Table, key: Key, what: &str) -> Result<Response, Problem> {
    api.current().await?;
    let xml = api.store.definition_xml(api.id(), table, key).await;
    let xml = xml.map_err(|error| Api::store_problem(&error))?;
    let missing = || Problem::not_found(format!("expected {what} {key}, found none"));
    let xml = xml.ok_or_else(missing)?;
    let kind = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    Ok((kind, xml.to_vec()).into_response())
}

/// Narrows a search to the newest versions, or to all others, if it asks for that.
///
/// # Errors
/// The read model is not there in time, or the store failed.
pub async fn only_latest(api: &Api, search: &mut Search, id: &str) -> Result<(), Problem> {
    let Some(is_latest) = search.is_latest else { return Ok(()) };
    let table = search.query.table;
    let keys = latest(api, table, id).await?;
    let lists = keys.chunks(LIST_MAX);
    let filter = if is_latest {
        Filter::Any(lists.map(|it| Filter::Is(table.key(), Condition::In(it.to_vec()))).collect())
    } else {
        Filter::All(
            lists.map(|it| Filter::Is(table.key(), Condition::NotIn(it.to_vec()))).collect(),
        )
    };
    let asked = std::mem::replace(&mut search.query.filter, Filter::All(Vec::new()));
    search.query.filter = Filter::All(vec![asked, filter]);
    Ok(())
}

/// Finds the newest version of everything in a table of definitions.
async fn latest(api: &Api, table: Table, id: &str) -> Result<Vec<Cell>, Problem> {
    api.current().await?;
    let mut newest = std::collections::BTreeMap::new();
    let mut from = 0;
    loop {
        let page = Page { start: Start::From(from), limit: PAGE_ROWS_MAX };
        let query = Query { page, ..Query::all(table) };
        let found = api.store.search(api.id(), query).await;
        let found = found.map_err(|error| Api::store_problem(&error))?;
        for row in &found.rows {
            let text = |name| row.named(name).as_text().unwrap_or_default().to_owned();
            let version = row.named("version").as_int().unwrap_or_default();
            let entry = newest.entry((text("tenant"), text(id))).or_insert((0, 0));
            *entry = (*entry).max((version, row.key()));
        }
        if found.rows.len() < PAGE_ROWS_MAX as usize {
            return Ok(newest.into_values().map(|(_, key)| Cell::Int(key)).collect());
        }
        from += found.rows.len() as u64;
    }
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

/// How many values a list of a filter may have.
const LIST_MAX: usize = 1_000;
