//! Decisions that were evaluated, as objects.

use dacapo_engine::kernel::Stepped;
use dacapo_engine::process::events::{ClauseValue, DecisionEvaluated, MatchedRule};
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::Key;
use wasm_bindgen::JsValue;

use crate::asking::events;
use crate::values::{array, key, object, text, value};

/// Shows what came of an evaluation: the decision that was asked for is the last.
pub(crate) fn evaluation(stepped: &Stepped<Process>) -> JsValue {
    let all: Vec<_> = events(stepped).filter_map(decided).collect();
    let last = all.last().map(|(_, it)| *it);
    let failed = last.filter(|it| it.error_message.is_some());
    object([
        ("evaluationKey", key(last.map(|it| it.evaluation_key))),
        ("output", last.map_or(JsValue::NULL, |it| value(&it.output))),
        ("failedDecisionId", text(failed.map(|it| &it.decision_id))),
        ("errorMessage", text(failed.and_then(|it| it.error_message.as_ref()))),
        ("decisions", array(all.iter().map(|(key, it)| decision(*key, it)))),
    ])
}

fn decided((key, event): (Key, &Event)) -> Option<(Key, &DecisionEvaluated)> {
    match event {
        Event::DecisionEvaluated(it) => Some((key, it)),
        _ => None,
    }
}

fn decision(own: Key, it: &DecisionEvaluated) -> JsValue {
    object([
        ("key", key(own)),
        ("decisionKey", key(it.decision_key)),
        ("decisionId", text(Some(&it.decision_id))),
        ("name", text(Some(&it.name))),
        ("version", it.version.into()),
        ("decisionType", text(Some(&it.decision_type))),
        ("output", value(&it.output)),
        ("inputs", array(it.inputs.iter().map(clause))),
        ("rules", array(it.rules.iter().map(rule))),
        ("warnings", array(it.warnings.iter().map(|it| text(Some(it))))),
        ("errorMessage", text(it.error_message.as_ref())),
    ])
}

fn rule(it: &MatchedRule) -> JsValue {
    object([
        ("id", text(Some(&it.rule_id))),
        ("index", it.index.into()),
        ("outputs", array(it.outputs.iter().map(clause))),
    ])
}

fn clause(it: &ClauseValue) -> JsValue {
    object([
        ("id", text(Some(&it.clause_id))),
        ("name", text(Some(&it.name))),
        ("value", value(&it.value)),
    ])
}
