//! The server's binary, asked over HTTP on connections that are kept.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Runtime;

use super::connection::Connection;
use super::core::one_task;
use super::place::{Kind, Place, Places};
use super::report::{ROUNDS, Report};
use super::running::Running;
use super::work::{self, ACTIVATED, Client, Key, Round, WORKERS, round_time};

/// Measures durable instances through the server, on both databases.
///
/// # Panics
/// The server does not do its work.
pub fn run(report: &mut Report, runtime: &Runtime, places: &mut Places) {
    for clients in [1, 32, 128] {
        let name = |kind: Kind| format!("rest: {}, {clients} clients", kind.name());
        let wanted: Vec<Kind> =
            Kind::ALL.into_iter().filter(|it| report.begin(&[&name(*it)])).collect();
        let mut rounds = wanted.iter().map(|it| (*it, Vec::new())).collect::<Vec<_>>();
        for _ in 0..ROUNDS {
            for (kind, rounds) in &mut rounds {
                let place = places.make(*kind);
                rounds.push(runtime.block_on(round(&place, clients, round_time(report))));
            }
        }
        for (kind, rounds) in rounds {
            let settings = format!(
                "{}; {clients} keep-alive connections, {WORKERS} workers, jobs by {ACTIVATED}, from an empty database",
                kind.settings()
            );
            work::report(report, &name(kind), &settings, rounds);
        }
    }
}

async fn round(place: &Place, clients: u32, time: Duration) -> Round {
    let server = Running::start(place);
    deploy(&server).await;
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(Worker { connection: Connection::open(&server.host).await });
    }
    // The first commands after a start that was not preceded by a clean stop take a detour.
    let first = Worker { connection: Connection::open(&server.host).await };
    work::work(vec![first], Duration::from_millis(50)).await;
    let started = Instant::now();
    let mut round = work::work(connections, time).await;
    // A search waits until the read model has seen all that was acknowledged.
    let mut last = Connection::open(&server.host).await;
    let search = r#"{"page":{"limit":1}}"#;
    last.post("/v2/process-instances/search", search).await;
    round.time_projected = started.elapsed();
    server.stop();
    round
}

async fn deploy(server: &Running) {
    let part = reqwest::multipart::Part::text(one_task()).file_name("p.bpmn");
    let form = reqwest::multipart::Form::new().part("resources", part);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("http://{}/v2/deployments", server.host);
    let answer = client.post(url).multipart(form).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{answer:?}");
}

struct Worker {
    connection: Connection,
}

impl Client for Worker {
    async fn create(&mut self, number: u64) -> Key {
        let body = format!(r#"{{"processDefinitionId":"p","variables":{{"order":{number}}}}}"#);
        let answer = self.connection.post("/v2/process-instances", &body).await;
        key_after(answer, r#""processInstanceKey":""#)
    }

    async fn activate(&mut self) -> Vec<(Key, Key)> {
        let body = format!(
            r#"{{"type":"bench","worker":"w","timeout":60000,"maxJobsToActivate":{ACTIVATED},"requestTimeout":-1}}"#
        );
        let answer = self.connection.post("/v2/jobs/activation", &body).await;
        let answer: Value = serde_json::from_str(answer).expect("JSON");
        let jobs = answer["jobs"].as_array().expect("jobs").iter();
        jobs.map(|it| (key(&it["jobKey"]), key(&it["processInstanceKey"]))).collect()
    }

    async fn complete(&mut self, job: Key) {
        self.connection.post(&format!("/v2/jobs/{job}/completion"), "{}").await;
    }
}

fn key(value: &Value) -> Key {
    value.as_str().and_then(|it| it.parse().ok()).expect("a key")
}

fn key_after(text: &str, name: &str) -> Key {
    let rest = text.split_once(name).expect("a key").1;
    rest.split('"').next().and_then(|it| it.parse().ok()).expect("a key")
}
