//! `variable.set`: sets variables of a scope.

use serde::{Deserialize, Serialize};

use super::guards::settled;
use crate::feel::Context;
use crate::kernel::{Cx, Symbol};
use crate::process::state::{State, is_false};
use crate::process::{Process, rejections, variables};
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

/// Sets the variables, in this scope or where they are found.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &SetVariables) -> Result<(), Rejection> {
    let instance = check(cx.state(), cx.tenant(), it.scope_key)?;
    settled(cx, instance)?;
    if it.is_local {
        variables::set_local(cx, instance, it.scope_key, &it.variables);
    } else {
        variables::propagate(cx, instance, it.scope_key, &it.variables);
    }
    Ok(())
}

/// Returns the process instance of an active scope.
fn check(state: &State, tenant: Symbol, scope: Key) -> Result<Key, Rejection> {
    let instance = state.elements.get(&scope).map(|row| row.instance);
    let is_own = |key: &Key| state.instances.get(key).is_some_and(|row| row.tenant == tenant);
    instance.filter(is_own).ok_or_else(|| {
        let reason =
            alloc::format!("expected an active element instance with key {scope}, found none");
        Rejection::new(rejections::ELEMENT_INSTANCE_NOT_FOUND, reason).blame("scope_key")
    })
}
