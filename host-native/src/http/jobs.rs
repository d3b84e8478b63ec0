//! Jobs: handed out, completed, failed, changed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use dacapo_engine::process::commands::{ActivateJobs, CompleteJob, FailJob, ThrowError, UpdateJob};
use dacapo_engine::process::view::JobView;
use futures_util::future::select_all;
use metrics::gauge;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::body::{Optional, Required};
use super::submit::{Accepted, TENANT_DEFAULT, caller, problem};
use super::wire::{PathKey, WithVariables, variables};
use super::{Api, Problem, requests, wire};
use crate::metrics::LONG_POLLS;
use crate::partition::Caller;

/// Hands out jobs; waits for some if there are none.
pub async fn activate(
    State(api): State<Api>,
    headers: HeaderMap,
    Required(body): Required<requests::ActivateJobs>,
) -> Result<Response, Problem> {
    let until = until(body.request_timeout);
    let callers = callers(&headers, &body)?;
    let (jobs_max, command) = command(body)?;
    let _permit = match until {
        Some(_) => Some(api.waits.try_acquire().map_err(|_| too_many_wait())?),
        None => None,
    };
    loop {
        let waiting = &api.partition.effects().jobs;
        let places: Vec<_> = callers
            .iter()
            .map(|it| waiting.place((it.tenant.clone(), command.job_type.clone())))
            .collect();
        // Enabled before looking, so that a job which comes in between is not missed.
        let mut woken: Vec<_> = places.iter().map(|it| Box::pin(it.notify().notified())).collect();
        for it in &mut woken {
            it.as_mut().enable();
        }
        if api.partition.standing().is_ending() {
            return Ok(Json(json!({ "jobs": [] })).into_response());
        }
        let answer = hand_out(&api, &callers, &command, jobs_max).await?;
        let is_over = until.is_none_or(|it| it <= Instant::now());
        if answer.is_some() || is_over {
            return Ok(answer.unwrap_or_else(|| Json(json!({ "jobs": [] })).into_response()));
        }
        gauge!(LONG_POLLS).increment(1.0);
        let until = until.unwrap_or_else(Instant::now);
        // Being woken is only a hint, and so is not being woken.
        let _ = timeout_at(until, select_all(woken)).await;
        gauge!(LONG_POLLS).decrement(1.0);
    }
}

/// Completes a job.
pub async fn complete(
    State(api): State<Api>,
    PathKey(job_key): PathKey,
    headers: HeaderMap,
    Optional(body): Optional<requests::CompleteJob>,
) -> Result<Response, Problem> {
    if body.result.is_some() {
        let detail = "result: expected none for a job of a service task, found one";
        return Err(Problem::malformed("result", detail));
    }
    let variables = variables(body.variables.as_deref(), "variables")?;
    let command = CompleteJob { job_key, variables };
    let caller = caller(&headers, None)?;
    Ok(api.must_submit(command, Some(job_key), caller).await?.no_content())
}

/// Takes a job back.
pub async fn fail(
    State(api): State<Api>,
    PathKey(job_key): PathKey,
    headers: HeaderMap,
    Optional(body): Optional<requests::FailJob>,
) -> Result<Response, Problem> {
    let command = FailJob {
        job_key,
        retries: body.retries.unwrap_or(0),
        error_message: body.error_message.map(Into::into),
        backoff_ms: body.retry_back_off,
        variables: variables(body.variables.as_deref(), "variables")?,
    };
    let caller = caller(&headers, None)?;
    Ok(api.must_submit(command, Some(job_key), caller).await?.no_content())
}

/// Ends a job with an error of the business.
pub async fn throw_error(
    State(api): State<Api>,
    PathKey(job_key): PathKey,
    headers: HeaderMap,
    Required(body): Required<requests::ThrowError>,
) -> Result<Response, Problem> {
    let command = ThrowError {
        job_key,
        error_code: body.error_code.into(),
        error_message: body.error_message.map(Into::into),
        variables: variables(body.variables.as_deref(), "variables")?,
    };
    let caller = caller(&headers, None)?;
    Ok(api.must_submit(command, Some(job_key), caller).await?.no_content())
}

/// Changes the retries or the time of a job.
pub async fn update(
    State(api): State<Api>,
    PathKey(job_key): PathKey,
    headers: HeaderMap,
    Required(body): Required<requests::UpdateJob>,
) -> Result<Response, Problem> {
    let requests::Changeset { retries, timeout, priority } = body.changeset;
    if priority.is_some() {
        let field = "changeset.priority";
        let detail = format!("{field}: expected none, jobs of this server have no priority");
        return Err(Problem::malformed(field, detail));
    }
    let command = UpdateJob { job_key, retries, timeout_ms: timeout };
    let caller = caller(&headers, None)?;
    Ok(api.must_submit(command, Some(job_key), caller).await?.no_content())
}

/// Tries to hand out jobs of the tenants, in their order.
async fn hand_out(
    api: &Api,
    callers: &[Caller],
    command: &ActivateJobs,
    jobs_max: u32,
) -> Result<Option<Response>, Problem> {
    let (mut jobs, mut last) = (Vec::new(), None);
    for caller in callers {
        let taken = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
        let command = ActivateJobs { jobs_max: jobs_max.saturating_sub(taken), ..command.clone() };
        if command.jobs_max == 0 {
            break;
        }
        let Some(accepted) = api.submit(command, None, caller.clone()).await? else { continue };
        jobs.extend(activated(api, &accepted).await?);
        last = Some(accepted);
    }
    let answer = |it: Accepted| it.header(Json(Jobs { jobs: jobs.iter().map(show).collect() }));
    Ok(last.map(answer))
}

async fn activated(api: &Api, accepted: &Accepted) -> Result<Vec<JobView>, Problem> {
    let found = api.partition.activated(accepted.position()).await.map_err(|it| problem(&it))?;
    match found {
        Some(jobs) => Ok(jobs),
        // The same request again: what of it is still in the hands of the worker.
        None => {
            let events = accepted.events().map(|(key, _)| key).collect();
            api.partition.still_activated(events).await.map_err(|it| problem(&it))
        }
    }
}

fn callers(headers: &HeaderMap, body: &requests::ActivateJobs) -> Result<Vec<Caller>, Problem> {
    let named = body.tenant_ids.as_deref().unwrap_or_default();
    if named.len() > TENANTS_MAX {
        let detail = format!("tenantIds: expected at most {TENANTS_MAX}, found {}", named.len());
        return Err(Problem::malformed("tenantIds", detail));
    }
    match body.tenant_filter.as_deref().map(str::to_ascii_uppercase).as_deref() {
        None | Some("PROVIDED" | "ASSIGNED") => {}
        Some(_) => {
            let detail = "tenantFilter: expected PROVIDED or ASSIGNED, found something else";
            return Err(Problem::malformed("tenantFilter", detail));
        }
    }
    if named.is_empty() {
        return Ok(vec![caller(headers, Some(TENANT_DEFAULT))?]);
    }
    named.iter().map(|it| caller(headers, Some(it))).collect()
}

fn command(body: requests::ActivateJobs) -> Result<(u32, ActivateJobs), Problem> {
    let jobs_max = u32::try_from(body.max_jobs_to_activate).ok().filter(|it| *it > 0);
    let jobs_max = jobs_max.ok_or_else(|| {
        let found = body.max_jobs_to_activate;
        let detail = format!("maxJobsToActivate: expected 1 or more, found {found}");
        Problem::malformed("maxJobsToActivate", detail)
    })?;
    if body.timeout <= 0 {
        let detail = format!("timeout: expected 1 or more milliseconds, found {}", body.timeout);
        return Err(Problem::malformed("timeout", detail));
    }
    let fetch = body.fetch_variable.filter(|it| !it.is_empty());
    let command = ActivateJobs {
        job_type: body.job_type.into(),
        worker: body.worker.unwrap_or_default().into(),
        timeout_ms: body.timeout,
        jobs_max,
        fetch_variables: fetch.map(|it| it.into_iter().map(Arc::from).collect()),
    };
    Ok((jobs_max, command))
}

fn until(request_timeout_ms: Option<i64>) -> Option<Instant> {
    let wait = match request_timeout_ms.unwrap_or(0) {
        0 => WAIT_DEFAULT,
        ms => Duration::from_millis(u64::try_from(ms).ok()?).min(WAIT_MAX),
    };
    Some(Instant::now() + wait)
}

fn too_many_wait() -> Problem {
    Problem::exhausted(
        "expected fewer requests that wait, found the limit reached; ask again later",
    )
}

fn show(job: &JobView) -> WithVariables {
    let headers: serde_json::Map<String, Value> =
        job.headers.iter().map(|(name, value)| (name.to_string(), (**value).into())).collect();
    let rest = json!({
        "jobKey": job.key.to_string(),
        "type": job.job_type,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "worker": job.worker.as_deref().unwrap_or_default(),
        "retries": job.retries,
        "deadline": job.deadline.map(|it| it.0),
        "customHeaders": headers,
        "elementId": job.element_id,
        "elementInstanceKey": job.element_instance_key.to_string(),
        "processInstanceKey": job.process_instance_key.to_string(),
        "rootProcessInstanceKey": job.process_instance_key.to_string(),
        "processDefinitionKey": job.process_definition_key.to_string(),
        "processDefinitionId": job.process_id,
        "processDefinitionVersion": job.version,
        "tenantId": job.tenant,
        "physicalTenantId": job.tenant,
        "userTask": null,
        "tags": job.tags,
        "businessId": job.business_id,
        "priority": 0,
        "jobLeaseToken": null,
        "leaseToken": null,
    });
    WithVariables { rest, variables: wire::raw(&job.variables) }
}

#[derive(Serialize)]
struct Jobs {
    jobs: Vec<WithVariables>,
}

const WAIT_DEFAULT: Duration = Duration::from_secs(10);
const WAIT_MAX: Duration = Duration::from_secs(60 * 60);
const TENANTS_MAX: usize = 16;
