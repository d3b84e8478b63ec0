//! `decision.evaluated`: a decision was evaluated, or could not be.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::feel::Value;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// A decision was evaluated, or could not be. The decisions that it requires have events of their own before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionEvaluated {
    /// The first decision of the same evaluation; its own key if it is the first.
    #[serde(rename = "ek")]
    pub evaluation_key: Key,
    /// Its place in the evaluation, counted from 1.
    #[serde(rename = "ix")]
    pub index: u32,
    /// The decision that was asked for.
    #[serde(rename = "rd")]
    pub root_decision_key: Key,
    /// The version of the decision.
    #[serde(rename = "dc")]
    pub decision_key: Key,
    /// The model that the decision is part of.
    #[serde(rename = "dq")]
    pub decision_requirements_key: Key,
    /// The id of the decision.
    #[serde(rename = "di")]
    pub decision_id: Arc<str>,
    /// The name of the decision.
    #[serde(rename = "na")]
    pub name: Arc<str>,
    /// The number of the version.
    #[serde(rename = "vn")]
    pub version: u32,
    /// How it is decided: `DECISION_TABLE`, `LITERAL_EXPRESSION`, or the name of another boxed expression.
    #[serde(rename = "dt")]
    pub decision_type: Arc<str>,
    /// Its result.
    #[serde(rename = "ou")]
    pub output: Value,
    /// The inputs of its table.
    #[serde(rename = "iv", default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<ClauseValue>,
    /// The rules that matched.
    #[serde(rename = "ru", default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<MatchedRule>,
    /// Why parts of it are null.
    #[serde(rename = "wa", default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Arc<str>>,
    /// Why it has no result.
    #[serde(rename = "em", default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<Arc<str>>,
    /// The element instance that asked for it.
    #[serde(rename = "ei", default, skip_serializing_if = "Option::is_none")]
    pub element_instance_key: Option<Key>,
    /// The process instance.
    #[serde(rename = "pi", default, skip_serializing_if = "Option::is_none")]
    pub process_instance_key: Option<Key>,
}

/// The value of an input or output of a decision table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseValue {
    /// The id of the clause, else its name.
    #[serde(rename = "cl")]
    pub clause_id: Arc<str>,
    /// Its name.
    #[serde(rename = "na")]
    pub name: Arc<str>,
    /// Its value.
    #[serde(rename = "va")]
    pub value: Value,
}

/// A rule of a decision table that matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchedRule {
    /// The id of the rule, else its place.
    #[serde(rename = "ri")]
    pub rule_id: Arc<str>,
    /// Its place in the table, counted from 1.
    #[serde(rename = "ix")]
    pub index: u32,
    /// Its outputs.
    #[serde(rename = "os")]
    pub outputs: Vec<ClauseValue>,
}

/// Takes it into the state: what was decided leaves nothing there but variables, which have events of their own.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &DecisionEvaluated) -> Result<(), Corrupt> {
    if state.tables.decisions.contains(&it.decision_key) {
        return Ok(());
    }
    Err(super::missing(state, "the decision of evaluation"))
}

/// Estimates the bytes of it.
pub(crate) fn weight(it: &DecisionEvaluated) -> u64 {
    let outputs = it.rules.iter().flat_map(|rule| &rule.outputs);
    let clauses = it.inputs.iter().chain(outputs);
    let clauses: u64 = clauses
        .map(|clause| {
            let names = (clause.name.len() + clause.clause_id.len()) as u64;
            clause.value.weight().saturating_add(names)
        })
        .sum();
    let texts: usize = it.warnings.iter().chain(&it.error_message).map(|text| text.len()).sum();
    clauses.saturating_add(it.output.weight()).saturating_add(texts as u64)
}
