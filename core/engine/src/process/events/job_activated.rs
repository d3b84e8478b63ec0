//! `job.activated`: a worker has a job.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State};
use crate::record::{Key, Timestamp};

/// A worker has the job until its time is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobActivated {
    /// Who has it.
    #[serde(rename = "wk")]
    pub worker: Arc<str>,
    /// When its time is out.
    #[serde(rename = "dl")]
    pub deadline: Timestamp,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &JobActivated) -> Result<(), Corrupt> {
    let found = state.tables.change_job(state.at.key, |row| {
        row.state = JobState::Activated(it.deadline);
        row.worker = Some(it.worker.clone());
    });
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
