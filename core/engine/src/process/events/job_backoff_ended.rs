//! `job.backoff_ended`: a failed job may be taken again.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State};
use crate::record::Key;

/// The back-off of the failed job is over: a worker may take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobBackoffEnded {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &JobBackoffEnded) -> Result<(), Corrupt> {
    let found = state.tables.change_job(state.at.key, |row| row.state = JobState::Activatable);
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
