//! `decision.deployed`: a decision got a new version.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{DecisionRow, LatestRow, State};
use crate::record::Key;

/// A decision got a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionDeployed {
    /// The model that it is part of.
    #[serde(rename = "dq")]
    pub decision_requirements_key: Key,
    /// The id of the decision.
    #[serde(rename = "di")]
    pub decision_id: Arc<str>,
    /// The name of the decision.
    #[serde(rename = "na")]
    pub name: Arc<str>,
    /// The version.
    #[serde(rename = "vn")]
    pub version: u32,
    /// The author's name for the version.
    #[serde(rename = "vt", default, skip_serializing_if = "Option::is_none")]
    pub version_tag: Option<Arc<str>>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &DecisionDeployed) -> Result<(), Corrupt> {
    let (key, tenant) = (state.at.key, state.at.tenant);
    let requirements = it.decision_requirements_key;
    let model = state.tables.decision_requirements.get(&requirements);
    let (resource, deployment) = match model {
        Some(row) => (row.resource, row.deployment),
        None => return Err(super::missing(state, "the model of decision")),
    };
    let (decision_id, version) = (state.symbols.intern(&it.decision_id), it.version);
    let tables = &mut state.tables;
    tables.decisions.insert(key, DecisionRow { tenant, decision_id, version, requirements });
    let latest = LatestRow { version, definition: key };
    tables.latest_decisions.insert((tenant, decision_id), latest);
    tables.decisions_of.insert((resource, decision_id), key);
    tables.decisions_deployed.insert((deployment, decision_id), key);
    if let Some(tag) = &it.version_tag {
        tables.decisions_by_tag.insert((tenant, decision_id, tag.clone()), key);
    }
    Ok(())
}
