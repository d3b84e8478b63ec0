//! `message_subscription.correlated`: an instance got its message.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{State, is_false};
use crate::record::Key;

/// An instance got its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageSubscriptionCorrelated {
    /// The message.
    #[serde(rename = "mk")]
    pub message_key: Key,
    /// Whether it goes on waiting.
    #[serde(rename = "op", default, skip_serializing_if = "is_false")]
    pub is_open: bool,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    it: &MessageSubscriptionCorrelated,
) -> Result<(), Corrupt> {
    let key = state.at.key;
    let Some(row) = state.tables.subscriptions.get(&key) else {
        return Err(missing(state, "message subscription"));
    };
    let taker = (it.message_key, row.process_id);
    state.tables.message_takers.insert(taker, ());
    if !it.is_open {
        state.tables.remove_subscription(key);
    }
    Ok(())
}
