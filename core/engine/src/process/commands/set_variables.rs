//! `variable.set`: sets variables of a scope.

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
use crate::process::state::is_false;
use crate::record::{Key, Rejection};

/// Set variables, each where it is found from the scope outwards, else in the outermost scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetVariables {
    /// The element instance, or the process instance.
    #[serde(rename = "sc")]
    pub scope_key: Key,
    /// The variables and their values.
    #[serde(rename = "vs")]
    pub variables: Context,
    /// Whether they are set in this very scope.
    #[serde(rename = "lo", default, skip_serializing_if = "is_false")]
    pub is_local: bool,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &SetVariables) -> Result<(), Rejection> {
    Ok(())
}
