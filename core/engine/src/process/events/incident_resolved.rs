//! `incident.resolved`: what was blocked is tried again, or has ended.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{JobState, State};
use crate::record::Key;

/// What was blocked is tried again, or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentResolved {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &IncidentResolved) -> Result<(), Corrupt> {
    let Some(row) = state.tables.remove_incident(state.at.key) else {
        return Err(missing(state, "incident"));
    };
    let Some(job) = row.job else { return Ok(()) };
    // A job without retries may be taken again; one whose error nobody caught is tried by its retry.
    state.tables.change_job(job, |it| {
        if it.state == JobState::Failed {
            it.state = JobState::Activatable;
        }
    });
    Ok(())
}
