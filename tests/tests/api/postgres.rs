//! The same server on PostgreSQL, and commands that enter through a transaction of the user's own.

use std::time::{Duration, Instant};

use dacapo_tests::postgres;
use dacapo_tests::server::Server;
use serde_json::{Value, json};

use crate::own::lines;
use crate::{activate_one, create};

#[tokio::test]
async fn an_instance_runs_on_postgres_and_survives_a_kill() {
    let cluster = postgres::shared();
    let url = cluster.url("dacapo", &cluster.database());
    let server = Server::start_on(&url).await;
    server.deploy("one.bpmn", crate::ONE_TASK).await.done();
    let instance = create(&server, "one", json!({"amount": 12.5})).await;
    let job = activate_one(&server).await;
    drop(server.kill());
    let server = Server::start_on(&url).await;
    let done = server.text("POST", &format!("/v2/jobs/{job}/completion"), "").await;
    assert_eq!(done.status, 204, "{}", done.text);
    let found = server.get(&format!("/v2/process-instances/{instance}")).await.done();
    assert_eq!(found["state"], "COMPLETED");
    let search = json!({"filter": {"processInstanceKey": instance}});
    let variables = server.post("/v2/variables/search", &search).await;
    assert_eq!(variables["items"][0]["value"], "12.5");
    assert_eq!(server.stop().0, Some(0));
}

/// P17: a server whose clock is far ahead of the database's stamps nothing until an operator takes its clock for the truth.
#[tokio::test]
async fn a_clock_ahead_of_the_databases_is_not_stamped_until_it_is_accepted() {
    let cluster = postgres::shared();
    let url = cluster.url("dacapo", &cluster.database());
    let server = Server::start_at("+3h", &["--database-url", &url]).await;
    let ready = server.get("/ready").await;
    assert_eq!(ready.status, 503, "{}", ready.text);
    assert!(ready.text.contains("ahead of the log: an operator must accept it"), "{}", ready.text);
    let message = json!({"name": "x"});
    let refused = server.call("POST", "/v2/messages/publication", &message).await.problem(503);
    assert!(refused.to_string().contains("expected a clock near the last record"), "{refused}");
    let latest = async || {
        let mut frames = Vec::new();
        // The server answers before its first records are durable.
        while frames.len() < 2 {
            frames = lines(&server, "/v1/log").await;
        }
        frames.iter().filter_map(|it| it["timestamp"].as_i64()).max().expect("a timestamp")
    };
    let before = latest().await;
    server.post("/v1/clock/acceptance", &Value::Null).await;
    server.post("/v2/messages/publication", &message).await;
    let ahead_ms = latest().await - before;
    assert!((10_790_000..10_900_000).contains(&ahead_ms), "expected 3 h, found {ahead_ms} ms");
    assert_eq!(server.get("/ready").await.status, 200);
}

#[tokio::test]
async fn a_command_enters_with_the_users_own_transaction() {
    let cluster = postgres::shared();
    let database = cluster.database();
    let server = Server::start_on(&cluster.url("dacapo", &database)).await;
    server.deploy("one.bpmn", crate::ONE_TASK).await.done();
    let command =
        r#"{"intent": "instance.create", "body": {"process_id": "one", "variables": {"a": 1.50}}}"#;
    let sql = format!("SELECT dacapo.enqueue('{command}', 'order-1')");
    assert_eq!(cluster.sql(&database, &sql).expect("a receipt"), "order-1");
    let search = json!({"filter": {"name": "a"}});
    let found = eventually(&server, "/v2/variables/search", &search).await;
    assert_eq!(found["items"][0]["value"], "1.5");

    // The same id again, through the front door: the first outcome, not a second instance.
    cluster.sql(&database, &sql).expect("a receipt");
    cluster.sql(&database, "SELECT dacapo.enqueue('{\"x\": 1}', 'order-2')").expect("a receipt");
    let deadline = Instant::now() + Duration::from_secs(20);
    let refused = loop {
        let refused = server.get("/v1/rejections").await.done();
        if refused["items"][0].is_object() || Instant::now() > deadline {
            break refused;
        }
    };
    assert_eq!(refused["items"][0]["requestId"], "order-2", "{refused}");
    let all = server.post("/v2/process-instances/search", &json!({})).await;
    assert_eq!(all["page"]["totalItems"], 1);
    let left = cluster.sql(&database, "SELECT count(*) FROM dacapo.inbox").expect("a count");
    assert_eq!(left, "0");
}

async fn eventually(server: &Server, path: &str, body: &Value) -> Value {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let found = server.post(path, body).await;
        if found["page"]["totalItems"] != 0 || Instant::now() > deadline {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
