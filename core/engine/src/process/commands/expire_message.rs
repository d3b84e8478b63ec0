//! `message.expire`: forgets a message whose time is over. Internal.

use alloc::format;

use serde::{Deserialize, Serialize};

use crate::kernel::{Cx, Symbol};
use crate::process::events::MessageExpired;
use crate::process::state::State;
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection, Timestamp};

/// Forget a message whose time is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireMessage {
    /// The message.
    #[serde(rename = "mk")]
    pub message_key: Key,
}

/// Forgets the message.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &ExpireMessage) -> Result<(), Rejection> {
    check(cx.state(), cx.tenant(), it.message_key, cx.now())?;
    cx.emit(it.message_key, MessageExpired {});
    Ok(())
}

fn check(state: &State, tenant: Symbol, key: Key, now: Timestamp) -> Result<(), Rejection> {
    let row = state.messages.get(&key).filter(|row| row.correlation.tenant == tenant);
    let Some(deadline) = row.map(|row| row.deadline) else {
        let reason = format!("expected a buffered message with key {key}, found none");
        return Err(Rejection::new(rejections::MESSAGE_NOT_FOUND, reason).blame("message_key"));
    };
    if deadline > now {
        let (deadline, now) = (deadline.0, now.0);
        let reason =
            format!("expected message {key} to expire at {deadline}, found the time {now}");
        return Err(Rejection::new(rejections::MESSAGE_NOT_EXPIRED, reason).blame("message_key"));
    }
    Ok(())
}
