//! Incidents: what blocks an element, and errors that nobody caught.

use super::{errors, open};
use crate::kernel::Cx;
use crate::process::events::{IncidentCreated, JobErrorThrown};
use crate::process::state::{ElementRow, JobRow, ThrownError};
use crate::process::{Incident, Process, Task};
use crate::record::Key;

/// Writes that an element instance is blocked.
pub(crate) fn raise(
    cx: &mut Cx<'_, Process>,
    instance: Key,
    element_instance: Key,
    incident: Incident,
    job: Option<Key>,
    retry: Option<Task>,
) {
    let event = IncidentCreated {
        incident_kind: incident.kind,
        error_message: incident.message.into(),
        element_instance_key: element_instance,
        job_key: job,
        retry,
        process_instance_key: instance,
    };
    cx.emit(cx.next_key(), event);
}

/// Returns whether a hook waits for its incident to be resolved.
pub(super) fn is_blocked(cx: &Cx<'_, Process>, element_instance: Key, hook: &Task) -> bool {
    let incidents = cx.state().incidents_of(element_instance);
    let mut rows = incidents.iter().filter_map(|key| cx.state().incidents.get(key));
    rows.any(|row| row.retry.as_ref() == Some(hook))
}

/// Throws the error of a worker: to whoever catches it, or as an incident.
pub(crate) fn throw_from_job(
    cx: &mut Cx<'_, Process>,
    job: Key,
    job_row: &JobRow,
    error: ThrownError,
) {
    let element = job_row.element_instance;
    let Some(at) = open(cx, element) else { return };
    let (model, row) = (at.model, at.row);
    let catcher = errors::find(cx, &model, element, &error.code);
    let event = JobErrorThrown {
        error_code: error.code.clone(),
        error_message: error.message.clone(),
        variables: error.variables.clone(),
        is_caught: catcher.is_some(),
        process_instance_key: row.instance,
    };
    cx.emit(job, event);
    match catcher {
        Some(catcher) => errors::catch(cx, catcher, &error.variables),
        None => raise_uncaught(cx, job, element, &row, &error),
    }
}

/// Looks again for who catches the error that a worker threw and nobody caught.
pub(crate) fn retry_job_error(cx: &mut Cx<'_, Process>, job: Key) {
    let state = cx.state();
    let Some(error) = state.thrown_errors.get(&job).cloned() else { return };
    let Some(job_row) = state.jobs.get(&job).cloned() else { return };
    let Some(at) = open(cx, job_row.element_instance) else { return };
    let (model, row) = (at.model, at.row);
    if errors::find(cx, &model, job_row.element_instance, &error.code).is_some() {
        throw_from_job(cx, job, &job_row, error);
    } else {
        raise_uncaught(cx, job, job_row.element_instance, &row, &error);
    }
}

fn raise_uncaught(
    cx: &mut Cx<'_, Process>,
    job: Key,
    element: Key,
    row: &ElementRow,
    error: &ThrownError,
) {
    let element_id = cx.symbols().name(row.element);
    let incident = errors::uncaught(&error.code, &element_id, error.message.as_ref());
    raise(cx, row.instance, element, incident, Some(job), Some(Task::ThrowError { job_key: job }));
}
