//! `timer.trigger`: goes on where a time has come. Internal.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Go on where a time has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerTimer {
    /// The timer.
    #[serde(rename = "tm")]
    pub timer_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &TriggerTimer) -> Result<(), Rejection> {
    Ok(())
}
