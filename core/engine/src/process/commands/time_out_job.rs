//! `job.time_out`: takes a job from a worker whose time is out. Internal.

use serde::{Deserialize, Serialize};

use super::guards::OpenJob;
use crate::kernel::Cx;
use crate::process::events::JobTimedOut;
use crate::process::state::JobState;
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection};

/// Take a job from a worker whose time is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeOutJob {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
}

/// Lets another worker take the job.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &TimeOutJob) -> Result<(), Rejection> {
    let job = OpenJob::check(cx.state(), cx.tenant(), it.job_key)?;
    let (key, now) = (job.key, cx.now());
    if !matches!(job.row.state, JobState::Activated(until) if until <= now) {
        let found = job.row.state.name();
        let reason = alloc::format!("expected the time of job {key} to be out, found it {found}");
        return Err(Rejection::new(rejections::JOB_NOT_TIMED_OUT, reason).blame("job_key"));
    }
    cx.emit(key, JobTimedOut { process_instance_key: job.row.instance });
    Ok(())
}
