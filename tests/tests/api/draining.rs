//! A server that stops: nothing new is taken, what has begun is answered, nobody is kept waiting.

use std::time::{Duration, Instant};

use dacapo_tests::server::Server;
use serde_json::json;

use crate::{create, server_with_one};

#[tokio::test]
async fn a_stop_ends_long_polls_and_streams_at_once() {
    let (server, _) = server_with_one().await;
    let body =
        json!({"type": "none", "timeout": 1_000, "maxJobsToActivate": 1, "requestTimeout": 50_000});
    let poll = tokio::spawn(server.request("POST", "/v2/jobs/activation").json(&body).send());
    let awaited = json!({"processDefinitionId": "one", "awaitCompletion": true});
    let awaited =
        tokio::spawn(server.request("POST", "/v2/process-instances").json(&awaited).send());
    let stream = server.request("GET", "/v1/log/live").send().await.expect("a stream");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let started = Instant::now();
    let stopped = tokio::task::spawn_blocking(|| server.stop()).await.expect("a stop");
    assert_eq!(stopped.0, Some(0));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    let polled = poll.await.expect("a task").expect("an answer");
    assert_eq!(polled.json::<serde_json::Value>().await.expect("JSON"), json!({"jobs": []}));
    assert_eq!(awaited.await.expect("a task").expect("an answer").status().as_u16(), 504);
    drop(stream);
}

#[tokio::test]
async fn everything_acknowledged_survives_a_stop_under_load() {
    let (server, _) = server_with_one().await;
    let body = json!({"processDefinitionId": "one"});
    let requests = (0..200).map(|_| server.request("POST", "/v2/process-instances").json(&body));
    let answers: Vec<_> = requests.map(|it| tokio::spawn(it.send())).collect();
    tokio::time::sleep(Duration::from_millis(30)).await;
    let (code, folder) = tokio::task::spawn_blocking(|| server.stop()).await.expect("a stop");
    assert_eq!(code, Some(0));
    let mut created = 0;
    for answer in answers {
        match answer.await.expect("a task") {
            Ok(answer) if answer.status().is_success() => created += 1,
            Ok(answer) => assert_eq!(answer.status().as_u16(), 503),
            // The connection came too late.
            Err(_) => {}
        }
    }
    let server = Server::start_in(folder, &[]).await;
    let found = server.post("/v2/process-instances/search", &json!({"page": {"limit": 1}})).await;
    assert_eq!(found["page"]["totalItems"], created);
    create(&server, "one", json!({})).await;
}

#[tokio::test]
async fn a_clean_stop_leaves_a_snapshot_that_the_next_start_reads() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({"a": 1})).await;
    let (_, folder) = server.stop();
    let server = Server::start_in(folder, &[]).await;
    let state = server.get(&format!("/v1/instances/{instance}/state")).await.done();
    assert_eq!(state["variables"][0]["value"], 1);
    let counted = server.get("/metrics").await;
    assert!(counted.text.contains("dacapo_head_position"));
}
