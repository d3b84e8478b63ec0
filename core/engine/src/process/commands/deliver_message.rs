//! `message.deliver`: gives a published message to the next one who waits. Internal.

use serde::{Deserialize, Serialize};

use crate::kernel::{Cx, Symbol};
use crate::process::messages::{self, Receiver};
use crate::process::state::{MessageRow, State};
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection};

/// Give a published message to the next one who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverMessage {
    /// The message.
    #[serde(rename = "mk")]
    pub message_key: Key,
}

/// Gives the message to the next who gets it: waiting instances first, then start events.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &DeliverMessage) -> Result<(), Rejection> {
    let key = it.message_key;
    if let Some(receiver) = check(cx.state(), cx.tenant(), key)? {
        messages::give(cx, key, receiver);
    }
    messages::settle(cx, key);
    Ok(())
}

fn check(state: &State, tenant: Symbol, key: Key) -> Result<Option<Receiver>, Rejection> {
    let is_pending = |row: &&MessageRow| row.correlation.tenant == tenant && row.is_pending;
    let Some(row) = state.messages.get(&key).filter(is_pending) else {
        let reason =
            alloc::format!("expected a message with key {key} to be correlated, found none");
        return Err(Rejection::new(rejections::MESSAGE_NOT_FOUND, reason).blame("message_key"));
    };
    let waiting = messages::waiting(state, &row.correlation, Some((key, row)));
    Ok(waiting.or_else(|| messages::starting(state, &row.correlation, Some(key))))
}
