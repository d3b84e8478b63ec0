//! Deployed decision models and their decisions.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::State;
use crate::kernel::{Symbol, visit_fields};
use crate::record::Key;

/// One version of a decision model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRequirementsRow {
    /// Whose.
    pub tenant: Symbol,
    /// The id of the model.
    pub id: Symbol,
    /// Counts from 1 per tenant and model.
    pub version: u32,
    /// The file that it stands in.
    pub resource: Key,
    /// The deployment that brought it.
    pub deployment: Key,
    /// The files that it imports, directly or not.
    pub imports: Vec<Key>,
}
visit_fields!(DecisionRequirementsRow, "decision_requirements" { tenant, id, version, resource, deployment, imports });

/// One version of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Whose.
    pub tenant: Symbol,
    /// The id of the decision.
    pub decision_id: Symbol,
    /// Counts from 1 per tenant and decision.
    pub version: u32,
    /// The model that it is part of.
    pub requirements: Key,
}
visit_fields!(DecisionRow, "decision" { tenant, decision_id, version, requirements });

impl State {
    /// Returns the newest version of a decision.
    #[inline]
    pub(crate) fn latest_decision(&self, tenant: Symbol, decision_id: Symbol) -> Option<Key> {
        self.latest_decisions.get(&(tenant, decision_id)).map(|row| row.definition)
    }

    /// Returns the model that a decision is part of.
    #[inline]
    pub(crate) fn requirements_of(&self, decision: Key) -> Option<&DecisionRequirementsRow> {
        self.decision_requirements.get(&self.decisions.get(&decision)?.requirements)
    }
}
