//! `decision_requirements.deployed`: a decision model got a new version.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{DecisionRequirementsRow, LatestRow, State};
use crate::record::Key;

/// A decision model got a new version. The events about its decisions follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequirementsDeployed {
    /// The deployment.
    #[serde(rename = "dk")]
    pub deployment_key: Key,
    /// The file.
    #[serde(rename = "rk")]
    pub resource_key: Key,
    /// The id of the model.
    #[serde(rename = "dr")]
    pub decision_requirements_id: Arc<str>,
    /// The name of the model.
    #[serde(rename = "na")]
    pub name: Arc<str>,
    /// The version.
    #[serde(rename = "vn")]
    pub version: u32,
    /// The files that it imports, directly or not.
    #[serde(rename = "im", default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<Key>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    it: &DecisionRequirementsDeployed,
) -> Result<(), Corrupt> {
    let (key, tenant) = (state.at.key, state.at.tenant);
    let id = state.symbols.intern(&it.decision_requirements_id);
    let (version, resource, deployment) = (it.version, it.resource_key, it.deployment_key);
    let imports = it.imports.clone();
    let row = DecisionRequirementsRow { tenant, id, version, resource, deployment, imports };
    let latest = LatestRow { version, definition: key };
    state.tables.decision_requirements.insert(key, row);
    state.tables.latest_decision_requirements.insert((tenant, id), latest);
    Ok(())
}
