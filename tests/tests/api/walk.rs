//! One order from its deployment to its end, over a restart.

use dacapo_tests::server::Server;
use serde_json::json;

use crate::{activate_one, create, server_with_one};

#[tokio::test]
async fn an_instance_survives_a_kill_and_ends() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({"amount": 12.5})).await;
    let job = activate_one(&server).await;
    let head = server.head().await;
    let server = Server::start_in(server.kill(), &[]).await;
    assert!(server.head().await > head, "a writer that starts says so");
    let path = format!("/v2/jobs/{job}/completion");
    let done = server.call("POST", &path, &json!({"variables": {"paid": true}})).await;
    assert_eq!((done.status, done.text.as_str()), (204, ""));
    let found = server.get(&format!("/v2/process-instances/{instance}")).await.done();
    assert_eq!(found["state"], "COMPLETED");
    assert!(found["endDate"].as_str().is_some_and(|it| it.ends_with('Z')));
    let (code, folder) = server.stop();
    assert_eq!(code, Some(0));
    let server = Server::start_in(folder, &[]).await;
    let found = server.get(&format!("/v2/process-instances/{instance}")).await.done();
    assert_eq!(found["state"], "COMPLETED");
}

#[tokio::test]
async fn an_incident_is_found_and_resolved() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({})).await;
    let job = activate_one(&server).await;
    let failure = json!({"retries": 0, "errorMessage": "the card was refused"});
    server.post(&format!("/v2/jobs/{job}/failure"), &failure).await;
    let search = json!({"filter": {"processInstanceKey": instance, "state": "ACTIVE"}});
    let found = server.post("/v2/incidents/search", &search).await;
    let incident = &found["items"][0];
    assert_eq!(incident["errorType"], "JOB_NO_RETRIES");
    assert_eq!(incident["errorMessage"], "the card was refused");
    assert_eq!(incident["elementId"], "task");
    let retries = json!({"changeset": {"retries": 1}});
    assert_eq!(server.call("PATCH", &format!("/v2/jobs/{job}"), &retries).await.status, 204);
    let path =
        format!("/v2/incidents/{}/resolution", incident["incidentKey"].as_str().expect("a key"));
    assert_eq!(server.text("POST", &path, "").await.status, 204);
    assert_eq!(server.post("/v2/incidents/search", &search).await["page"]["totalItems"], 0);
    let again = activate_one(&server).await;
    assert_eq!(again, job);
}

#[tokio::test]
async fn messages_are_correlated_and_buffered() {
    let server = Server::start().await;
    server.deploy("wait.bpmn", crate::ONE_MESSAGE).await.done();
    let first = create(&server, "wait", json!({"order": "7"})).await;
    let open = server.post("/v2/message-subscriptions/search", &json!({})).await;
    assert_eq!(open["items"][0]["correlationKey"], "7");
    let body = json!({"name": "paid", "correlationKey": "7", "variables": {"by": "card"}});
    let correlated = server.post("/v2/messages/correlation", &body).await;
    assert_eq!(correlated["processInstanceKey"], first);
    server.call("POST", "/v2/messages/correlation", &body).await.problem(404);

    let later = json!({"name": "paid", "correlationKey": "8", "timeToLive": 600_000});
    let published = server.post("/v2/messages/publication", &later).await;
    assert!(published["messageKey"].is_string());
    let second = create(&server, "wait", json!({"order": "8"})).await;
    for instance in [first, second] {
        let found = server.get(&format!("/v2/process-instances/{instance}")).await.done();
        assert_eq!(found["state"], "COMPLETED", "{found}");
    }
}

#[tokio::test]
async fn variables_are_set_and_instances_cancelled() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({"a": 1})).await;
    let path = format!("/v2/element-instances/{instance}/variables");
    let set = server.call("PUT", &path, &json!({"variables": {"a": 2, "note": "x"}})).await;
    assert_eq!(set.status, 204, "{}", set.text);
    let search = json!({"filter": {"processInstanceKey": instance}, "sort": [{"field": "name"}]});
    let found = server.post("/v2/variables/search", &search).await;
    assert_eq!(found["items"][0]["value"], "2");
    assert_eq!(found["items"][1]["value"], "\"x\"");
    let key = found["items"][0]["variableKey"].as_str().expect("a key");
    assert_eq!(server.get(&format!("/v2/variables/{key}")).await.done()["value"], "2");
    let path = format!("/v2/process-instances/{instance}/cancellation");
    assert_eq!(server.text("POST", &path, "").await.status, 204);
    let found = server.get(&format!("/v2/process-instances/{instance}")).await.done();
    assert_eq!(found["state"], "TERMINATED");
}
