//! What cannot be read is refused by the name of the field, and nothing is appended.

use dacapo_tests::server::Server;
use serde_json::json;

use crate::server_with_one;

/// Method, path, body, the field that is to blame.
const MALFORMED: &[(&str, &str, &str, &str)] = &[
    ("POST", "/v2/process-instances", "", ""),
    ("POST", "/v2/process-instances", "{", ""),
    ("POST", "/v2/process-instances", "[]", ""),
    ("POST", "/v2/process-instances", "{}", ""),
    ("POST", "/v2/process-instances", r#"{"processDefinitionId":"one"} x"#, ""),
    ("POST", "/v2/process-instances", r#"{"processDefinitionId":7}"#, "processDefinitionId"),
    ("POST", "/v2/process-instances", r#"{"processDefinitionKey":7}"#, "processDefinitionKey"),
    ("POST", "/v2/process-instances", r#"{"processDefinitionKey":"x"}"#, "processDefinitionKey"),
    ("POST", "/v2/process-instances", r#"{"processDefinitionId":"one","variable":{}}"#, "variable"),
    (
        "POST",
        "/v2/process-instances",
        r#"{"processDefinitionId":"one","variables":[1]}"#,
        "variables",
    ),
    (
        "POST",
        "/v2/process-instances",
        r#"{"processDefinitionId":"one","variables":"x"}"#,
        "variables",
    ),
    (
        "POST",
        "/v2/process-instances",
        r#"{"processDefinitionId":"one","awaitCompletion":1}"#,
        "awaitCompletion",
    ),
    (
        "POST",
        "/v2/process-instances",
        r#"{"processDefinitionId":"one","processDefinitionVersion":"1"}"#,
        "processDefinitionVersion",
    ),
    ("POST", "/v2/process-instances", r#"{"processDefinitionId":"one","tenantId":5}"#, "tenantId"),
    ("POST", "/v2/decision-definitions/evaluation", "{}", ""),
    (
        "POST",
        "/v2/decision-definitions/evaluation",
        r#"{"decisionDefinitionId":"a","decisionDefinitionKey":"1"}"#,
        "",
    ),
    (
        "POST",
        "/v2/decision-definitions/evaluation",
        r#"{"decisionDefinitionKey":1}"#,
        "decisionDefinitionKey",
    ),
    (
        "POST",
        "/v2/decision-definitions/evaluation",
        r#"{"decisionDefinitionId":"a","variables":[]}"#,
        "variables",
    ),
    ("GET", "/v2/decision-instances/x", "", "decisionEvaluationInstanceKey"),
    ("POST", "/v2/decision-instances/search", r#"{"filter":{"state":"GONE"}}"#, "filter.state"),
    ("POST", "/v2/process-instances/x/cancellation", "{}", "processInstanceKey"),
    ("POST", "/v2/process-instances/1/cancellation", r#"{"why":1}"#, "why"),
    ("POST", "/v2/process-instances/search", r#"{"filter":{"state":"GONE"}}"#, "filter.state"),
    ("POST", "/v2/process-instances/search", r#"{"page":{"limit":10001}}"#, "page.limit"),
    ("POST", "/v2/process-instances/search", r#"{"sort":[{"field":"x"}]}"#, "sort[0].field"),
    ("GET", "/v2/process-instances/x", "", "processInstanceKey"),
    (
        "POST",
        "/v2/element-instances/search",
        r#"{"filter":{"elementInstanceKey":1}}"#,
        "filter.elementInstanceKey",
    ),
    ("GET", "/v2/element-instances/x", "", "elementInstanceKey"),
    ("PUT", "/v2/element-instances/1/variables", "{}", ""),
    ("PUT", "/v2/element-instances/1/variables", r#"{"variables":1}"#, "variables"),
    ("PUT", "/v2/element-instances/1/variables", r#"{"variables":{},"local":"no"}"#, "local"),
    ("POST", "/v2/variables/search", r#"{"filter":{"nam":"x"}}"#, "filter.nam"),
    ("POST", "/v2/variables/search?truncateValues=maybe", "{}", "truncateValues"),
    ("GET", "/v2/variables/-", "", "variableKey"),
    ("POST", "/v2/jobs/activation", "{}", ""),
    (
        "POST",
        "/v2/jobs/activation",
        r#"{"type":"work","timeout":"1","maxJobsToActivate":1}"#,
        "timeout",
    ),
    (
        "POST",
        "/v2/jobs/activation",
        r#"{"type":"work","timeout":1000,"maxJobsToActivate":1.5}"#,
        "maxJobsToActivate",
    ),
    (
        "POST",
        "/v2/jobs/activation",
        r#"{"type":"work","timeout":1000,"maxJobsToActivate":1,"fetchVariable":"x"}"#,
        "fetchVariable",
    ),
    ("POST", "/v2/jobs/x/completion", "", "jobKey"),
    ("POST", "/v2/jobs/1/completion", r#"{"variables":7}"#, "variables"),
    ("POST", "/v2/jobs/1/failure", r#"{"retries":"0"}"#, "retries"),
    ("POST", "/v2/jobs/1/failure", r#"{"retryBackoff":5}"#, "retryBackoff"),
    ("POST", "/v2/jobs/1/error", "{}", ""),
    ("POST", "/v2/jobs/1/error", r#"{"errorCode":1}"#, "errorCode"),
    ("PATCH", "/v2/jobs/1", "{}", ""),
    ("PATCH", "/v2/jobs/1", r#"{"changeset":{"retries":1,"x":2}}"#, "changeset.x"),
    ("POST", "/v2/jobs/search", r#"{"filter":{"retries":"1"}}"#, "filter.retries"),
    ("POST", "/v2/messages/publication", "{}", ""),
    ("POST", "/v2/messages/publication", r#"{"name":"paid","timeToLive":"1"}"#, "timeToLive"),
    ("POST", "/v2/messages/correlation", r#"{"name":null}"#, "name"),
    (
        "POST",
        "/v2/message-subscriptions/search",
        r#"{"filter":{"messageName":1}}"#,
        "filter.messageName",
    ),
    (
        "POST",
        "/v2/incidents/search",
        r#"{"filter":{"creationTime":{"$gt":"yesterday"}}}"#,
        "filter.creationTime.$gt",
    ),
    ("GET", "/v2/incidents/1x", "", "incidentKey"),
    ("POST", "/v2/incidents/1/resolution", r#"{"reason":"x"}"#, "reason"),
    ("POST", "/v2/process-definitions/search", r#"{"filter":{"version":1.5}}"#, "filter.version"),
    ("GET", "/v2/process-definitions/x/xml", "", "processDefinitionKey"),
];

#[tokio::test]
async fn a_malformed_request_names_the_field_and_appends_nothing() {
    let (server, _) = server_with_one().await;
    let head = server.head().await;
    for (method, path, body, field) in MALFORMED {
        let answer = server.text(method, path, body).await;
        let case = format!("{method} {path} {body}: {}", answer.text);
        assert_eq!(answer.status, 400, "{case}");
        let problem = answer.problem(400);
        assert_eq!(problem["title"], "INVALID_ARGUMENT", "{case}");
        assert_eq!(problem["field"].as_str().unwrap_or_default(), *field, "{case}");
        assert!(problem["detail"].as_str().is_some_and(|it| it.contains(field)), "{case}");
    }
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let server = Server::start().await;
    let request =
        server.request("POST", "/v2/process-instances").header("content-type", "text/plain");
    Server::send(request.body("{}")).await.problem(415);
    let request =
        server.request("POST", "/v2/deployments").header("content-type", "application/json");
    Server::send(request.body("{}")).await.problem(415);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let (server, _) = server_with_one().await;
    let head = server.head().await;
    let body = json!({ "processDefinitionId": "one", "variables": { "x": "y".repeat(9 << 20) } });
    server.call("POST", "/v2/process-instances", &body).await.problem(413);
    let deployment = server.deploy("big.bpmn", &" ".repeat(9 << 20)).await;
    deployment.problem(413);
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn a_deployment_needs_resources() {
    let server = Server::start().await;
    let head = server.head().await;
    let form = reqwest::multipart::Form::new().text("tenantId", "<default>");
    let empty = Server::send(server.request("POST", "/v2/deployments").multipart(form)).await;
    assert_eq!(empty.problem(400)["field"], "resources");
    let form = reqwest::multipart::Form::new().text("other", "x");
    let other = Server::send(server.request("POST", "/v2/deployments").multipart(form)).await;
    assert_eq!(other.problem(400)["field"], "other");
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn numbers_are_exact() {
    let (server, _) = server_with_one().await;
    let body = r#"{"processDefinitionId":"one","variables":{"a":0.1234567890123456789,"b":9007199254740993,"c":1e2}}"#;
    server.text("POST", "/v2/process-instances", body).await.done();
    let request = json!({"type":"work","timeout":60_000,"maxJobsToActivate":1,"requestTimeout":-1});
    let answer = server.call("POST", "/v2/jobs/activation", &request).await;
    assert!(answer.text.contains("0.1234567890123456789"), "{}", answer.text);
    assert!(answer.text.contains("9007199254740993"), "{}", answer.text);
}
