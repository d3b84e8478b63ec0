//! `job.throw_error`: throws a BPMN error.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Throw a BPMN error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrowError {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
    /// The code of the error.
    #[serde(rename = "ec")]
    pub error_code: Arc<str>,
    /// What the worker says about it.
    #[serde(rename = "em", default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<Arc<str>>,
    /// What goes to whoever catches it.
    #[serde(rename = "vs")]
    pub variables: Context,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &ThrowError) -> Result<(), Rejection> {
    Ok(())
}
