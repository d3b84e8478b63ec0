//! `job.time_out`: takes a job from a worker whose time is out. Internal.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Take a job from a worker whose time is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeOutJob {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &TimeOutJob) -> Result<(), Rejection> {
    Ok(())
}
