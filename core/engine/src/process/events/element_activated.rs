//! `element.activated`: an element is at work.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{ElementState, State};
use crate::record::Key;

/// An element is at work, or waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementActivated {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &ElementActivated) -> Result<(), Corrupt> {
    let key = state.at.key;
    let found = state.tables.elements.update(&key, |row| row.state = ElementState::Active);
    if found { Ok(()) } else { Err(missing(state, "element instance")) }
}
