//! `job.update`: changes the retries or the time of a job.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Change the retries or the time of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateJob {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
    /// How many attempts are left.
    #[serde(rename = "rt", default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<i32>,
    /// How long the worker may take from now on, in milliseconds.
    #[serde(rename = "to", default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<i64>,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &UpdateJob) -> Result<(), Rejection> {
    Ok(())
}
