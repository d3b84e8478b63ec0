//! `decision.evaluate`: evaluates a decision that no process asks for.

use alloc::format;
use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::{Process, decisions, rejections};
use crate::record::{Key, Rejection};

/// Evaluate a decision, by id or by its version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluateDecision {
    /// The id of the decision; the newest version.
    #[serde(rename = "di", default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<Arc<str>>,
    /// The version of a decision, instead of an id.
    #[serde(rename = "dc", default, skip_serializing_if = "Option::is_none")]
    pub decision_key: Option<Key>,
    /// What it decides about.
    #[serde(rename = "vs")]
    pub variables: Context,
}

/// Evaluates the decision; that there is no result is an event too.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &EvaluateDecision) -> Result<(), Rejection> {
    let decision = check(cx, it)?;
    // Why there is no result stands in the event.
    drop(decisions::evaluate(cx, decision, &it.variables, None));
    Ok(())
}

/// Finds the decision: by its key, or by its id.
fn check(cx: &Cx<'_, Process>, it: &EvaluateDecision) -> Result<Key, Rejection> {
    let (state, tenant) = (cx.state(), cx.tenant());
    let (found, named) = match (it.decision_key, &it.decision_id) {
        (Some(key), None) => (Some(key), format!("decision definition {key}")),
        (None, Some(id)) => {
            let symbol = cx.symbols().find(id);
            let found = symbol.and_then(|it| state.latest_decision(tenant, it));
            (found, format!("decision '{id}'"))
        }
        (Some(_), Some(_)) => return Err(not_named("both")),
        (None, None) => return Err(not_named("neither")),
    };
    let is_own = |key: &Key| state.decisions.get(key).is_some_and(|row| row.tenant == tenant);
    found.filter(is_own).ok_or_else(|| {
        let reason = format!("expected {named}, found none");
        Rejection::new(rejections::DECISION_NOT_FOUND, reason)
    })
}

fn not_named(found: &str) -> Rejection {
    let reason = format!("expected the id or the key of a decision, found {found}");
    Rejection::new(rejections::DECISION_NOT_NAMED, reason)
}
