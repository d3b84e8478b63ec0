//! `message.correlate`: gives a message to who waits for it, or refuses.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
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

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &CorrelateMessage) -> Result<(), Rejection> {
    Ok(())
}
