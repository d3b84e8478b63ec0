//! Variables, each in the scope that it belongs to.

use serde::{Deserialize, Serialize};

use super::State;
use crate::feel::Value;
use crate::kernel::{Symbol, visit_fields};
use crate::record::Key;

/// A variable of a scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariableRow {
    /// Its key.
    pub key: Key,
    /// Its value.
    pub value: Value,
}
visit_fields!(VariableRow, "variable" { key, value });

impl State {
    /// Finds a variable from a scope outwards, with the scope that has it.
    #[inline]
    pub(crate) fn variable(&self, scope: Key, name: Symbol) -> Option<(Key, &VariableRow)> {
        let mut next = Some(scope);
        // Ends: scopes are a tree, and no scope is its own ancestor.
        while let Some(scope) = next {
            if let Some(row) = self.variables.get(&(scope, name)) {
                return Some((scope, row));
            }
            next = self.elements.get(&scope).and_then(|it| it.scope);
        }
        None
    }
}
