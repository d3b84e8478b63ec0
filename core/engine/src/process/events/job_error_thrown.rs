//! `job.error_thrown`: a worker threw a BPMN error.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::feel::Context;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State, ThrownError, is_false};
use crate::record::Key;

/// A worker threw a BPMN error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobErrorThrown {
    /// The code of the error.
    #[serde(rename = "ec")]
    pub error_code: Arc<str>,
    /// What the worker says about it.
    #[serde(rename = "em", default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<Arc<str>>,
    /// What goes to whoever catches it.
    #[serde(rename = "vs")]
    pub variables: Context,
    /// Whether an event catches it.
    #[serde(rename = "ic", default, skip_serializing_if = "is_false")]
    pub is_caught: bool,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &JobErrorThrown) -> Result<(), Corrupt> {
    let key = state.at.key;
    let tables = &mut state.tables;
    if it.is_caught {
        return tables.remove_job(key).map(drop).ok_or_else(|| missing(state, "job"));
    }
    let found = tables.change_job(key, |row| row.state = JobState::ErrorThrown);
    let error = ThrownError {
        code: it.error_code.clone(),
        message: it.error_message.clone(),
        variables: it.variables.clone(),
    };
    tables.thrown_errors.insert(key, error);
    if found { Ok(()) } else { Err(missing(state, "job")) }
}
