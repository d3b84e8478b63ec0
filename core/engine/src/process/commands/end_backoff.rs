//! `job.end_backoff`: lets a failed job be taken again. Internal.

use serde::{Deserialize, Serialize};

use super::guards::OpenJob;
use crate::kernel::Cx;
use crate::process::events::JobBackoffEnded;
use crate::process::state::JobState;
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection};

/// Let a failed job be taken again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndBackoff {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
}

/// Lets a worker take the job.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &EndBackoff) -> Result<(), Rejection> {
    let job = OpenJob::check(cx.state(), cx.tenant(), it.job_key)?;
    let (key, now) = (job.key, cx.now());
    if !matches!(job.row.state, JobState::BackingOff(until) if until <= now) {
        let found = job.row.state.name();
        let reason =
            alloc::format!("expected the back-off of job {key} to be over, found it {found}");
        return Err(Rejection::new(rejections::JOB_NOT_BACKING_OFF, reason).blame("job_key"));
    }
    cx.emit(key, JobBackoffEnded { process_instance_key: job.row.instance });
    Ok(())
}
