//! Decisions: evaluated, and read with the models that they are part of.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use dacapo_engine::feel::json as feel_json;
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::EvaluateDecision;
use dacapo_engine::process::events::DecisionEvaluated;
use dacapo_engine::process::rows::{evaluated_inputs, instance_name, matched_rules};
use dacapo_engine::record::Key;
use serde_json::{Value, json};

use super::body::{Optional, Required};
use super::reads::{one, xml_of};
use super::search::{
    DECISION_DEFINITIONS, DECISION_INSTANCES, DECISION_REQUIREMENTS, Fields, SearchBody,
};
use super::submit::{Accepted, caller};
use super::wire::{KeyText, PathKey, variables};
use super::{Api, Problem, reads, requests, rows};
use crate::store::{Row, Table};

/// Evaluates a decision.
pub async fn evaluate(
    State(api): State<Api>,
    headers: HeaderMap,
    Required(body): Required<requests::EvaluateDecision>,
) -> Result<Response, Problem> {
    let caller = caller(&headers, body.tenant_id.as_deref())?;
    if body.decision_definition_id.is_some() == body.decision_definition_key.is_some() {
        let detail = "expected either decisionDefinitionId or decisionDefinitionKey";
        return Err(Problem::malformed("", detail));
    }
    let command = EvaluateDecision {
        decision_id: body.decision_definition_id.map(Into::into),
        decision_key: body.decision_definition_key.map(|it| it.0),
        variables: variables(body.variables.as_deref(), "variables")?,
    };
    let accepted = api.must_submit(command, None, caller).await?;
    let evaluated: Vec<_> = accepted.events().filter_map(|(_, event)| decided(event)).collect();
    let Some(last) = evaluated.last() else {
        return Err(Problem::internal("expected a decision in the outcome, found none"));
    };
    let root = one(&api, Table::DecisionDefinition, last.root_decision_key, "decision").await?;
    Ok(accepted.header(Json(evaluation(&accepted, &root, &evaluated))))
}

/// Finds deployed decisions.
pub async fn search_definitions(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    let mut search = body.check(&DECISION_DEFINITIONS)?;
    reads::only_latest(&api, &mut search, "decision_id").await?;
    reads::search(&api, search.query, rows::decision_definition).await
}

/// Reads one deployed decision.
pub async fn definition(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Response, Problem> {
    let row = one(&api, Table::DecisionDefinition, key, "decision definition").await?;
    Ok(Json(rows::decision_definition(&row)).into_response())
}

/// Reads the XML of the model of a decision, byte for byte.
pub async fn definition_xml(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Response, Problem> {
    let row = one(&api, Table::DecisionDefinition, key, "decision definition").await?;
    let model = row.named("decision_requirements_key").as_int().unwrap_or_default();
    let model = Key(model.cast_unsigned());
    xml_of(&api, Table::DecisionRequirements, model, "decision requirements").await
}

/// Finds deployed decision models.
pub async fn search_requirements(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    found(&api, body, &DECISION_REQUIREMENTS, rows::decision_requirements).await
}

/// Reads one deployed decision model.
pub async fn requirements(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Response, Problem> {
    let row = one(&api, Table::DecisionRequirements, key, "decision requirements").await?;
    Ok(Json(rows::decision_requirements(&row)).into_response())
}

/// Reads the XML of a decision model, byte for byte.
pub async fn requirements_xml(
    State(api): State<Api>,
    PathKey(key): PathKey,
) -> Result<Response, Problem> {
    xml_of(&api, Table::DecisionRequirements, key, "decision requirements").await
}

/// Finds decisions that were evaluated.
pub async fn search_instances(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    found(&api, body, &DECISION_INSTANCES, rows::decision_instance).await
}

/// Reads one decision that was evaluated, named by the key of its evaluation and its place in it.
pub async fn instance(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let field = "decisionEvaluationInstanceKey";
    let wrong = || {
        let detail = format!("{field}: expected a key and a number, as 4711-1, found '{name}'");
        Problem::malformed(field, detail)
    };
    let (evaluation, index) = name.split_once('-').ok_or_else(wrong)?;
    let evaluation = KeyText::parse(evaluation).ok_or_else(wrong)?.0;
    let index: u32 = index.parse().ok().filter(|it| *it > 0).ok_or_else(wrong)?;
    // The events of an evaluation follow one another, and a key says where its event stands.
    let key = Key(evaluation.0.saturating_add(u64::from(index) - 1));
    let row = one(&api, Table::DecisionInstance, key, "decision instance").await?;
    if row.named("instance_key").as_text() != Some(&*name) {
        let detail = format!("expected decision instance {name}, found none");
        return Err(Problem::not_found(detail));
    }
    Ok(Json(rows::whole_decision_instance(&row)).into_response())
}

async fn found(
    api: &Api,
    body: SearchBody,
    fields: &'static Fields,
    show: impl Fn(&Row) -> Value,
) -> Result<Response, Problem> {
    reads::search(api, body.check(fields)?.query, show).await
}

fn decided(event: &Event) -> Option<&DecisionEvaluated> {
    match event {
        Event::DecisionEvaluated(it) => Some(it),
        _ => None,
    }
}

/// Shows an evaluation: the decision that was asked for, and all that were evaluated for it.
fn evaluation(accepted: &Accepted, root: &Row, evaluated: &[&DecisionEvaluated]) -> Value {
    let last = evaluated.last();
    let failed = last.filter(|it| it.error_message.is_some());
    let output = last.filter(|_| failed.is_none()).map(|it| feel_json::print(&it.output));
    let key = last.map(|it| it.evaluation_key.to_string());
    let root = rows::decision_definition(root);
    json!({
        "decisionDefinitionId": root["decisionDefinitionId"],
        "decisionDefinitionKey": root["decisionDefinitionKey"],
        "decisionDefinitionName": root["name"],
        "decisionDefinitionVersion": root["version"],
        "decisionRequirementsId": root["decisionRequirementsId"],
        "decisionRequirementsKey": root["decisionRequirementsKey"],
        "decisionEvaluationKey": key,
        "decisionInstanceKey": key,
        "output": output.unwrap_or_else(|| "null".into()),
        "failedDecisionDefinitionId": failed.map(|it| &it.decision_id),
        "failureMessage": failed.and_then(|it| it.error_message.as_ref()),
        "tenantId": accepted.tenant(),
        "evaluatedDecisions": evaluated.iter().map(|it| decision(accepted, it)).collect::<Vec<_>>(),
    })
}

fn decision(accepted: &Accepted, it: &DecisionEvaluated) -> Value {
    // What the printer wrote is JSON.
    let parsed = |text: String| serde_json::from_str::<Value>(&text).unwrap_or_default();
    json!({
        "decisionDefinitionId": it.decision_id,
        "decisionDefinitionKey": it.decision_key.to_string(),
        "decisionDefinitionName": it.name,
        "decisionDefinitionVersion": it.version,
        "decisionDefinitionType": it.decision_type,
        "decisionEvaluationInstanceKey": instance_name(it),
        "output": feel_json::print(&it.output),
        "evaluatedInputs": parsed(evaluated_inputs(it)),
        "matchedRules": parsed(matched_rules(it)),
        "warnings": it.warnings,
        "tenantId": accepted.tenant(),
    })
}
