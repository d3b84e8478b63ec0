//! What events about decisions do to the rows.

use alloc::format;
use alloc::string::String;

use super::{
    DecisionDefinitionRow, DecisionInstanceRow, DecisionRequirementsRow, MissingRow, RowAt, Rows,
};
use crate::feel::{Context, Value, json};
use crate::process::events::{
    ClauseValue, DecisionDeployed, DecisionEvaluated, DecisionRequirementsDeployed, MatchedRule,
};
use crate::record::Key;

pub(super) fn model_deployed(
    rows: &mut Rows,
    key: Key,
    it: &DecisionRequirementsDeployed,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let file = rows.resources.get(&it.resource_key).cloned();
    let (resource_name, xml) = file.ok_or_else(|| at.missing("resource", it.resource_key))?;
    let row = DecisionRequirementsRow {
        key,
        decision_requirements_id: it.decision_requirements_id.clone(),
        name: it.name.clone(),
        version: it.version,
        resource_name,
        deployment_key: it.deployment_key,
        xml,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.decision_requirements.put(key, row);
    Ok(())
}

pub(super) fn deployed(
    rows: &mut Rows,
    key: Key,
    it: &DecisionDeployed,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let model = rows.decision_requirements.get(it.decision_requirements_key);
    let model =
        model.ok_or_else(|| at.missing("decision_requirements", it.decision_requirements_key))?;
    let row = DecisionDefinitionRow {
        key,
        decision_id: it.decision_id.clone(),
        name: it.name.clone(),
        version: it.version,
        version_tag: it.version_tag.clone(),
        decision_requirements_key: model.key,
        decision_requirements_id: model.decision_requirements_id.clone(),
        decision_requirements_name: model.name.clone(),
        decision_requirements_version: model.version,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.decision_definitions.put(key, row);
    Ok(())
}

pub(super) fn evaluated(
    rows: &mut Rows,
    key: Key,
    it: &DecisionEvaluated,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let element = it.element_instance_key.map(|key| rows.element(key, at)).transpose()?;
    let process_definition_key = element.map(|row| row.process_definition_key);
    let process_id = element.map(|row| row.process_id.clone());
    let state = if it.error_message.is_some() { "FAILED" } else { "EVALUATED" };
    let row = DecisionInstanceRow {
        key,
        instance_key: instance_name(it).into(),
        evaluation_key: it.evaluation_key,
        state: state.into(),
        evaluation_date: at.timestamp,
        evaluation_failure: it.error_message.clone(),
        decision_definition_key: it.decision_key,
        decision_id: it.decision_id.clone(),
        decision_name: it.name.clone(),
        version: it.version,
        decision_type: api_type(&it.decision_type).into(),
        decision_requirements_key: it.decision_requirements_key,
        root_decision_definition_key: it.root_decision_key,
        element_instance_key: it.element_instance_key,
        process_instance_key: it.process_instance_key,
        process_definition_key,
        process_id,
        result: json::print(&it.output).into(),
        inputs: evaluated_inputs(it).into(),
        rules: matched_rules(it).into(),
        warnings: json::print(&it.warnings.iter().cloned().map(Value::String).collect()).into(),
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.decision_instances.put(key, row);
    Ok(())
}

/// Returns the name that the Camunda 8 API has for how a decision is made: it knows two kinds.
fn api_type(decision_type: &str) -> &'static str {
    match decision_type {
        "DECISION_TABLE" => "DECISION_TABLE",
        "LITERAL_EXPRESSION" => "LITERAL_EXPRESSION",
        _ => "UNKNOWN",
    }
}

/// Returns the name that the Camunda 8 API has for a decision that was evaluated, as `4711-1`.
pub fn instance_name(it: &DecisionEvaluated) -> String {
    format!("{}-{}", it.evaluation_key, it.index)
}

/// Returns the inputs of a decision that was evaluated as the Camunda 8 API has them, in JSON.
pub fn evaluated_inputs(it: &DecisionEvaluated) -> String {
    let inputs = it.inputs.iter().map(|clause| Value::from(clause_of(clause, "input")));
    json::print(&Value::from_iter(inputs))
}

/// Returns the rules that matched as the Camunda 8 API has them, in JSON.
pub fn matched_rules(it: &DecisionEvaluated) -> String {
    let rule = |rule: &MatchedRule| {
        let (id, index) = (Value::String(rule.rule_id.clone()), Value::from(i64::from(rule.index)));
        let output = |clause: &ClauseValue| {
            let mut output = clause_of(clause, "output");
            output.insert("ruleId", id.clone());
            output.insert("ruleIndex", index.clone());
            Value::from(output)
        };
        let outputs = Value::from_iter(rule.outputs.iter().map(output));
        let parts =
            [("ruleId", id.clone()), ("ruleIndex", index.clone()), ("evaluatedOutputs", outputs)];
        Value::from(Context::from_iter(parts))
    };
    json::print(&Value::from_iter(it.rules.iter().map(rule)))
}

fn clause_of(clause: &ClauseValue, what: &str) -> Context {
    let value = Value::String(json::print(&clause.value).into());
    Context::from_iter([
        (format!("{what}Id"), Value::String(clause.clause_id.clone())),
        (format!("{what}Name"), Value::String(clause.name.clone())),
        (format!("{what}Value"), value),
    ])
}
