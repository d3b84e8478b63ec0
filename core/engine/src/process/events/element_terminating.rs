//! `element.terminating`: a scope waits until all inside has ended.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{ElementState, State};
use crate::record::Key;

/// A scope waits until all inside has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementTerminating {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &ElementTerminating) -> Result<(), Corrupt> {
    let key = state.at.key;
    state.tables.clear_tokens(key);
    let found = state.tables.elements.update(&key, |row| {
        (row.state, row.tokens) = (ElementState::Terminating, 0);
    });
    if found { Ok(()) } else { Err(missing(state, "element instance")) }
}
