//! `timer.canceled`: nobody waits for a time any more.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// Nobody waits for the time any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimerCanceled {
    /// The process instance; none if it begins instances.
    #[serde(rename = "pi", default, skip_serializing_if = "Option::is_none")]
    pub process_instance_key: Option<Key>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &TimerCanceled) -> Result<(), Corrupt> {
    let removed = state.tables.remove_timer(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "timer"))
}
