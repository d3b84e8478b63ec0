//! `job.failed`: a worker gave a job back.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State};
use crate::record::{Key, Timestamp};

/// A worker gave the job back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobFailed {
    /// How many attempts are left.
    #[serde(rename = "rt")]
    pub retries: i32,
    /// What the worker says about it.
    #[serde(rename = "em", default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<Arc<str>>,
    /// Before this time nobody gets it.
    #[serde(rename = "bu", default, skip_serializing_if = "Option::is_none")]
    pub backoff_until: Option<Timestamp>,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &JobFailed) -> Result<(), Corrupt> {
    let next = match it.backoff_until {
        _ if it.retries <= 0 => JobState::Failed,
        Some(until) => JobState::BackingOff(until),
        None => JobState::Activatable,
    };
    let found = state.tables.change_job(state.at.key, |row| {
        (row.state, row.retries) = (next, it.retries);
    });
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
