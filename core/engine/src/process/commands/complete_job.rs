//! `job.complete`: completes a job.

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Complete a job; its element goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteJob {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
    /// What the worker found out.
    #[serde(rename = "vs")]
    pub variables: Context,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &CompleteJob) -> Result<(), Rejection> {
    Ok(())
}
