//! `incident.resolve`: tries again what was blocked.

use alloc::format;

use serde::{Deserialize, Serialize};

use super::guards::settled;
use crate::kernel::{Cx, Symbol};
use crate::process::events::IncidentResolved;
use crate::process::state::{IncidentRow, JobState, State};
use crate::process::{Process, lifecycle, rejections};
use crate::record::{Key, Rejection};

/// Try again what was blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveIncident {
    /// The incident.
    #[serde(rename = "ik")]
    pub incident_key: Key,
}

/// Resolves the incident and tries again what was blocked.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &ResolveIncident) -> Result<(), Rejection> {
    let row = check(cx.state(), cx.tenant(), it.incident_key)?;
    settled(cx, row.instance)?;
    cx.emit(it.incident_key, IncidentResolved { process_instance_key: row.instance });
    if let Some(task) = row.retry {
        lifecycle::schedule(cx, row.instance, task);
    }
    Ok(())
}

fn check(state: &State, tenant: Symbol, key: Key) -> Result<IncidentRow, Rejection> {
    let is_own = |row: &&IncidentRow| {
        state.instances.get(&row.instance).is_some_and(|it| it.tenant == tenant)
    };
    let Some(row) = state.incidents.get(&key).filter(is_own) else {
        let reason = format!("expected an open incident with key {key}, found none");
        return Err(Rejection::new(rejections::INCIDENT_NOT_FOUND, reason).blame("incident_key"));
    };
    let job = row.job.and_then(|job| Some((job, state.jobs.get(&job)?)));
    if let Some((job, it)) = job.filter(|(_, it)| it.state == JobState::Failed && it.retries <= 0) {
        let reason = format!("expected job {job} to have retries, found {}", it.retries);
        let code = rejections::INCIDENT_NOT_RESOLVABLE;
        return Err(Rejection::new(code, reason).blame("incident_key"));
    }
    Ok(row.clone())
}
