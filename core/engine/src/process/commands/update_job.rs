//! `job.update`: changes the retries or the time of a job.

use alloc::format;

use serde::{Deserialize, Serialize};

use super::guards::OpenJob;
use crate::kernel::Cx;
use crate::process::events::{JobRetriesUpdated, JobTimeoutUpdated};
use crate::process::{Process, rejections};
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

/// Changes what is named: retries always, the time only of a job that a worker has.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &UpdateJob) -> Result<(), Rejection> {
    check_numbers(it)?;
    let mut job = OpenJob::check(cx.state(), cx.tenant(), it.job_key)?;
    if it.timeout_ms.is_some() {
        job = job.activated()?;
    }
    let process_instance_key = job.row.instance;
    if let Some(retries) = it.retries {
        cx.emit(job.key, JobRetriesUpdated { retries, process_instance_key });
    }
    if let Some(timeout_ms) = it.timeout_ms {
        let deadline = cx.now().plus_ms(timeout_ms);
        cx.emit(job.key, JobTimeoutUpdated { deadline, process_instance_key });
    }
    Ok(())
}

fn check_numbers(it: &UpdateJob) -> Result<(), Rejection> {
    if it.retries.is_none() && it.timeout_ms.is_none() {
        let reason = "expected retries or a time to change, found neither";
        return Err(Rejection::new(rejections::CHANGES_MISSING, reason));
    }
    if let Some(retries) = it.retries.filter(|retries| *retries <= 0) {
        let reason = format!("expected at least 1 retry, found {retries}");
        return Err(Rejection::new(rejections::RETRIES_NOT_POSITIVE, reason).blame("retries"));
    }
    if let Some(ms) = it.timeout_ms.filter(|ms| *ms <= 0) {
        let reason = format!("expected a time of at least 1 ms, found {ms}");
        return Err(Rejection::new(rejections::TIMEOUT_NOT_POSITIVE, reason).blame("timeout_ms"));
    }
    Ok(())
}
