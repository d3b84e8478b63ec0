//! The same request id: the same body is done once, another body is a conflict.

use dacapo_tests::server::{Answer, Server};
use serde_json::{Value, json};

use crate::{activate_one, create, server_with_one};

async fn with_id(server: &Server, path: &str, id: &str, body: &Value) -> Answer {
    Server::send(server.request("POST", path).header("idempotency-key", id).json(body)).await
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let (server, _) = server_with_one().await;
    let body = json!({"processDefinitionId": "one", "variables": {"a": 1}});
    let first = with_id(&server, "/v2/process-instances", "order-1", &body).await;
    let head = server.head().await;
    let again = with_id(&server, "/v2/process-instances", "order-1", &body).await;
    assert_eq!(first.done(), again.done());
    assert_eq!(first.header("dacapo-position"), again.header("dacapo-position"));
    assert_eq!(server.head().await, head);

    let other = json!({"processDefinitionId": "one", "variables": {"a": 2}});
    let conflict = with_id(&server, "/v2/process-instances", "order-1", &other).await.problem(409);
    assert_eq!(conflict["code"], "request_conflict");
    let fresh = with_id(&server, "/v2/process-instances", "order-2", &other).await;
    assert_ne!(fresh.done()["processInstanceKey"], first.json()["processInstanceKey"]);
}

#[tokio::test]
async fn a_repeated_refusal_is_the_same_refusal() {
    let (server, _) = server_with_one().await;
    let path = "/v2/jobs/77/completion";
    let first = with_id(&server, path, "x", &json!({})).await.problem(404);
    let head = server.head().await;
    let again = with_id(&server, path, "x", &json!({})).await.problem(404);
    assert_eq!(first, again);
    assert_eq!(server.head().await, head);
}

/// C3, C14: whoever lost the answer asks for it by the id of the request, and gets a refusal as well as a success.
#[tokio::test]
async fn what_became_of_a_request_is_told_by_its_id() {
    let (server, _) = server_with_one().await;
    server.get("/v1/requests/order-1").await.problem(404);
    let body = json!({"processDefinitionId": "one"});
    let created = with_id(&server, "/v2/process-instances", "order-1", &body).await;
    let key = created.done()["processInstanceKey"].clone();
    let told = server.get("/v1/requests/order-1").await;
    assert_eq!(told.header("dacapo-position"), created.header("dacapo-position"));
    let told = told.done();
    assert_eq!(told["command"]["intent"], "instance.create");
    assert_eq!(told["records"][0]["key"], key);

    let refused =
        with_id(&server, "/v2/jobs/77/completion", "a/b c", &json!({})).await.problem(404);
    let server = Server::start_in(server.kill(), &[]).await;
    let told = server.get("/v1/requests/a%2Fb%20c").await.done();
    assert_eq!(told["records"][0]["body"]["code"], refused["code"]);
    let other = Server::send(
        server.request("GET", "/v1/requests/order-1").header("dacapo-tenant", "other"),
    );
    other.await.problem(404);
}

#[tokio::test]
async fn a_restart_remembers() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({})).await;
    let job = activate_one(&server).await;
    let path = format!("/v2/jobs/{job}/completion");
    assert_eq!(with_id(&server, &path, "done", &json!({})).await.status, 204);
    let server = Server::start_in(server.kill(), &[]).await;
    assert_eq!(with_id(&server, &path, "done", &json!({})).await.status, 204);
    server.text("POST", &path, "").await.problem(404);
}
