//! `variable.changed`: a variable has a value.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::feel::Value;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{State, VariableRow};
use crate::record::Key;

/// A variable was created or got another value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableChanged {
    /// The scope that it belongs to.
    #[serde(rename = "sc")]
    pub scope_key: Key,
    /// Its name.
    #[serde(rename = "na")]
    pub name: Arc<str>,
    /// Its value.
    #[serde(rename = "va")]
    pub value: Value,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &VariableChanged) -> Result<(), Corrupt> {
    let name = state.symbols.intern(&it.name);
    let row = VariableRow { key: state.at.key, value: it.value.clone() };
    if !state.tables.elements.contains(&it.scope_key) {
        return Err(missing(state, "the scope of variable"));
    }
    state.tables.variables.insert((it.scope_key, name), row);
    Ok(())
}
