//! `element.interrupted`: everything inside a scope ends, the scope itself goes on.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// Everything inside a scope ends and nothing new begins there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementInterrupted {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &ElementInterrupted) -> Result<(), Corrupt> {
    let key = state.at.key;
    state.tables.clear_tokens(key);
    let found = state.tables.elements.update(&key, |row| {
        (row.is_interrupted, row.tokens) = (true, 0);
    });
    if found { Ok(()) } else { Err(missing(state, "element instance")) }
}
