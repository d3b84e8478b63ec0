//! Deployments: files are sent, and the answer says what became of each.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::{Deploy, Resource};
use dacapo_engine::process::events::DecisionRequirementsDeployed;
use dacapo_engine::process::state::Bytes;
use dacapo_engine::record::Key;
use serde_json::{Value, json};

use super::submit::{Accepted, caller};
use super::upload::Upload;
use super::{Api, Problem};
use crate::store::{Row, Table};

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

/// What a file brought, and what is shown of it.
type Item = (Arc<str>, Value);

/// Shows a deployment in the order of its files.
async fn deployment(api: &Api, accepted: &Accepted, upload: &Upload) -> Result<Value, Problem> {
    let mut deployment_key = Key::default();
    let mut items: Vec<Item> = Vec::new();
    for (key, event) in accepted.events() {
        if let Event::DeploymentCreated(it) = event {
            deployment_key = key;
            for key in &it.unchanged {
                items.push(unchanged(api, accepted, *key).await?);
            }
        }
    }
    items.extend(new(accepted));
    let place = |name: &str| upload.resources.iter().position(|(it, _)| **it == *name);
    items.sort_by_key(|(name, _)| place(name));
    let deployments: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
    Ok(json!({
        "deploymentKey": deployment_key.to_string(),
        "tenantId": accepted.tenant(),
        "deployments": deployments,
    }))
}

/// Shows what got a new version.
fn new(accepted: &Accepted) -> Vec<Item> {
    let tenant = accepted.tenant();
    let mut files = Vec::new();
    let mut models: Vec<(Key, &DecisionRequirementsDeployed)> = Vec::new();
    let mut items = Vec::new();
    for (key, event) in accepted.events() {
        let name_of = |file: Key| {
            let found = files.iter().find(|(key, _)| *key == file);
            found.map(|(_, name): &(Key, Arc<str>)| name.clone()).unwrap_or_default()
        };
        match event {
            Event::ResourceDeployed(it) => files.push((key, it.resource_name.clone())),
            Event::ProcessDeployed(it) => {
                let name = name_of(it.resource_key);
                let item = process(&it.process_id, it.version, key, &name, tenant);
                items.push((name, item));
            }
            Event::DecisionRequirementsDeployed(it) => {
                let name = name_of(it.resource_key);
                let id = &it.decision_requirements_id;
                items.push((name.clone(), model((id, &it.name), it.version, key, &name, tenant)));
                models.push((key, it));
            }
            Event::DecisionDeployed(it) => {
                let found = models.iter().find(|(key, _)| *key == it.decision_requirements_key);
                let Some((model_key, model)) = found else { continue };
                let of = (&*model.decision_requirements_id, *model_key);
                let item = decision((&it.decision_id, &it.name), it.version, key, of, tenant);
                items.push((name_of(model.resource_key), item));
            }
            _ => {}
        }
    }
    items
}

/// Shows what was deployed before, with the same content.
async fn unchanged(api: &Api, accepted: &Accepted, key: Key) -> Result<Item, Problem> {
    api.seen(accepted.last()).await?;
    let tenant = accepted.tenant();
    let text = |row: &Row, name: &str| Arc::from(row.named(name).as_text().unwrap_or_default());
    let version = |row: &Row| {
        row.named("version").as_int().and_then(|it| u32::try_from(it).ok()).unwrap_or_default()
    };
    if let Some(row) = find(api, Table::ProcessDefinition, key).await? {
        let name: Arc<str> = text(&row, "resource_name");
        let item = process(&text(&row, "process_id"), version(&row), key, &name, tenant);
        return Ok((name, item));
    }
    if let Some(row) = find(api, Table::DecisionRequirements, key).await? {
        let name: Arc<str> = text(&row, "resource_name");
        let called = (&*text(&row, "decision_requirements_id"), &*text(&row, "name"));
        let item = model(called, version(&row), key, &name, tenant);
        return Ok((name, item));
    }
    let missing = || Problem::internal(format!("expected definition {key} in the read model"));
    let row = find(api, Table::DecisionDefinition, key).await?.ok_or_else(missing)?;
    let model_key = row.named("decision_requirements_key").as_int().unwrap_or_default();
    let model_key = Key(model_key.cast_unsigned());
    let model = find(api, Table::DecisionRequirements, model_key).await?.ok_or_else(missing)?;
    let called = (&*text(&row, "decision_id"), &*text(&row, "name"));
    let of = (&*text(&row, "decision_requirements_id"), model_key);
    let item = decision(called, version(&row), key, of, tenant);
    Ok((text(&model, "resource_name"), item))
}

async fn find(api: &Api, table: Table, key: Key) -> Result<Option<Row>, Problem> {
    let row = api.store.get(api.id(), table, key).await;
    row.map_err(|error| Api::store_problem(&error))
}

fn process(id: &str, version: u32, key: Key, file: &str, tenant: &str) -> Value {
    item(
        "processDefinition",
        json!({
            "processDefinitionId": id,
            "processDefinitionVersion": version,
            "processDefinitionKey": key.to_string(),
            "resourceName": file,
            "tenantId": tenant,
        }),
    )
}

fn model((id, name): (&str, &str), version: u32, key: Key, file: &str, tenant: &str) -> Value {
    item(
        "decisionRequirements",
        json!({
            "decisionRequirementsId": id,
            "decisionRequirementsName": name,
            "version": version,
            "decisionRequirementsKey": key.to_string(),
            "resourceName": file,
            "tenantId": tenant,
        }),
    )
}

/// Shows a decision with the id and key of its model.
fn decision(
    (id, name): (&str, &str),
    version: u32,
    key: Key,
    (model_id, model_key): (&str, Key),
    tenant: &str,
) -> Value {
    item(
        "decisionDefinition",
        json!({
            "decisionDefinitionId": id,
            "name": name,
            "version": version,
            "decisionDefinitionKey": key.to_string(),
            "decisionRequirementsId": model_id,
            "decisionRequirementsKey": model_key.to_string(),
            "tenantId": tenant,
        }),
    )
}

fn item(kind: &str, shown: Value) -> Value {
    let mut item = json!({
        "processDefinition": null,
        "decisionDefinition": null,
        "decisionRequirements": null,
        "form": null,
        "resource": null,
    });
    item[kind] = shown;
    item
}
