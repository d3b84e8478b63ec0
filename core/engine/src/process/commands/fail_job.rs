//! `job.fail`: gives a job back.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Give a job back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailJob {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
    /// How many attempts are left.
    #[serde(rename = "rt")]
    pub retries: i32,
    /// What the worker says about it.
    #[serde(rename = "em", default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<Arc<str>>,
    /// How long nobody gets it, in milliseconds.
    #[serde(rename = "bo", default, skip_serializing_if = "Option::is_none")]
    pub backoff_ms: Option<i64>,
    /// What stays in the scope of the element.
    #[serde(rename = "vs")]
    pub variables: Context,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &FailJob) -> Result<(), Rejection> {
    Ok(())
}
