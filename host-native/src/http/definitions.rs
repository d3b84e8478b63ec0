//! Deployments and what they brought.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::{Deploy, Resource};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::record::Key;
use serde_json::{Value, json};

use super::body::Optional;
use super::reads::{one, statistics_of};
use super::search::{self, PROCESS_DEFINITIONS, PROCESS_INSTANCES, SearchBody};
use super::submit::{Accepted, caller};
use super::upload::Upload;
use super::wire::PathKey;
use super::{Api, Problem, reads, requests, rows};
use crate::store::{Cell, Condition, Filter, PAGE_ROWS_MAX, Page, Query, Start, Table};

/// Deploys files, all or none.
pub async fn deploy(
    State(api): State<Api>,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, Problem> {
    let caller = caller(&headers, upload.tenant.as_deref())?;
    let resource = |(name, content): &(Arc<str>, axum::body::Bytes)| Resource {
        resource_name: name.clone(),
        content: Bytes(content.as_ref().into()),
    };
    let command = Deploy { resources: upload.resources.iter().map(resource).collect() };
    let accepted = api.must_submit(command, None, caller).await?;
    let answer = deployment(&api, &accepted, &upload).await?;
    Ok(accepted.header(Json(answer)))
}

/// Finds definitions.
pub async fn search(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    let mut search = body.check(&PROCESS_DEFINITIONS)?;
    if let Some(is_latest) = search.is_latest {
        let keys = latest(&api).await?;
        let key = Table::ProcessDefinition.key();
        let filter = if is_latest {
            Filter::Any(
                keys.chunks(LIST_MAX)
                    .map(|it| Filter::Is(key, Condition::In(it.to_vec())))
                    .collect(),
            )
        } else {
            let none = |it: &[_]| Filter::Is(key, Condition::NotIn(it.to_vec()));
            Filter::All(keys.chunks(LIST_MAX).map(none).collect())
        };
        search.query.filter = Filter::All(vec![search.query.filter, filter]);
    }
    reads::search(&api, search.query, rows::process_definition).await
}

/// Reads one definition.
pub async fn get(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    let row = one(&api, Table::ProcessDefinition, key, "process definition").await?;
    Ok(Json(rows::process_definition(&row)).into_response())
}

/// Reads the XML of a definition, byte for byte.
pub async fn xml(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    api.current().await?;
    let xml = api.store.definition_xml(api.id(), key).await;
    let xml = xml.map_err(|error| Api::store_problem(&error))?;
    let missing = || Problem::not_found(format!("expected process definition {key}, found none"));
    let xml = xml.ok_or_else(missing)?;
    let kind = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    Ok((kind, xml.to_vec()).into_response())
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

/// Shows a deployment in the order of its files.
async fn deployment(api: &Api, accepted: &Accepted, upload: &Upload) -> Result<Value, Problem> {
    let tenant = accepted.tenant();
    let mut deployment_key = None;
    let mut files = Vec::new();
    let mut items = Vec::new();
    for (key, event) in accepted.events() {
        match event {
            Event::DeploymentCreated(it) => {
                deployment_key = Some(key);
                for (name, item) in unchanged(api, accepted, &it.unchanged).await? {
                    items.push((name, item));
                }
            }
            Event::ResourceDeployed(it) => files.push((key, it.resource_name.clone())),
            Event::ProcessDeployed(it) => {
                let file = files.iter().find(|(key, _)| *key == it.resource_key);
                let name = file.map(|(_, name)| name.to_string()).unwrap_or_default();
                let item = json!({
                    "processDefinitionId": it.process_id,
                    "processDefinitionVersion": it.version,
                    "processDefinitionKey": key.to_string(),
                    "resourceName": name,
                    "tenantId": tenant,
                });
                items.push((name, item));
            }
            _ => {}
        }
    }
    let place = |name: &str| upload.resources.iter().position(|(it, _)| **it == *name);
    items.sort_by_key(|(name, _)| place(name));
    let deployments: Vec<_> = items.into_iter().map(|(_, item)| process(item)).collect();
    Ok(json!({
        "deploymentKey": deployment_key.unwrap_or_default().to_string(),
        "tenantId": tenant,
        "deployments": deployments,
    }))
}

/// Shows definitions that were deployed before, with the same content.
async fn unchanged(
    api: &Api,
    accepted: &Accepted,
    keys: &[Key],
) -> Result<Vec<(String, Value)>, Problem> {
    let mut items = Vec::new();
    for &key in keys {
        api.seen(accepted.last()).await?;
        let row = one(api, Table::ProcessDefinition, key, "process definition").await?;
        let name = row.named("resource_name").as_text().unwrap_or_default().to_owned();
        let item = json!({
            "processDefinitionId": row.named("process_id").as_text(),
            "processDefinitionVersion": row.named("version").as_int(),
            "processDefinitionKey": key.to_string(),
            "resourceName": name,
            "tenantId": accepted.tenant(),
        });
        items.push((name, item));
    }
    Ok(items)
}

fn process(item: Value) -> Value {
    json!({
        "processDefinition": item,
        "decisionDefinition": null,
        "decisionRequirements": null,
        "form": null,
        "resource": null,
    })
}

/// Finds the newest version of every process.
async fn latest(api: &Api) -> Result<Vec<Cell>, Problem> {
    api.current().await?;
    let mut newest = std::collections::BTreeMap::new();
    let mut from = 0;
    loop {
        let page = Page { start: Start::From(from), limit: PAGE_ROWS_MAX };
        let query = Query { page, ..Query::all(Table::ProcessDefinition) };
        let found = api.store.search(api.id(), query).await;
        let found = found.map_err(|error| Api::store_problem(&error))?;
        for row in &found.rows {
            let text = |name| row.named(name).as_text().unwrap_or_default().to_owned();
            let version = row.named("version").as_int().unwrap_or_default();
            let entry = newest.entry((text("tenant"), text("process_id"))).or_insert((0, 0));
            *entry = (*entry).max((version, row.key()));
        }
        if found.rows.len() < PAGE_ROWS_MAX as usize {
            return Ok(newest.into_values().map(|(_, key)| Cell::Int(key)).collect());
        }
        from += found.rows.len() as u64;
    }
}

/// How many values a list of a filter may have.
const LIST_MAX: usize = 1_000;
