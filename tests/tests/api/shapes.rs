//! Every answer has every field that the released clients insist on, null for none.

use serde_json::{Value, json};

use crate::{activate, create, server_with_one};

fn assert_fields(found: &Value, fields: &str) {
    let object = found.as_object().expect("an object");
    for field in fields.split_whitespace() {
        assert!(object.contains_key(field), "expected {field} in {found}");
    }
}

#[tokio::test]
async fn every_field_is_there() {
    let (server, definition) = server_with_one().await;
    let created = server
        .post(
            "/v2/process-instances",
            &json!({"processDefinitionKey": definition, "variables": {"a": 1}}),
        )
        .await;
    assert_fields(&created, CREATED);
    assert_eq!(created["variables"], json!({}));
    let instance = created["processInstanceKey"].as_str().expect("a key").to_owned();
    let jobs = activate(&server, 1).await;
    assert_fields(&jobs[0], ACTIVATED);
    assert!(jobs[0]["deadline"].is_i64(), "{}", jobs[0]);
    let job = jobs[0]["jobKey"].as_str().expect("a key");
    let failure = json!({"retries": 0, "errorMessage": "no"});
    server.post(&format!("/v2/jobs/{job}/failure"), &failure).await;

    for (path, fields) in [
        ("/v2/topology", TOPOLOGY),
        ("/v2/license", "validLicense licenseType isCommercial expiresAt"),
        ("/v2/authentication/me", ME),
        (&format!("/v2/process-definitions/{definition}"), DEFINITION),
        (&format!("/v2/process-instances/{instance}"), INSTANCE),
        (&format!("/v2/element-instances/{instance}"), ELEMENT),
    ] {
        assert_fields(&server.get(path).await.done(), fields);
    }
    for (path, fields) in [
        ("/v2/process-definitions/search", DEFINITION),
        ("/v2/process-instances/search", INSTANCE),
        ("/v2/element-instances/search", ELEMENT),
        ("/v2/variables/search", VARIABLE),
        ("/v2/jobs/search", JOB),
        ("/v2/incidents/search", INCIDENT),
    ] {
        let found = server.post(path, &json!({})).await;
        assert_fields(&found["page"], "totalItems hasMoreTotalItems startCursor endCursor");
        assert_fields(&found["items"][0], fields);
    }
    assert_eq!(server.get("/v2/status").await.status, 204);
}

#[tokio::test]
async fn a_definition_comes_back_byte_for_byte() {
    let (server, definition) = server_with_one().await;
    let answer = server.get(&format!("/v2/process-definitions/{definition}/xml")).await;
    assert_eq!(answer.text, crate::ONE_TASK);
    assert!(answer.header("content-type").starts_with("text/xml"));
    let again = server.deploy("one.bpmn", crate::ONE_TASK).await.done();
    let item = &again["deployments"][0];
    assert_fields(item, "processDefinition decisionDefinition decisionRequirements form resource");
    assert_eq!(item["processDefinition"]["processDefinitionKey"], definition);
    assert_eq!(item["processDefinition"]["processDefinitionVersion"], 1);
}

#[tokio::test]
async fn statistics_count_by_element() {
    let (server, definition) = server_with_one().await;
    let instance = create(&server, "one", json!({})).await;
    let path = format!("/v2/process-instances/{instance}/statistics/element-instances");
    let counted = server.get(&path).await.done();
    let expected = json!([
        {"elementId": "start", "active": 0, "canceled": 0, "incidents": 0, "completed": 1},
        {"elementId": "task", "active": 1, "canceled": 0, "incidents": 0, "completed": 0},
    ]);
    assert_eq!(counted["items"], expected);
    let path = format!("/v2/process-definitions/{definition}/statistics/element-instances");
    assert_eq!(server.post(&path, &json!({})).await["items"], expected);
}

const TOPOLOGY: &str = "brokers clusterId clusterSize partitionsCount replicationFactor gatewayVersion lastCompletedChangeId";
const ME: &str = "username displayName email authorizedComponents tenants groups roles salesPlanType c8Links canLogout";
const CREATED: &str = "processDefinitionId processDefinitionVersion tenantId variables processDefinitionKey \
    processInstanceKey tags businessId";
const ACTIVATED: &str = "type processDefinitionId processDefinitionVersion elementId customHeaders worker retries deadline \
    variables tenantId physicalTenantId jobKey processInstanceKey processDefinitionKey elementInstanceKey kind \
    listenerEventType userTask tags rootProcessInstanceKey businessId priority jobLeaseToken leaseToken";
const DEFINITION: &str = "name resourceName version versionTag processDefinitionId tenantId processDefinitionKey \
    hasStartForm state";
const INSTANCE: &str = "processDefinitionId processDefinitionName processDefinitionVersion processDefinitionVersionTag \
    startDate endDate state suspendedDate hasIncident tenantId processInstanceKey processDefinitionKey \
    parentProcessInstanceKey parentElementInstanceKey rootProcessInstanceKey tags businessId";
const ELEMENT: &str = "processDefinitionId startDate endDate elementId elementName type state hasIncident tenantId \
    elementInstanceKey processInstanceKey rootProcessInstanceKey processDefinitionKey incidentKey";
const VARIABLE: &str = "name value isTruncated tenantId variableKey scopeKey processInstanceKey rootProcessInstanceKey";
const INCIDENT: &str = "processDefinitionId errorType errorMessage elementId creationTime state tenantId incidentKey \
    processDefinitionKey processInstanceKey rootProcessInstanceKey elementInstanceKey jobKey";
const JOB: &str = "customHeaders deadline deniedReason elementId elementInstanceKey endTime errorCode errorMessage \
    hasFailedWithRetriesLeft isDenied jobKey kind listenerEventType processDefinitionId processDefinitionKey \
    processInstanceKey rootProcessInstanceKey businessId retries state tenantId type worker creationTime \
    lastUpdateTime priority";
