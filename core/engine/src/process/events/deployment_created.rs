//! `deployment.created`: files were deployed, all or none.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{State, is_false};
use crate::record::Key;

/// Files were deployed. The events about what is new in them follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeploymentCreated {
    /// The definitions of the files that were deployed before, with the same content: processes, decision models and
    /// decisions.
    #[serde(rename = "un")]
    pub unchanged: Vec<Key>,
    /// Whether a process that is new calls decisions of this very deployment: it will find those that are unchanged.
    #[serde(rename = "ib", default, skip_serializing_if = "is_false")]
    pub is_bound: bool,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &DeploymentCreated) -> Result<(), Corrupt> {
    for key in &it.unchanged {
        let tables = &mut state.tables;
        let is_known =
            tables.definitions.contains(key) || tables.decision_requirements.contains(key);
        match tables.decisions.get(key).map(|row| row.decision_id) {
            Some(id) if it.is_bound => {
                tables.decisions_deployed.insert((state.at.key, id), *key);
            }
            Some(_) => {}
            None if is_known => {}
            None => return Err(state.corrupt(alloc::format!("expected definition {key}"))),
        }
    }
    Ok(())
}
