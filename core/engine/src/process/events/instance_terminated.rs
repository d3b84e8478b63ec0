//! `instance.terminated`: a process instance was ended from outside.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;

/// A process instance was ended from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceTerminated {}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &InstanceTerminated) -> Result<(), Corrupt> {
    let removed = state.tables.remove_instance(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "instance"))
}
