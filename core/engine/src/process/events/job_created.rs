//! `job.created`: an element waits for a worker.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobRow, JobState, State};
use crate::record::Key;

/// An element waits for a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobCreated {
    /// What workers ask for.
    #[serde(rename = "jt")]
    pub job_type: Arc<str>,
    /// How many attempts are left.
    #[serde(rename = "rt")]
    pub retries: i32,
    /// The element instance.
    #[serde(rename = "ei")]
    pub element_instance_key: Key,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &JobCreated) -> Result<(), Corrupt> {
    let row = JobRow {
        tenant: state.at.tenant,
        job_type: state.symbols.intern(&it.job_type),
        state: JobState::Activatable,
        retries: it.retries,
        worker: None,
        element_instance: it.element_instance_key,
        instance: it.process_instance_key,
    };
    state.tables.add_job(state.at.key, row);
    Ok(())
}
