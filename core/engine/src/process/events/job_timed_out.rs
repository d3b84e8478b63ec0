//! `job.timed_out`: the time of a worker is out.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State};
use crate::record::Key;

/// The time of the worker is out: another one may take the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobTimedOut {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &JobTimedOut) -> Result<(), Corrupt> {
    let found = state.tables.change_job(state.at.key, |row| row.state = JobState::Activatable);
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
