//! What is not served says so, by name: a 404 would be asked again.

use dacapo::http::{BASE, OPERATIONS, unserved_operations};
use dacapo_tests::server::Server;
use serde_json::json;

fn path(template: &str) -> String {
    let filled: Vec<_> =
        template.split('/').map(|it| if it.starts_with('{') { "1" } else { it }).collect();
    format!("{BASE}{}", filled.join("/"))
}

#[tokio::test]
async fn an_unserved_operation_is_named_and_appends_nothing() {
    let server = Server::start().await;
    let head = server.head().await;
    let mut count = 0;
    for operation in unserved_operations() {
        let answer = server.call(operation.method, &path(operation.path), &json!({})).await;
        let problem = answer.problem(501);
        let detail = problem["detail"].as_str().expect("a text");
        assert!(detail.contains(operation.name), "{detail}");
        count += 1;
    }
    assert!(count > 100, "{count}");
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn every_operation_is_answered() {
    let server = Server::start().await;
    for operation in OPERATIONS {
        let answer = server.call(operation.method, &path(operation.path), &json!({})).await;
        assert_ne!(answer.status, 405, "{operation:?}");
        let is_path_known = answer.status != 404 || !answer.text.contains("a path of this server");
        assert!(is_path_known, "{operation:?}");
        assert!(!answer.header("dacapo-version").is_empty(), "{operation:?}");
    }
}

#[tokio::test]
async fn another_path_or_method_is_a_problem() {
    let server = Server::start().await;
    let nowhere = server.get("/v2/nowhere").await.problem(404);
    assert_eq!(nowhere["instance"], "/v2/nowhere");
    let wrong = server.call("DELETE", "/v2/topology", &json!({})).await;
    wrong.problem(405);
    assert!(wrong.header("allow").contains("GET"));
}
