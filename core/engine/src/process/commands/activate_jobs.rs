//! `job.activate`: hands jobs of a type to a worker.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::Rejection;

/// Hand jobs of a type to a worker, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateJobs {
    /// What the worker can do.
    #[serde(rename = "jt")]
    pub job_type: Arc<str>,
    /// Who asks.
    #[serde(rename = "wk")]
    pub worker: Arc<str>,
    /// How long the worker may take, in milliseconds.
    #[serde(rename = "to")]
    pub timeout_ms: i64,
    /// How many at most.
    #[serde(rename = "mx")]
    pub jobs_max: u32,
    /// The variables that the worker wants to see; all if none are named. For the answer only.
    #[serde(rename = "fv", default, skip_serializing_if = "Option::is_none")]
    pub fetch_variables: Option<Vec<Arc<str>>>,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &ActivateJobs) -> Result<(), Rejection> {
    Ok(())
}
