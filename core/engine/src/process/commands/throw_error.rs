//! `job.throw_error`: throws a BPMN error.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::guards::OpenJob;
use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::state::ThrownError;
use crate::process::{Process, lifecycle, rejections};
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

/// Throws the error: to the event that catches it, or as an incident if there is none.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &ThrowError) -> Result<(), Rejection> {
    if it.error_code.is_empty() {
        let reason = "expected the code of an error, found an empty text";
        return Err(Rejection::new(rejections::ERROR_CODE_MISSING, reason).blame("error_code"));
    }
    let job = OpenJob::check(cx.state(), cx.tenant(), it.job_key)?.workable()?;
    lifecycle::throw_from_job(cx, job.key, &job.row, it.thrown());
    Ok(())
}

impl ThrowError {
    fn thrown(&self) -> ThrownError {
        ThrownError {
            code: self.error_code.clone(),
            message: self.error_message.clone(),
            variables: self.variables.clone(),
        }
    }
}
