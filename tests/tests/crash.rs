//! The server is killed at random moments under load, on both databases; nothing that was acknowledged is lost, and
//! nothing is there twice (promises C1, C5; faults P1, P14, P16; invariants I-ACK-1, I-ACK-3).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dacapo_engine::bpmn::notation;
use dacapo_tests::binary;
use dacapo_tests::crash::{Told, Victim, drain, load};
use dacapo_tests::postgres;
use reqwest::{Client, multipart};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_on_sqlite_loses_nothing_and_doubles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    crash_rounds(folder.path(), &["--data-dir", data.to_str().expect("a UTF-8 path")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_on_postgresql_loses_nothing_and_doubles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::shared().database();
    let url = postgres::shared().url("dacapo", &database);
    crash_rounds(folder.path(), &["--database-url", &url]).await;
}

async fn crash_rounds(folder: &Path, store: &[&str]) {
    let told = Arc::new(Mutex::new(Told::default()));
    // A fixed sequence of odd moments: early, in the middle of batches, late.
    for (round, moment_ms) in [90, 250, 640, 20, 410, 1_100].into_iter().enumerate() {
        let server = Victim::start(folder, store);
        if round == 0 {
            deploy(&server.address).await;
        }
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| tokio::spawn(load(server.address.clone(), told.clone(), number)))
            .collect();
        tokio::time::sleep(Duration::from_millis(moment_ms)).await;
        server.kill();
        for client in clients {
            client.await.expect("no client saw something wrong");
        }
    }
    let server = Victim::start(folder, store);
    // Jobs that a dead round had activated come back when their second is over.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    drain(&server.address, &told).await;
    let told = std::mem::take(&mut *told.lock().expect("no client panicked"));
    check(&server.address, &told).await;
    let said = binary::run(
        binary::command(folder, ["log", "verify", "--json"]).env("DACAPO_ADDRESS", &server.address),
    );
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("re-derived"), "{}", said.out);
}

async fn check(address: &str, told: &Told) {
    let answered = told.orders.values().flatten().count();
    assert!(
        answered > 50 && told.completed.len() > 20,
        "the load did too little: {answered} orders"
    );
    let variables = all(address, "variables", json!({"name": "order"})).await;
    let mut instances: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for variable in &variables {
        let order = variable["value"].as_str().and_then(|it| it.parse().ok()).expect("a number");
        instances
            .entry(order)
            .or_default()
            .push(variable["processInstanceKey"].as_str().expect("a key").into());
    }
    for (order, keys) in &instances {
        assert_eq!(keys.len(), 1, "order {order} is there twice");
    }
    for (order, key) in &told.orders {
        if let Some(key) = key {
            assert_eq!(
                instances.get(order).map(Vec::as_slice),
                Some(&[key.clone()][..]),
                "order {order} is lost"
            );
        }
    }
    let done = all(address, "process-instances", json!({"state": "COMPLETED"})).await;
    let done: Vec<&str> = done.iter().filter_map(|it| it["processInstanceKey"].as_str()).collect();
    for key in &told.completed {
        assert!(done.contains(&key.as_str()), "the completion of {key} is lost");
    }
    let open = all(address, "process-instances", json!({"state": "ACTIVE"})).await;
    assert!(open.is_empty(), "every job was completed, yet {} instances are open", open.len());
}

async fn deploy(address: &str) {
    let xml =
        notation::to_xml("crash", "s:start -> work:service(crash) -> e:end").expect("a process");
    let part = multipart::Part::text(xml).file_name("crash.bpmn");
    let form = multipart::Form::new().part("resources", part);
    let answer =
        Client::new().post(format!("{address}/v2/deployments")).multipart(form).send().await;
    assert!(answer.expect("an answer").status().is_success());
}

async fn all(address: &str, what: &str, filter: Value) -> Vec<Value> {
    let (http, mut items, mut from) = (Client::new(), Vec::new(), 0);
    loop {
        let body = json!({"filter": filter, "page": {"from": from, "limit": 1000}});
        let answer = http
            .post(format!("{address}/v2/{what}/search"))
            .json(&body)
            .send()
            .await
            .expect("an answer");
        let page: Value = answer.json().await.expect("JSON");
        let found = page["items"].as_array().cloned().unwrap_or_default();
        if found.is_empty() {
            return items;
        }
        from += found.len();
        items.extend(found);
    }
}

const CLIENTS: u64 = 8;
