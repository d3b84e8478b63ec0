//! `incident.created`: an element is blocked and a person is needed.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{IncidentRow, State};
use crate::process::{IncidentKind, Task};
use crate::record::Key;

/// An element is blocked: its model or its data is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentCreated {
    /// What went wrong.
    #[serde(rename = "it")]
    pub incident_kind: IncidentKind,
    /// What was expected and what was found, for people.
    #[serde(rename = "em")]
    pub error_message: Arc<str>,
    /// The element instance that is blocked.
    #[serde(rename = "ei")]
    pub element_instance_key: Key,
    /// The job that is blocked, if it is one.
    #[serde(rename = "jk", default, skip_serializing_if = "Option::is_none")]
    pub job_key: Option<Key>,
    /// What is tried again when it is resolved.
    #[serde(rename = "ry", default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Task>,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &IncidentCreated) -> Result<(), Corrupt> {
    let row = IncidentRow {
        kind: it.incident_kind,
        message: it.error_message.clone(),
        element_instance: it.element_instance_key,
        instance: it.process_instance_key,
        job: it.job_key,
        retry: it.retry.clone(),
    };
    state.tables.add_incident(state.at.key, row);
    Ok(())
}
