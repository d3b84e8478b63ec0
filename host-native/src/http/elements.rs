//! Element instances and variables.

use axum::Json;
use axum::extract::{Query as Parameters, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use dacapo_engine::process::commands::SetVariables;
use serde::Deserialize;

use super::body::{Optional, Required};
use super::reads::one;
use super::search::{ELEMENT_INSTANCES, SearchBody, VARIABLES};
use super::submit::caller;
use super::wire::{PathKey, variables};
use super::{Api, Problem, reads, requests, rows};
use crate::store::Table;

/// Finds element instances.
pub async fn search(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    reads::search(&api, body.check(&ELEMENT_INSTANCES)?.query, rows::element_instance).await
}

/// Reads one element instance.
pub async fn get(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    let row = one(&api, Table::ElementInstance, key, "element instance").await?;
    Ok(Json(rows::element_instance(&row)).into_response())
}

/// Sets variables of a scope.
pub async fn set_variables(
    State(api): State<Api>,
    PathKey(scope_key): PathKey,
    headers: HeaderMap,
    Required(body): Required<requests::SetVariables>,
) -> Result<Response, Problem> {
    let command = SetVariables {
        scope_key,
        variables: variables(Some(&body.variables), "variables")?,
        is_local: body.local.unwrap_or(false),
    };
    let caller = caller(&headers, None)?;
    match api.submit(command, Some(scope_key), caller).await? {
        Some(accepted) => Ok(accepted.no_content()),
        // No variable at all: nothing to do is done.
        None => Ok(axum::http::StatusCode::NO_CONTENT.into_response()),
    }
}

/// Finds variables.
pub async fn search_variables(
    State(api): State<Api>,
    parameters: Result<Parameters<Truncation>, axum::extract::rejection::QueryRejection>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    let Ok(Parameters(Truncation { truncate_values })) = parameters else {
        let detail = "truncateValues: expected true or false, found something else";
        return Err(Problem::malformed("truncateValues", detail));
    };
    let query = body.check(&VARIABLES)?.query;
    let is_cut = truncate_values.unwrap_or(true);
    reads::search(&api, query, |row| rows::variable(row, is_cut)).await
}

/// Reads one variable, whole.
pub async fn get_variable(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Response, Problem> {
    let row = one(&api, Table::Variable, key, "variable").await?;
    let mut shown = rows::variable(&row, false);
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("isTruncated");
    }
    Ok(Json(shown).into_response())
}

/// Whether long values are cut.
#[derive(Debug, Deserialize)]
pub struct Truncation {
    #[serde(rename = "truncateValues")]
    truncate_values: Option<bool>,
}
