//! `process.deployed`: a process got a new version.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{DefinitionRow, LatestRow, State};
use crate::record::Key;

/// A process got a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessDeployed {
    /// The deployment.
    #[serde(rename = "dk")]
    pub deployment_key: Key,
    /// The file.
    #[serde(rename = "rk")]
    pub resource_key: Key,
    /// The id of the process.
    #[serde(rename = "pr")]
    pub process_id: Arc<str>,
    /// The version.
    #[serde(rename = "vn")]
    pub version: u32,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &ProcessDeployed) -> Result<(), Corrupt> {
    let (key, tenant) = (state.at.key, state.at.tenant);
    let process_id = state.symbols.intern(&it.process_id);
    let (version, resource, deployment) = (it.version, it.resource_key, it.deployment_key);
    let row = DefinitionRow { tenant, process_id, version, resource, deployment };
    let latest = LatestRow { version, definition: key };
    state.tables.definitions.insert(key, row);
    state.tables.definition_versions.insert((tenant, process_id, version), key);
    state.tables.latest_definitions.insert((tenant, process_id), latest);
    Ok(())
}
