//! `incident.resolve`: tries again what was blocked.

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Try again what was blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveIncident {
    /// The incident.
    #[serde(rename = "ik")]
    pub incident_key: Key,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &ResolveIncident) -> Result<(), Rejection> {
    Ok(())
}
