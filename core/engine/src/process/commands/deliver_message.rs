//! `message.deliver`: gives a published message to the next one who waits. Internal.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Give a published message to the next one who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverMessage {
    /// The message.
    #[serde(rename = "mk")]
    pub message_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &DeliverMessage) -> Result<(), Rejection> {
    Ok(())
}
