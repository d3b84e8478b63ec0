//! Jobs: long polls, time-outs, retries, and instances that are awaited.

use std::time::{Duration, Instant};

use dacapo_tests::server::Server;
use serde_json::json;

use crate::{activate, activate_one, create, server_with_one};

#[tokio::test]
async fn a_long_poll_wakes_when_a_job_is_there() {
    let (server, _) = server_with_one().await;
    let body = json!({"type": "work", "timeout": 60_000, "maxJobsToActivate": 5, "requestTimeout": 20_000});
    let started = Instant::now();
    let poll = server.call("POST", "/v2/jobs/activation", &body);
    let work = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        create(&server, "one", json!({})).await
    };
    let (answer, instance) = tokio::join!(poll, work);
    assert_eq!(answer.done()["jobs"][0]["processInstanceKey"], instance);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn waiting_appends_nothing() {
    let (server, _) = server_with_one().await;
    let head = server.head().await;
    assert!(activate(&server, 1).await.is_empty());
    let body =
        json!({"type": "work", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 300});
    let started = Instant::now();
    let answer = server.post("/v2/jobs/activation", &body).await;
    assert_eq!(answer["jobs"], json!([]));
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn a_job_that_timed_out_is_given_again() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({})).await;
    let short =
        json!({"type": "work", "timeout": 200, "maxJobsToActivate": 1, "requestTimeout": -1});
    let first = server.post("/v2/jobs/activation", &short).await;
    let long = json!({"type": "work", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 20_000});
    let second = server.post("/v2/jobs/activation", &long).await;
    assert_eq!(first["jobs"][0]["jobKey"], second["jobs"][0]["jobKey"]);
    let found = server.post("/v2/jobs/search", &json!({})).await;
    assert_eq!(found["items"][0]["state"], "TIMED_OUT");
}

#[tokio::test]
async fn a_failed_job_with_retries_is_given_again_after_its_pause() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({})).await;
    let job = activate_one(&server).await;
    let body =
        json!({"retries": 2, "errorMessage": "later", "retryBackOff": 300, "variables": {"v": 1}});
    server.post(&format!("/v2/jobs/{job}/failure"), &body).await;
    assert!(activate(&server, 1).await.is_empty());
    let long = json!({"type": "work", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 20_000});
    let again = server.post("/v2/jobs/activation", &long).await;
    assert_eq!(again["jobs"][0]["retries"], 2);
    assert_eq!(again["jobs"][0]["variables"], json!({"v": 1}));
}

#[tokio::test]
async fn only_the_variables_that_are_asked_for_are_given() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({"a": 1, "b": {"c": [null, "x"]}, "d": 3})).await;
    let body = json!({
        "type": "work", "worker": "w", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": -1,
        "fetchVariable": ["b", "z"], "tenantIds": ["<default>"],
    });
    let found = server.post("/v2/jobs/activation", &body).await;
    assert_eq!(found["jobs"][0]["variables"], json!({"b": {"c": [null, "x"]}}));
    assert_eq!(found["jobs"][0]["worker"], "w");
}

#[tokio::test]
async fn an_instance_can_be_awaited() {
    let (server, _) = server_with_one().await;
    server.deploy("none.bpmn", crate::NO_TASK).await.done();
    let body = json!({
        "processDefinitionId": "none", "variables": {"a": 1, "b": 2}, "awaitCompletion": true, "fetchVariables": ["b"],
    });
    assert_eq!(server.post("/v2/process-instances", &body).await["variables"], json!({"b": 2}));

    let body =
        json!({"processDefinitionId": "one", "variables": {"a": 1}, "awaitCompletion": true});
    let created = server.call("POST", "/v2/process-instances", &body);
    let work = async {
        let long = json!({"type": "work", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 20_000});
        let job = server.post("/v2/jobs/activation", &long).await["jobs"][0]["jobKey"].clone();
        let path = format!("/v2/jobs/{}/completion", job.as_str().expect("a key"));
        server.post(&path, &json!({"variables": {"done": true}})).await;
    };
    let (answer, ()) = tokio::join!(created, work);
    assert_eq!(answer.done()["variables"], json!({"a": 1, "done": true}));

    let body =
        json!({"processDefinitionId": "one", "awaitCompletion": true, "requestTimeout": 200});
    server.call("POST", "/v2/process-instances", &body).await.problem(504);
}

#[tokio::test]
async fn a_thrown_error_without_a_catcher_is_an_incident() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({})).await;
    let job = activate_one(&server).await;
    let body = json!({"errorCode": "refused", "errorMessage": "by the bank"});
    server.post(&format!("/v2/jobs/{job}/error"), &body).await;
    let found = server.post("/v2/incidents/search", &json!({})).await;
    assert_eq!(found["items"][0]["errorType"], "UNHANDLED_ERROR_EVENT");
}

#[tokio::test]
async fn the_development_clock_moves_time() {
    let server = Server::start_with(&["--dev-clock"]).await;
    server.deploy("one.bpmn", crate::ONE_TASK).await.done();
    create(&server, "one", json!({})).await;
    activate_one(&server).await;
    assert!(activate(&server, 1).await.is_empty());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    let later = i64::try_from(now.as_millis()).expect("a time") + 10 * 60_000;
    assert_eq!(server.call("PUT", "/v2/clock", &json!({"timestamp": later})).await.status, 204);
    let long = json!({"type": "work", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 20_000});
    let found = server.post("/v2/jobs/activation", &long).await;
    assert!(found["jobs"][0]["deadline"].as_i64().expect("a time") >= later + 60_000);
    assert_eq!(server.text("POST", "/v2/clock/reset", "").await.status, 204);

    let other = Server::start().await;
    other.call("PUT", "/v2/clock", &json!({"timestamp": later})).await.problem(403);
}
