//! `job.end_backoff`: lets a failed job be taken again. Internal.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Let a failed job be taken again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndBackoff {
    /// The job.
    #[serde(rename = "jk")]
    pub job_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &EndBackoff) -> Result<(), Rejection> {
    Ok(())
}
