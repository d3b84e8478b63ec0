//! `message.expire`: forgets a message whose time is over. Internal.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Forget a message whose time is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireMessage {
    /// The message.
    #[serde(rename = "mk")]
    pub message_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &ExpireMessage) -> Result<(), Rejection> {
    Ok(())
}
