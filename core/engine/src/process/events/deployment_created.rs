//! `deployment.created`: files were deployed, all or none.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// Files were deployed. The events about what is new in them follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeploymentCreated {
    /// The definitions of the files that were deployed before, with the same content.
    #[serde(rename = "un")]
    pub unchanged: Vec<Key>,
}

/// Takes it into the state.
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &DeploymentCreated) -> Result<(), Corrupt> {
    let unknown = it.unchanged.iter().find(|key| !state.tables.definitions.contains(key));
    unknown.map_or(Ok(()), |key| Err(state.corrupt(alloc::format!("expected definition {key}"))))
}
