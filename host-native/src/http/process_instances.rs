//! Process instances: created, awaited, cancelled, read.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use dacapo_engine::feel::{Context, json as feel_json};
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::{CancelInstance, CreateInstance};
use dacapo_engine::process::events::InstanceCreated;
use dacapo_engine::record::Key;
use serde_json::json;
use tokio::time::{Instant, timeout_at};

use super::body::{Optional, Required};
use super::reads::{one, statistics_of};
use super::search::{PROCESS_INSTANCES, SearchBody};
use super::submit::{Accepted, caller};
use super::wire::{self, PathKey, WithVariables, variables};
use super::{Api, Problem, reads, requests, rows};
use crate::store::{Filter, Page, Query, Row, Sort, Start, Table};

/// Creates an instance, and waits for its end if that is asked.
pub async fn create(
    State(api): State<Api>,
    headers: HeaderMap,
    Required(body): Required<requests::CreateInstance>,
) -> Result<Response, Problem> {
    let caller = caller(&headers, body.tenant_id.as_deref())?;
    let is_awaited = body.await_completion.unwrap_or(false);
    let until = Instant::now() + wait(body.request_timeout);
    let fetch = body.fetch_variables.clone().unwrap_or_default();
    let command = command(&api, &caller.tenant, body).await?;
    let accepted = api.must_submit(command, None, caller).await?;
    let created = accepted.events().find_map(|(key, event)| match event {
        Event::InstanceCreated(it) => Some((key, it)),
        _ => None,
    });
    let Some((key, created)) = created else {
        return Err(Problem::internal("expected an instance in the outcome, found none"));
    };
    let variables =
        if is_awaited { ended(&api, key, &fetch, until).await? } else { Context::new() };
    Ok(accepted.header(Json(show(&accepted, key, created, &variables))))
}

/// Ends an instance and all that is active in it.
pub async fn cancel(
    State(api): State<Api>,
    PathKey(key): PathKey,
    headers: HeaderMap,
    Optional(_): Optional<requests::Nothing>,
) -> Result<Response, Problem> {
    let command = CancelInstance { process_instance_key: key };
    let caller = caller(&headers, None)?;
    Ok(api.must_submit(command, Some(key), caller).await?.no_content())
}

/// Finds instances.
pub async fn search(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    let search = body.check(&PROCESS_INSTANCES)?;
    reads::search(&api, search.query, rows::process_instance).await
}

/// Reads one instance.
pub async fn get(State(api): State<Api>, PathKey(key): PathKey) -> Result<Response, Problem> {
    let row = one(&api, Table::ProcessInstance, key, "process instance").await?;
    Ok(Json(rows::process_instance(&row)).into_response())
}

/// Counts the element instances of one instance, by element.
pub async fn statistics(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Response, Problem> {
    one(&api, Table::ProcessInstance, key, "process instance").await?;
    let own = Table::ElementInstance.field("process_instance_key");
    let filter = own.map(|it| Filter::eq(it, key)).into_iter().collect();
    statistics_of(&api, Filter::All(filter)).await
}

async fn command(
    api: &Api,
    tenant: &str,
    body: requests::CreateInstance,
) -> Result<CreateInstance, Problem> {
    for (name, is_there) in [
        ("startInstructions", body.start_instructions.is_some_and(|it| !it.is_empty())),
        ("runtimeInstructions", body.runtime_instructions.is_some_and(|it| !it.is_empty())),
    ] {
        if is_there {
            let detail = format!(
                "{name}: expected none, instances begin at their start and end at their end"
            );
            return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", detail));
        }
    }
    let mut definition_key = body.process_definition_key.map(|it| it.0);
    let mut process_id = body.process_definition_id;
    let mut version = match body.process_definition_version {
        None | Some(-1) => None,
        Some(version) => {
            Some(u32::try_from(version).ok().filter(|it| *it > 0).ok_or_else(|| {
                let field = "processDefinitionVersion";
                let detail = format!("{field}: expected -1 or 1 and more, found {version}");
                Problem::malformed(field, detail)
            })?)
        }
    };
    if definition_key.is_some() == process_id.is_some() {
        let detail = "expected either processDefinitionId or processDefinitionKey";
        return Err(Problem::malformed("", detail));
    }
    if definition_key.is_some() {
        // Clients send -1 with a key, too.
        version = None;
    }
    if let Some((id, tag)) = process_id.as_ref().zip(body.process_definition_version_tag.as_ref()) {
        definition_key = Some(tagged(api, tenant, id, tag).await?);
        (process_id, version) = (None, None);
    }
    Ok(CreateInstance {
        process_id: process_id.map(Into::into),
        version,
        process_definition_key: definition_key,
        variables: variables(body.variables.as_deref(), "variables")?,
        tags: body
            .tags
            .filter(|it| !it.is_empty())
            .map(|it| it.into_iter().map(Into::into).collect()),
        business_id: body.business_id.map(Into::into),
    })
}

/// Finds the newest version of a process with a tag.
async fn tagged(api: &Api, tenant: &str, id: &str, tag: &str) -> Result<Key, Problem> {
    let table = Table::ProcessDefinition;
    let column = |name: &str| table.field(name);
    let filters = [("process_id", id), ("version_tag", tag), ("tenant", tenant)];
    let filters = filters.into_iter().filter_map(|(name, it)| Some(Filter::eq(column(name)?, it)));
    let sort = column("version").map(|field| Sort { field, is_descending: true });
    let query = Query {
        table,
        filter: Filter::All(filters.collect()),
        sort: sort.into_iter().collect(),
        page: Page { start: Start::From(0), limit: 1 },
    };
    api.current().await?;
    let found = api.store.search(api.id(), query).await;
    let found = found.map_err(|error| Api::store_problem(&error))?;
    found.rows.first().map(Row::key).map(|it| Key(it.cast_unsigned())).ok_or_else(|| {
        Problem::not_found(format!("expected process '{id}' with version tag '{tag}', found none"))
    })
}

/// Waits for the end of an instance and returns its variables.
async fn ended(api: &Api, key: Key, fetch: &[String], until: Instant) -> Result<Context, Problem> {
    let _permit = api.waits.try_acquire().map_err(|_| {
        Problem::internal("expected fewer requests that wait; the instance was created")
    })?;
    let waiting = &api.partition.effects().ends;
    loop {
        let place = waiting.place(key);
        // Enabled before looking, so that an end in between is not missed.
        let mut woken = Box::pin(place.notify().notified());
        woken.as_mut().enable();
        let row = one(api, Table::ProcessInstance, key, "process instance").await?;
        match row.named("state").as_text() {
            Some("COMPLETED") => return last_variables(api, key, fetch).await,
            Some("TERMINATED") => {
                let detail = format!("expected instance {key} to complete, found it terminated");
                return Err(Problem::new(StatusCode::CONFLICT, "INVALID_STATE", detail));
            }
            _ => {}
        }
        let is_over = until <= Instant::now() || api.partition.standing().is_ending();
        if is_over || timeout_at(until, woken).await.is_err() && until <= Instant::now() {
            let detail = format!("expected instance {key} to complete in time; it goes on");
            return Err(Problem::timed_out(detail));
        }
    }
}

async fn last_variables(api: &Api, key: Key, fetch: &[String]) -> Result<Context, Problem> {
    let rows = api.store.variables_of(api.id(), vec![key]).await;
    let rows = rows.map_err(|error| Api::store_problem(&error))?;
    let mut context = Context::new();
    for row in &rows {
        let name = row.named("name").as_text().unwrap_or_default();
        if !fetch.is_empty() && !fetch.iter().any(|it| it == name) {
            continue;
        }
        let text = row.named("value").as_text().unwrap_or("null");
        let value = feel_json::parse(text, &feel_json::JsonLimits::default());
        context.insert(name, value.map_err(|error| Problem::internal(error.to_string()))?);
    }
    Ok(context)
}

fn show(
    accepted: &Accepted,
    key: Key,
    created: &InstanceCreated,
    variables: &Context,
) -> WithVariables {
    let rest = json!({
        "processInstanceKey": key.to_string(),
        "processDefinitionKey": created.process_definition_key.to_string(),
        "processDefinitionId": created.process_id,
        "processDefinitionVersion": created.version,
        "tenantId": accepted.tenant(),
        "tags": created.tags.as_deref().unwrap_or_default(),
        "businessId": created.business_id,
    });
    WithVariables { rest, variables: wire::raw(variables) }
}

fn wait(request_timeout_ms: Option<i64>) -> Duration {
    match u64::try_from(request_timeout_ms.unwrap_or(0)) {
        Ok(0) | Err(_) => WAIT_DEFAULT,
        Ok(ms) => Duration::from_millis(ms).min(WAIT_MAX),
    }
}

const WAIT_DEFAULT: Duration = Duration::from_secs(30);
const WAIT_MAX: Duration = Duration::from_secs(60 * 60);
