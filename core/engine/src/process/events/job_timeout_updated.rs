//! `job.timeout_updated`: a worker has a job for another time.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State};
use crate::record::{Key, Timestamp};

/// The worker has the job for another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobTimeoutUpdated {
    /// When its time is out.
    #[serde(rename = "dl")]
    pub deadline: Timestamp,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &JobTimeoutUpdated) -> Result<(), Corrupt> {
    let next = JobState::Activated(it.deadline);
    let found = state.tables.change_job(state.at.key, |row| row.state = next);
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
