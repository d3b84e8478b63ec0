//! `message.correlate`: gives a message to who waits for it, or refuses.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::events::MessagePublished;
use crate::process::messages::{self, Receiver};
use crate::process::state::{Correlation, State};
use crate::process::{Process, rejections};
use crate::record::Rejection;

/// Give a message to who waits for it now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrelateMessage {
    /// The name of the message.
    #[serde(rename = "mn")]
    pub message_name: Arc<str>,
    /// What tells one receiver from others; empty for none.
    #[serde(rename = "ck")]
    pub correlation_key: Arc<str>,
    /// What it carries.
    #[serde(rename = "vs")]
    pub variables: Context,
}

/// Gives the message to the first who gets it, a start event before a waiting instance; others follow by commands of
/// their own. It is not kept.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &CorrelateMessage) -> Result<(), Rejection> {
    let (name, correlation_key) = (it.message_name.clone(), it.correlation_key.clone());
    let correlation = Correlation { tenant: cx.tenant(), name, correlation_key };
    let receiver = check(cx.state(), &correlation)?;
    let key = cx.next_key();
    let event = MessagePublished {
        message_name: correlation.name,
        correlation_key: correlation.correlation_key,
        message_id: None,
        deadline: cx.now(),
        variables: it.variables.clone(),
        is_pending: true,
    };
    cx.emit(key, event);
    messages::give(cx, key, receiver);
    messages::settle(cx, key);
    Ok(())
}

fn check(state: &State, correlation: &Correlation) -> Result<Receiver, Rejection> {
    if correlation.name.is_empty() {
        let reason = "expected the name of a message, found an empty text";
        return Err(Rejection::new(rejections::MESSAGE_NAME_MISSING, reason).blame("message_name"));
    }
    let receiver = messages::starting(state, correlation, None);
    receiver.or_else(|| messages::waiting(state, correlation, None)).ok_or_else(|| {
        let (name, key) = (&correlation.name, &correlation.correlation_key);
        let reason = alloc::format!(
            "expected somebody to wait for message '{name}' with key '{key}', found nobody"
        );
        Rejection::new(rejections::MESSAGE_NOT_AWAITED, reason)
    })
}
