//! `job.canceled`: nobody waits for a job any more.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// Nobody waits for the job any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobCanceled {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &JobCanceled) -> Result<(), Corrupt> {
    let removed = state.tables.remove_job(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "job"))
}
