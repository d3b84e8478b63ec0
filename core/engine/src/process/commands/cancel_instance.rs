//! `instance.cancel`: ends an instance and all that is active in it.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// End an instance and all that is active in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelInstance {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &CancelInstance) -> Result<(), Rejection> {
    Ok(())
}
