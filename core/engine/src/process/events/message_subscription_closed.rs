//! `message_subscription.closed`: an instance waits for a message no longer.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// An instance waits for the message no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageSubscriptionClosed {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    _: &MessageSubscriptionClosed,
) -> Result<(), Corrupt> {
    let removed = state.tables.remove_subscription(state.at.key);
    removed.map(drop).ok_or_else(|| missing(state, "message subscription"))
}
