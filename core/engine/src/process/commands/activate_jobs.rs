//! `job.activate`: hands jobs of a type to a worker.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::events::JobActivated;
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection};

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

/// Hands out the oldest jobs, at most as many as asked and as fit into a step. Without any, nothing happens.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &ActivateJobs) -> Result<(), Rejection> {
    check_numbers(it)?;
    let Some(job_type) = cx.symbols().find(&it.job_type) else { return Ok(()) };
    let tenant = cx.tenant();
    let range = (tenant, job_type, Key(0))..=(tenant, job_type, Key(u64::MAX));
    let jobs_max = it.jobs_max.min(cx.limits().step_events) as usize;
    let jobs = cx.state().activatable_jobs.range(range).take(jobs_max);
    let keys: Vec<Key> = jobs.map(|((_, _, key), ())| *key).collect();
    let deadline = cx.now().plus_ms(it.timeout_ms);
    for key in keys {
        let Some(process_instance_key) = cx.state().jobs.get(&key).map(|row| row.instance) else {
            continue;
        };
        cx.emit(key, JobActivated { worker: it.worker.clone(), deadline, process_instance_key });
    }
    Ok(())
}

fn check_numbers(it: &ActivateJobs) -> Result<(), Rejection> {
    if it.job_type.is_empty() {
        let reason = "expected the type of jobs, found an empty text";
        return Err(Rejection::new(rejections::JOB_TYPE_MISSING, reason).blame("job_type"));
    }
    if it.timeout_ms <= 0 {
        let reason = alloc::format!("expected a time of at least 1 ms, found {}", it.timeout_ms);
        return Err(Rejection::new(rejections::TIMEOUT_NOT_POSITIVE, reason).blame("timeout_ms"));
    }
    if it.jobs_max == 0 {
        let reason = "expected at least 1 job to be asked for, found 0";
        return Err(Rejection::new(rejections::JOBS_MAX_NOT_POSITIVE, reason).blame("jobs_max"));
    }
    Ok(())
}
