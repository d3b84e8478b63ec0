//! `job.fail`: gives a job back.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::guards::OpenJob;
use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::events::JobFailed;
use crate::process::{Incident, IncidentKind, Process, lifecycle, rejections, variables};
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

/// Gives the job back: to be taken again, at once or after its back-off, or as an incident if it has no retries left.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &FailJob) -> Result<(), Rejection> {
    check_numbers(it)?;
    let job = OpenJob::check(cx.state(), cx.tenant(), it.job_key)?.activated()?;
    let (instance, element) = (job.row.instance, job.row.element_instance);
    let backoff_ms = it.backoff_ms.filter(|ms| *ms > 0 && it.retries > 0);
    let event = JobFailed {
        retries: it.retries,
        error_message: it.error_message.clone(),
        backoff_until: backoff_ms.map(|ms| cx.now().plus_ms(ms)),
        process_instance_key: instance,
    };
    cx.emit(job.key, event);
    variables::set_local(cx, instance, element, &it.variables);
    if it.retries == 0 {
        let text = match &it.error_message {
            Some(message) => String::from(&**message),
            None => String::from("expected a job with retries, found no retries left"),
        };
        let incident = Incident::new(IncidentKind::JobNoRetries, text);
        lifecycle::raise(cx, instance, element, incident, Some(job.key), None);
    }
    Ok(())
}

fn check_numbers(it: &FailJob) -> Result<(), Rejection> {
    if it.retries < 0 {
        let reason = format!("expected at least 0 retries, found {}", it.retries);
        return Err(Rejection::new(rejections::RETRIES_NOT_POSITIVE, reason).blame("retries"));
    }
    if let Some(ms) = it.backoff_ms.filter(|ms| *ms < 0) {
        let reason = format!("expected a back-off of at least 0 ms, found {ms}");
        return Err(Rejection::new(rejections::BACKOFF_NOT_POSITIVE, reason).blame("backoff_ms"));
    }
    Ok(())
}
