//! Incidents, and the search for jobs.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use dacapo_engine::process::commands::ResolveIncident;

use super::body::Optional;
use super::reads::one;
use super::search::{INCIDENTS, JOBS, SearchBody};
use super::submit::caller;
use super::wire::PathKey;
use super::{Api, Problem, reads, requests, rows};
use crate::store::{Filter, Table};

/// Finds incidents.
pub async fn search(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    reads::search(&api, body.check(&INCIDENTS)?.query, rows::incident).await
}

/// Finds incidents of one process instance.
pub async fn search_of_instance(
    State(api): State<Api>,
    PathKey(key): PathKey,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    one(&api, Table::ProcessInstance, key, "process instance").await?;
    search_of(&api, "process_instance_key", key, body).await
}

/// Finds incidents of one element instance.
pub async fn search_of_element(
    State(api): State<Api>,
    PathKey(key): PathKey,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    one(&api, Table::ElementInstance, key, "element instance").await?;
    search_of(&api, "element_instance_key", key, body).await
}

/// Reads one incident.
pub async fn get(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    let row = one(&api, Table::Incident, key, "incident").await?;
    Ok(Json(rows::incident(&row)).into_response())
}

/// Tries again what was blocked.
pub async fn resolve(
    State(api): State<Api>,
    PathKey(incident_key): PathKey,
    headers: HeaderMap,
    Optional(_): Optional<requests::Nothing>,
) -> Result<Response, Problem> {
    let caller = caller(&headers, None)?;
    let command = ResolveIncident { incident_key };
    Ok(api.must_submit(command, Some(incident_key), caller).await?.no_content())
}

/// Finds jobs.
pub async fn search_jobs(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    reads::search(&api, body.check(&JOBS)?.query, rows::job).await
}

async fn search_of(
    api: &Api,
    column: &str,
    key: dacapo_engine::record::Key,
    body: SearchBody,
) -> Result<Response, Problem> {
    let mut query = body.check(&INCIDENTS)?.query;
    let own = Table::Incident.field(column).map(|it| Filter::eq(it, key));
    query.filter = Filter::All(own.into_iter().chain([query.filter]).collect());
    reads::search(api, query, rows::incident).await
}
