//! What the log refuses: code, reason and position in the answer, and a record in the log.

use dacapo_tests::server::Server;
use serde_json::{Value, json};

use crate::{activate_one, create, server_with_one};

/// Method, path, body, status, title.
const REFUSED: &[(&str, &str, &str, u16, &str)] = &[
    ("POST", "/v2/process-instances", r#"{"processDefinitionId":"none"}"#, 404, "NOT_FOUND"),
    ("POST", "/v2/process-instances", r#"{"processDefinitionKey":"77"}"#, 404, "NOT_FOUND"),
    (
        "POST",
        "/v2/process-instances",
        r#"{"processDefinitionId":"one","processDefinitionVersion":9}"#,
        404,
        "NOT_FOUND",
    ),
    ("POST", "/v2/process-instances/77/cancellation", "", 404, "NOT_FOUND"),
    ("PUT", "/v2/element-instances/77/variables", r#"{"variables":{"a":1}}"#, 404, "NOT_FOUND"),
    (
        "POST",
        "/v2/decision-definitions/evaluation",
        r#"{"decisionDefinitionId":"none"}"#,
        404,
        "NOT_FOUND",
    ),
    (
        "POST",
        "/v2/decision-definitions/evaluation",
        r#"{"decisionDefinitionKey":"77"}"#,
        404,
        "NOT_FOUND",
    ),
    ("POST", "/v2/jobs/77/completion", "", 404, "NOT_FOUND"),
    ("POST", "/v2/jobs/77/failure", "", 404, "NOT_FOUND"),
    ("POST", "/v2/jobs/77/error", r#"{"errorCode":"e"}"#, 404, "NOT_FOUND"),
    ("PATCH", "/v2/jobs/77", r#"{"changeset":{"retries":1}}"#, 404, "NOT_FOUND"),
    ("POST", "/v2/incidents/77/resolution", "", 404, "NOT_FOUND"),
    (
        "POST",
        "/v2/messages/correlation",
        r#"{"name":"nobody","correlationKey":"x"}"#,
        404,
        "NOT_FOUND",
    ),
];

#[tokio::test]
async fn a_refusal_says_why_and_where_it_stands() {
    let (server, _) = server_with_one().await;
    for (method, path, body, status, title) in REFUSED {
        let head = server.head().await;
        let answer = server.text(method, path, body).await;
        let case = format!("{method} {path} {body}: {}", answer.text);
        assert_eq!(answer.status, *status, "{case}");
        let problem = answer.problem(*status);
        assert_eq!(problem["title"], *title, "{case}");
        let position = problem["position"].as_u64().expect(&case);
        assert_eq!(position, head + 1, "{case}");
        assert_eq!(server.head().await, head + 2, "{case}");
        assert_eq!(answer.header("dacapo-position"), position.to_string(), "{case}");
        for member in ["code", "reason"] {
            assert!(problem[member].as_str().is_some_and(|it| !it.is_empty()), "{case}");
        }
    }
    assert_in_the_log(&server).await;
}

async fn assert_in_the_log(server: &Server) {
    let found = server.get("/v1/rejections?limit=100").await.done();
    let items = found["items"].as_array().expect("a list");
    assert_eq!(items.len(), REFUSED.len());
    let job = items.iter().filter(|it| it["code"] == "job_not_found").count();
    assert_eq!(job, 4, "{found}");
    let one = server.get("/v1/rejections?code=job_not_found&limit=1").await.done();
    assert_eq!(one["items"].as_array().map(Vec::len), Some(1));
    for member in ["position", "timestamp", "tenant", "intent", "class", "code", "reason"] {
        assert!(!one["items"][0][member].is_null(), "{member}: {one}");
    }
}

#[tokio::test]
async fn what_is_done_is_not_done_twice() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({})).await;
    let job = activate_one(&server).await;
    server.post(&format!("/v2/jobs/{job}/completion"), &json!({})).await;
    let again = server.text("POST", &format!("/v2/jobs/{job}/completion"), "").await;
    assert_eq!(again.problem(404)["code"], "job_not_found");

    let instance = create(&server, "one", json!({})).await;
    let path = format!("/v2/process-instances/{instance}/cancellation");
    assert_eq!(server.text("POST", &path, "null").await.status, 204);
    server.text("POST", &path, "").await.problem(404);
}

#[tokio::test]
async fn a_message_id_is_used_once() {
    let server = Server::start().await;
    let body =
        json!({"name": "paid", "correlationKey": "7", "messageId": "m", "timeToLive": 60_000});
    server.post("/v2/messages/publication", &body).await;
    let again = server.call("POST", "/v2/messages/publication", &body).await;
    assert_eq!(again.problem(409)["title"], "ALREADY_EXISTS");
}

#[tokio::test]
async fn a_wrong_model_is_refused_with_its_line() {
    let server = Server::start().await;
    let broken = crate::ONE_TASK.replace("targetRef=\"end\"", "targetRef=\"gone\"");
    let answer = server.deploy("one.bpmn", &broken).await;
    let problem: Value = answer.problem(400);
    let reason = problem["reason"].as_str().expect("a reason");
    assert!(reason.contains("one.bpmn:") && reason.contains("gone"), "{reason}");
    let nothing = server.post("/v2/process-definitions/search", &json!({})).await;
    assert_eq!(nothing["page"]["totalItems"], 0);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let server = Server::start().await;
    for path in [
        "/v2/process-definitions/77",
        "/v2/process-definitions/77/xml",
        "/v2/process-instances/77",
        "/v2/process-instances/77/statistics/element-instances",
        "/v2/element-instances/77",
        "/v2/variables/77",
        "/v2/incidents/77",
        "/v1/instances/77/why",
        "/v1/instances/77/state",
        "/v1/instances/77/export",
    ] {
        assert_eq!(server.get(path).await.problem(404)["title"], "NOT_FOUND", "{path}");
    }
}
