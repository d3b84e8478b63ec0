//! `element.completed`: an element did its work.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// An element did its work; its instance is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementCompleted {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &ElementCompleted) -> Result<(), Corrupt> {
    let removed = state.tables.remove_element(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "element instance"))
}
