//! `message.settled`: all who waited for a message have it; it stays for later ones.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;

/// All who waited for the message have it; it stays for later ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageSettled {}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, _: &MessageSettled) -> Result<(), Corrupt> {
    let key = state.at.key;
    let Some(published) = state.tables.messages.get(&key).map(|row| row.published) else {
        return Err(missing(state, "message"));
    };
    state.tables.messages.update(&key, |row| row.is_pending = false);
    state.tables.messages_pending.remove(&(published, key));
    Ok(())
}
