//! Searches: filters and sorts.

use dacapo_tests::server::Server;
use serde_json::{Value, json};

use crate::{activate_one, create, server_with_one};

async fn instances(server: &Server, filter: Value) -> Vec<String> {
    let search = json!({"filter": filter, "sort": [{"field": "processInstanceKey"}]});
    let found = server.post("/v2/process-instances/search", &search).await;
    let items = found["items"].as_array().expect("a list");
    assert_eq!(found["page"]["totalItems"], items.len());
    items.iter().map(|it| it["processInstanceKey"].as_str().expect("a key").to_owned()).collect()
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let (server, definition) = server_with_one().await;
    server.deploy("none.bpmn", crate::NO_TASK).await.done();
    let a = create(&server, "one", json!({"size": "big", "n": 1})).await;
    let b = create(&server, "one", json!({"size": "small"})).await;
    let c = create(&server, "none", json!({"size": "big"})).await;
    let job = activate_one(&server).await;
    server.post(&format!("/v2/jobs/{job}/failure"), &json!({"retries": 0})).await;

    let started = server.get(&format!("/v2/process-instances/{b}")).await.done();
    let cases = [
        (json!({}), vec![&a, &b, &c]),
        (json!({"processDefinitionId": "one"}), vec![&a, &b]),
        (json!({"processDefinitionId": {"$neq": "one"}}), vec![&c]),
        (json!({"processDefinitionId": {"$like": "?n*"}}), vec![&a, &b]),
        (json!({"processDefinitionKey": {"$in": [definition, "1"]}}), vec![&a, &b]),
        (json!({"processDefinitionKey": {"$notIn": [definition]}}), vec![&c]),
        (json!({"state": "completed"}), vec![&c]),
        (json!({"state": {"$in": ["ACTIVE", "COMPLETED"]}, "hasIncident": false}), vec![&b, &c]),
        (json!({"hasIncident": true}), vec![&a]),
        (json!({"endDate": {"$exists": true}}), vec![&c]),
        (json!({"endDate": {"$exists": false}}), vec![&a, &b]),
        (json!({"startDate": {"$lt": "2020-01-01T00:00:00Z"}}), vec![]),
        (json!({"startDate": {"$gte": started["startDate"]}, "processInstanceKey": b}), vec![&b]),
        (json!({"processDefinitionVersion": {"$gt": 0, "$lte": 1}}), vec![&a, &b, &c]),
        (json!({"tenantId": "<default>"}), vec![&a, &b, &c]),
        (json!({"tenantId": "other"}), vec![]),
        (json!({"parentProcessInstanceKey": {"$exists": true}}), vec![]),
        (json!({"$or": [{"processInstanceKey": a}, {"state": "COMPLETED"}]}), vec![&a, &c]),
        (
            json!({"processDefinitionId": "one", "$or": [{"processInstanceKey": c}, {"processInstanceKey": b}]}),
            vec![&b],
        ),
        (json!({"variables": [{"name": "size", "value": "\"big\""}]}), vec![&a, &c]),
        (
            json!({"variables": [{"name": "size", "value": "\"big\""}, {"name": "n", "value": "1"}]}),
            vec![&a],
        ),
        (json!({"elementId": "task"}), vec![&a, &b]),
        (json!({"processInstanceKey": "1"}), vec![]),
    ];
    for (filter, expected) in cases {
        let found = instances(&server, filter.clone()).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

#[tokio::test]
async fn elements_and_variables_are_found() {
    let (server, _) = server_with_one().await;
    let instance = create(&server, "one", json!({"x": "a%b", "y": 2})).await;
    create(&server, "one", json!({"x": "axb"})).await;
    let search = json!({"filter": {"processInstanceKey": instance, "type": "SERVICE_TASK"}});
    let found = server.post("/v2/element-instances/search", &search).await;
    assert_eq!(found["items"][0]["elementName"], "Work");
    assert_eq!(found["page"]["totalItems"], 1);
    let key = found["items"][0]["elementInstanceKey"].as_str().expect("a key");
    let one = server.get(&format!("/v2/element-instances/{key}")).await.done();
    assert_eq!(one, found["items"][0]);
    for (like, count) in
        [("\"a%*", 1), ("\"a?b\"", 2), ("\"a*b\"", 2), ("\"A*\"", 0), ("\"a\\*b\"", 0)]
    {
        let search = json!({"filter": {"name": "x", "value": {"$like": like}}});
        let found = server.post("/v2/variables/search", &search).await;
        assert_eq!(found["page"]["totalItems"], count, "{like}");
    }
    let long = create(&server, "one", json!({"long": "é".repeat(10_000)})).await;
    let search = json!({"filter": {"processInstanceKey": long}});
    let cut = server.post("/v2/variables/search", &search).await;
    assert_eq!(cut["items"][0]["isTruncated"], true);
    let whole = server.post("/v2/variables/search?truncateValues=false", &search).await;
    assert_eq!(whole["items"][0]["isTruncated"], false);
    assert_eq!(whole["items"][0]["value"], format!("\"{}\"", "é".repeat(10_000)));
}

#[tokio::test]
async fn the_latest_version_can_be_asked_for() {
    let (server, first) = server_with_one().await;
    let other = crate::ONE_TASK.replace("\"Work\"", "\"Work harder\"");
    let second = server.deploy("one.bpmn", &other).await.done();
    let second = &second["deployments"][0]["processDefinition"]["processDefinitionKey"];
    let search = json!({"filter": {"processDefinitionId": "one", "isLatestVersion": true}});
    let found = server.post("/v2/process-definitions/search", &search).await;
    assert_eq!(found["page"]["totalItems"], 1);
    assert_eq!(&found["items"][0]["processDefinitionKey"], second);
    let search = json!({"filter": {"version": 1}});
    let found = server.post("/v2/process-definitions/search", &search).await;
    assert_eq!(found["items"][0]["processDefinitionKey"], first);
}
