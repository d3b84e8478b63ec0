//! `job.complete`: completes a job.

use serde::{Deserialize, Serialize};

use super::guards::OpenJob;
use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::events::JobCompleted;
use crate::process::{Process, lifecycle};
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

/// Completes the job; what its worker found out goes to its element.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &CompleteJob) -> Result<(), Rejection> {
    let job = OpenJob::check(cx.state(), cx.tenant(), it.job_key)?.workable()?;
    cx.emit(job.key, JobCompleted { process_instance_key: job.row.instance });
    let element = job.row.element_instance;
    if let Some(row) = cx.state().elements.get(&element) {
        let element_id = cx.symbols().name(row.element);
        lifecycle::trigger(cx, element, &element_id, &it.variables);
    }
    Ok(())
}
