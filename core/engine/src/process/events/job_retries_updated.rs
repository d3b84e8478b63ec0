//! `job.retries_updated`: a job has other retries.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// The job has other retries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRetriesUpdated {
    /// How many attempts are left.
    #[serde(rename = "rt")]
    pub retries: i32,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &JobRetriesUpdated) -> Result<(), Corrupt> {
    let found = state.tables.change_job(state.at.key, |row| row.retries = it.retries);
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
