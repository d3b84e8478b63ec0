//! What other servers do not have: the log, live and as a file, why an instance waits, its state at any position.

use std::time::Duration;

use dacapo_tests::server::Server;
use serde_json::{Value, json};

use crate::{activate_one, create, server_with_one};

/// Reads records as lines of JSON.
pub async fn lines(server: &Server, path: &str) -> Vec<Value> {
    let request = server.request("GET", path).header("accept", "application/x-ndjson");
    let answer = Server::send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text.lines().map(|it| serde_json::from_str(it).expect("a line of JSON")).collect()
}

#[tokio::test]
async fn the_log_can_be_read_in_parts() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({"a": 1})).await;
    create(&server, "one", json!({"a": 2})).await;
    let all = lines(&server, "/v1/log").await;
    assert_eq!(all[0]["position"], 1);
    let (mut expected, mut own) = (1, 0);
    for line in &all {
        assert_eq!(line["position"], expected, "{line}");
        expected += line["count"].as_u64().expect("a number");
        own += usize::from(line.to_string().contains(&instance));
    }
    assert_eq!(expected, server.head().await + 1);
    let from = all[2]["position"].as_u64().expect("a position");
    let part = lines(&server, &format!("/v1/log?from={from}&limit=2")).await;
    assert_eq!(part, all[2..4]);
    let to = lines(&server, &format!("/v1/log?to={from}")).await;
    assert_eq!(to, all[..3]);
    let of_instance = lines(&server, &format!("/v1/log?instance={instance}")).await;
    assert_eq!(of_instance.len(), 1.min(own));
    server.get("/v1/log?from=x").await.problem(400);
}

#[tokio::test]
async fn the_whole_log_is_one_file() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({})).await;
    for path in ["/v1/log/file".to_owned(), format!("/v1/instances/{instance}/export")] {
        let response = server.request("GET", &path).send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "application/vnd.dacapo.log");
        let bytes = response.bytes().await.expect("a body");
        assert!(bytes.len() > 200, "{path}: {}", bytes.len());
    }
    let packed = server.request("GET", "/v1/log").header("accept", "application/vnd.msgpack");
    let response = packed.send().await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "application/vnd.msgpack");
}

#[tokio::test]
async fn live_records_lose_nothing_over_a_reconnect() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({"a": 1})).await;
    let head = server.head().await;
    let mut first = Live::open(&server, Some(head)).await;
    create(&server, "one", json!({"a": 2})).await;
    let (id, event) = first.next().await;
    assert_eq!(event["position"], head + 1);
    drop(first);
    create(&server, "one", json!({"a": 3})).await;
    let mut second = Live::open(&server, Some(id)).await;
    let (_, event) = second.next().await;
    assert_eq!(event["position"], id + 1);
    let mut from_the_start = Live::open(&server, Some(0)).await;
    assert_eq!(from_the_start.next().await.1["position"], 1);
}

#[tokio::test]
async fn an_instance_tells_why_it_waits_and_what_it_was() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({"a": 1})).await;
    let born = server.head().await;
    let why = server.get(&format!("/v1/instances/{instance}/why")).await.done();
    assert_eq!(why["state"], "ACTIVE");
    let waits = why.to_string();
    assert!(waits.contains("\"element_id\":\"task\"") && waits.contains("work"), "{why}");

    let job = activate_one(&server).await;
    let done = json!({"variables": {"a": 2}});
    server.post(&format!("/v2/jobs/{job}/completion"), &done).await;
    let path = format!("/v1/instances/{instance}/state?position={born}");
    let state = server.get(&path).await.done();
    assert_eq!(state["position"], born);
    assert!(state.to_string().contains("\"task\""), "{state}");
    server.get(&format!("/v1/instances/{instance}/state?position=999999")).await.problem(400);
}

#[tokio::test]
async fn the_server_tells_how_it_is() {
    let server = Server::start().await;
    server.get("/live").await.done();
    let ready = server.get("/ready").await.done();
    assert_eq!((&ready["status"], &ready["progressPercent"]), (&json!("UP"), &json!(100)));
    server.post("/v2/messages/publication", &json!({"name": "x"})).await;
    server.text("POST", "/v2/jobs/1/completion", "").await.problem(404);
    let mut counted = server.get("/metrics").await;
    while !counted.text.contains("dacapo_projection_lag_records 0") {
        counted = server.get("/metrics").await;
    }
    for name in [
        "dacapo_commands_total{intent=\"message.publish\",outcome=\"events\"} 1",
        "dacapo_rejections_total{code=\"job_not_found\"} 1",
        "dacapo_commit_seconds_bucket",
        "dacapo_head_position",
        "dacapo_projection_lag_records 0",
    ] {
        assert!(counted.text.contains(name), "{name} in {}", counted.text);
    }
}

/// A stream of live records.
struct Live {
    response: reqwest::Response,
    pending: String,
}

impl Live {
    async fn open(server: &Server, after: Option<u64>) -> Self {
        let mut request = server.request("GET", "/v1/log/live");
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), 200);
        Self { response, pending: String::new() }
    }

    /// Returns the id and data of the next event.
    async fn next(&mut self) -> (u64, Value) {
        loop {
            if let Some((event, rest)) = self.pending.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = event.lines();
                    lines.find_map(|it| it.strip_prefix(name)).map(|it| it.trim().to_owned())
                };
                let (id, data) = (field("id:"), field("data:"));
                self.pending = rest.to_owned();
                if let Some((id, data)) = id.zip(data) {
                    let data = serde_json::from_str(&data).expect("JSON");
                    return (id.parse().expect("a position"), data);
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk());
            let chunk = chunk.await.expect("an event in time").expect("a stream").expect("more");
            self.pending.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}
