//! `message.publish`: publishes a message.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::guards::storable;
use crate::feel::Context;
use crate::kernel::{Cx, Symbol};
use crate::process::events::MessagePublished;
use crate::process::state::{State, Topic};
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
    storable(&it.variables)?;
    let topic = it.topic(cx.tenant());
    check(cx.state(), &topic, it.message_id.as_ref())?;
    let is_pending = messages::waiting(cx.state(), &topic, None).is_some()
        || messages::starting(cx.state(), &topic, None).is_some();
    let key = cx.next_key();
    let event = MessagePublished {
        message_name: topic.name,
        correlation_key: topic.correlation_key,
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
    fn topic(&self, tenant: Symbol) -> Topic {
        let (name, correlation_key) = (self.message_name.clone(), self.correlation_key.clone());
        Topic { tenant, name, correlation_key }
    }
}

fn check(state: &State, topic: &Topic, id: Option<&Arc<str>>) -> Result<(), Rejection> {
    if topic.name.is_empty() {
        let reason = "expected the name of a message, found an empty text";
        return Err(Rejection::new(rejections::MESSAGE_NAME_MISSING, reason).blame("message_name"));
    }
    let Some(id) = id else { return Ok(()) };
    match state.message_ids.get(&(topic.clone(), id.clone())) {
        None => Ok(()),
        Some(key) => {
            let reason = alloc::format!("expected no buffered message with id '{id}', found {key}");
            let code = rejections::MESSAGE_ALREADY_PUBLISHED;
            Err(Rejection::new(code, reason).blame("message_id"))
        }
    }
}
