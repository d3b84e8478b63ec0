//! `message.publish`: publishes a message.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
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

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &PublishMessage) -> Result<(), Rejection> {
    Ok(())
}
