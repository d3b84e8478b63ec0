//! Deployed processes.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::body::Optional;
use super::reads::{one, statistics_of, xml_of};
use super::search::{self, PROCESS_DEFINITIONS, PROCESS_INSTANCES, SearchBody};
use super::wire::PathKey;
use super::{Api, Problem, reads, requests, rows};
use crate::store::{Filter, Table};

/// Finds definitions.
pub async fn search(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    let mut search = body.check(&PROCESS_DEFINITIONS)?;
    reads::only_latest(&api, &mut search, "process_id").await?;
    reads::search(&api, search.query, rows::process_definition).await
}

/// Reads one definition.
pub async fn get(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    let row = one(&api, Table::ProcessDefinition, key, "process definition").await?;
    Ok(Json(rows::process_definition(&row)).into_response())
}

/// Reads the XML of a definition, byte for byte.
pub async fn xml(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    xml_of(&api, Table::ProcessDefinition, key, "process definition").await
}

/// Counts the element instances of a definition, by element.
pub async fn statistics(
    State(api): State<Api>,
    PathKey(key): PathKey,
    Optional(body): Optional<requests::ElementStatistics>,
) -> Result<Response, Problem> {
    one(&api, Table::ProcessDefinition, key, "process definition").await?;
    let (instances, _) = search::filter(body.filter.as_deref(), &PROCESS_INSTANCES)?;
    let element = |name: &str| Table::ElementInstance.field(name);
    let mut filters =
        Vec::from_iter(element("process_definition_key").map(|it| Filter::eq(it, key)));
    filters.extend(element("process_instance_key").map(|own| Filter::Related {
        own,
        other: Table::ProcessInstance.key(),
        filter: Box::new(instances),
    }));
    statistics_of(&api, Filter::All(filters)).await
}
