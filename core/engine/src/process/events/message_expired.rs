//! `message.expired`: a message is gone.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;

/// The message is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageExpired {}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &MessageExpired) -> Result<(), Corrupt> {
    let removed = state.tables.remove_message(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "message"))
}
