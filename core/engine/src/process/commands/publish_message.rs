//! `message.publish`: publishes a message.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::{Cx, Symbol};
use crate::process::events::MessagePublished;
use crate::process::state::{Correlation, State};
use crate::process::{Process, messages, rejections};
use crate::record::Rejection;

/// Publish a message, for those who wait for it and for those who will within its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishMessage {
    /// The name of the message.
    #[serde(rename = "mn")]
    pub message_name: Arc<str>,
    /// What tells one receiver from others; empty for none.
    #[serde(rename = "ck")]
    pub correlation_key: Arc<str>,
    /// How long it waits to be taken, in milliseconds.
    #[serde(rename = "tt")]
    pub time_to_live_ms: i64,
    /// An id that no other buffered message of this name and key may have.
    #[serde(rename = "mi", default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Arc<str>>,
    /// What it carries.
    #[serde(rename = "vs")]
    pub variables: Context,
}

/// Publishes the message. Who waits for it gets it by a command of its own each.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &PublishMessage) -> Result<(), Rejection> {
    let correlation = it.correlation(cx.tenant());
    check(cx.state(), &correlation, it.message_id.as_ref())?;
    let is_pending = messages::waiting(cx.state(), &correlation, None).is_some()
        || messages::starting(cx.state(), &correlation, None).is_some();
    let key = cx.next_key();
    let event = MessagePublished {
        message_name: correlation.name,
        correlation_key: correlation.correlation_key,
        message_id: it.message_id.clone(),
        deadline: messages::deadline(cx.now(), it.time_to_live_ms),
        variables: it.variables.clone(),
        is_pending,
    };
    cx.emit(key, event);
    if !is_pending {
        messages::settle(cx, key);
    }
    Ok(())
}

impl PublishMessage {
    fn correlation(&self, tenant: Symbol) -> Correlation {
        let (name, correlation_key) = (self.message_name.clone(), self.correlation_key.clone());
        Correlation { tenant, name, correlation_key }
    }
}

fn check(state: &State, correlation: &Correlation, id: Option<&Arc<str>>) -> Result<(), Rejection> {
    if correlation.name.is_empty() {
        let reason = "expected the name of a message, found an empty text";
        return Err(Rejection::new(rejections::MESSAGE_NAME_MISSING, reason).blame("message_name"));
    }
    let Some(id) = id else { return Ok(()) };
    match state.message_ids.get(&(correlation.clone(), id.clone())) {
        None => Ok(()),
        Some(key) => {
            let reason = alloc::format!("expected no buffered message with id '{id}', found {key}");
            let code = rejections::MESSAGE_ALREADY_PUBLISHED;
            Err(Rejection::new(code, reason).blame("message_id"))
        }
    }
}
