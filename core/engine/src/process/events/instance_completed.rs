//! `instance.completed`: a process instance reached its end.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;

/// A process instance reached its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceCompleted {}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &InstanceCompleted) -> Result<(), Corrupt> {
    let removed = state.tables.remove_instance(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "instance"))
}
