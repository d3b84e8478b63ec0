//! Rows of the read model as the API shows them: every field is there, null for nothing, keys as text.

use dacapo_engine::record::Timestamp;
use serde_json::{Value, json};

use super::time;
use crate::store::{Cell, Row};

/// Shows a deployed process.
pub fn process_definition(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "processDefinitionKey": it.key("key"),
        "processDefinitionId": it.text("process_id"),
        "name": it.text("name"),
        "resourceName": it.text("resource_name"),
        "version": it.number("version"),
        "versionTag": it.text("version_tag"),
        "tenantId": it.text("tenant"),
        "hasStartForm": false,
        "state": "ACTIVE",
    })
}

/// Shows a process instance.
pub fn process_instance(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "processInstanceKey": it.key("key"),
        "processDefinitionId": it.text("process_id"),
        "processDefinitionName": it.text("process_name"),
        "processDefinitionVersion": it.number("version"),
        "processDefinitionVersionTag": it.text("version_tag"),
        "processDefinitionKey": it.key("process_definition_key"),
        "startDate": it.time("start_date"),
        "endDate": it.time("end_date"),
        "suspendedDate": null,
        "state": it.text("state"),
        "hasIncident": it.integer("incidents") > 0,
        "parentProcessInstanceKey": it.key("parent_process_instance_key"),
        "parentElementInstanceKey": it.key("parent_element_instance_key"),
        "rootProcessInstanceKey": it.root("parent_process_instance_key", "key"),
        "tenantId": it.text("tenant"),
        "tags": it.json("tags", json!([])),
        "businessId": it.text("business_id"),
    })
}

/// Shows an element instance.
pub fn element_instance(row: &Row) -> Value {
    let it = Cells(row);
    let name = if row.named("element_name").is_null() { "element_id" } else { "element_name" };
    json!({
        "elementInstanceKey": it.key("key"),
        "processInstanceKey": it.key("process_instance_key"),
        "rootProcessInstanceKey": null,
        "processDefinitionKey": it.key("process_definition_key"),
        "processDefinitionId": it.text("process_id"),
        "elementId": it.text("element_id"),
        "elementName": it.text(name),
        "type": it.text("type"),
        "state": it.text("state"),
        "startDate": it.time("start_date"),
        "endDate": it.time("end_date"),
        "incidentKey": it.key("incident_key"),
        "hasIncident": !row.named("incident_key").is_null(),
        "tenantId": it.text("tenant"),
    })
}

/// Shows a variable; a long value is cut unless it was asked for whole.
pub fn variable(row: &Row, is_cut: bool) -> Value {
    let it = Cells(row);
    let mut shown = json!({
        "variableKey": it.key("key"),
        "name": it.text("name"),
        "scopeKey": it.key("scope_key"),
        "processInstanceKey": it.key("process_instance_key"),
        "rootProcessInstanceKey": null,
        "tenantId": it.text("tenant"),
    });
    let value = row.named("value").as_text().unwrap_or_default();
    let end = value.char_indices().nth(VALUE_CHARACTERS_MAX).map(|(at, _)| at);
    let (value, is_truncated) = match end {
        Some(end) if is_cut => (&value[..end], true),
        _ => (value, false),
    };
    shown["value"] = value.into();
    shown["isTruncated"] = is_truncated.into();
    shown
}

/// Shows a job.
pub fn job(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "jobKey": it.key("key"),
        "type": it.text("type"),
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "state": it.text("state"),
        "worker": row.named("worker").as_text().unwrap_or_default(),
        "retries": it.number("retries"),
        "deadline": it.time("deadline"),
        "priority": it.number("priority"),
        "elementId": it.text("element_id"),
        "elementInstanceKey": it.key("element_instance_key"),
        "processInstanceKey": it.key("process_instance_key"),
        "rootProcessInstanceKey": null,
        "processDefinitionKey": it.key("process_definition_key"),
        "processDefinitionId": it.text("process_id"),
        "customHeaders": it.json("headers", json!({})),
        "errorCode": it.text("error_code"),
        "errorMessage": it.text("error_message"),
        "hasFailedWithRetriesLeft": it.integer("has_failed_with_retries_left") != 0,
        "isDenied": null,
        "deniedReason": null,
        "creationTime": it.time("creation_time"),
        "lastUpdateTime": it.time("last_update_time"),
        "endTime": it.time("end_time"),
        "businessId": null,
        "tenantId": it.text("tenant"),
    })
}

/// Shows an incident.
pub fn incident(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "incidentKey": it.key("key"),
        "errorType": it.text("error_type"),
        "errorMessage": it.text("error_message"),
        "state": it.text("state"),
        "creationTime": it.time("creation_time"),
        "elementId": it.text("element_id"),
        "elementInstanceKey": it.key("element_instance_key"),
        "processInstanceKey": it.key("process_instance_key"),
        "rootProcessInstanceKey": null,
        "processDefinitionKey": it.key("process_definition_key"),
        "processDefinitionId": it.text("process_id"),
        "jobKey": it.key("job_key"),
        "tenantId": it.text("tenant"),
    })
}

/// Shows a message subscription.
pub fn message_subscription(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "messageSubscriptionKey": it.key("key"),
        "messageName": it.text("message_name"),
        "correlationKey": it.text("correlation_key"),
        "messageSubscriptionState": it.text("state"),
        "messageSubscriptionType": it.text("type"),
        "elementId": it.text("element_id"),
        "elementInstanceKey": it.key("element_instance_key"),
        "processInstanceKey": it.key("process_instance_key"),
        "rootProcessInstanceKey": null,
        "processDefinitionKey": it.key("process_definition_key"),
        "processDefinitionId": it.text("process_id"),
        "processDefinitionName": null,
        "processDefinitionVersion": null,
        "lastUpdatedDate": it.time("last_updated"),
        "businessId": null,
        "toolName": null,
        "toolProperties": {},
        "inboundConnectorType": null,
        "tenantId": it.text("tenant"),
    })
}

/// Shows a deployed decision model.
pub fn decision_requirements(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "decisionRequirementsKey": it.key("key"),
        "decisionRequirementsId": it.text("decision_requirements_id"),
        "decisionRequirementsName": it.text("name"),
        "version": it.number("version"),
        "resourceName": it.text("resource_name"),
        "tenantId": it.text("tenant"),
    })
}

/// Shows a deployed decision.
pub fn decision_definition(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "decisionDefinitionKey": it.key("key"),
        "decisionDefinitionId": it.text("decision_id"),
        "name": it.text("name"),
        "version": it.number("version"),
        "decisionRequirementsKey": it.key("decision_requirements_key"),
        "decisionRequirementsId": it.text("decision_requirements_id"),
        "decisionRequirementsName": it.text("decision_requirements_name"),
        "decisionRequirementsVersion": it.number("decision_requirements_version"),
        "tenantId": it.text("tenant"),
    })
}

/// Shows a decision that was evaluated, without its inputs and rules.
pub fn decision_instance(row: &Row) -> Value {
    let it = Cells(row);
    json!({
        "decisionEvaluationInstanceKey": it.text("instance_key"),
        "decisionEvaluationKey": it.key("evaluation_key"),
        "state": it.text("state"),
        "evaluationDate": it.time("evaluation_date"),
        "evaluationFailure": it.text("evaluation_failure"),
        "decisionDefinitionKey": it.key("decision_definition_key"),
        "decisionDefinitionId": it.text("decision_id"),
        "decisionDefinitionName": it.text("decision_name"),
        "decisionDefinitionVersion": it.number("version"),
        "decisionDefinitionType": it.text("decision_type"),
        "rootDecisionDefinitionKey": it.key("root_decision_definition_key"),
        "elementInstanceKey": it.key("element_instance_key"),
        "processInstanceKey": it.key("process_instance_key"),
        "rootProcessInstanceKey": null,
        "processDefinitionKey": it.key("process_definition_key"),
        "result": it.text("result"),
        "warnings": it.json("warnings", json!([])),
        "tenantId": it.text("tenant"),
    })
}

/// Shows a decision that was evaluated, with its inputs and rules.
pub fn whole_decision_instance(row: &Row) -> Value {
    let (it, mut shown) = (Cells(row), decision_instance(row));
    shown["evaluatedInputs"] = it.json("inputs", json!([]));
    shown["matchedRules"] = it.json("rules", json!([]));
    shown
}

struct Cells<'a>(&'a Row);

impl Cells<'_> {
    fn text(&self, name: &str) -> Value {
        self.0.named(name).as_text().into()
    }

    fn number(&self, name: &str) -> Value {
        self.0.named(name).as_int().into()
    }

    fn integer(&self, name: &str) -> i64 {
        self.0.named(name).as_int().unwrap_or_default()
    }

    fn key(&self, name: &str) -> Value {
        self.0.named(name).as_int().map(|it| it.to_string()).into()
    }

    fn time(&self, name: &str) -> Value {
        self.0.named(name).as_int().map(|it| time::print(Timestamp(it))).into()
    }

    /// The root of an instance without a parent is itself; that of another one is not in its row.
    fn root(&self, parent: &str, own: &str) -> Value {
        if matches!(self.0.named(parent), Cell::Null) { self.key(own) } else { Value::Null }
    }

    fn json(&self, name: &str, default: Value) -> Value {
        let text = self.0.named(name).as_text();
        text.and_then(|it| serde_json::from_str(it).ok()).unwrap_or(default)
    }
}

/// Longer values are cut in the answers of searches.
const VALUE_CHARACTERS_MAX: usize = 8_191;
