//! A server that is killed at random moments under load, and clients that remember what they were told.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::binary;

/// A server process that dies without a word when dropped.
pub struct Victim {
    /// Where it serves, without `/v2`.
    pub address: String,
    child: Child,
}

impl Victim {
    /// Starts `dacapo serve` on a free port and waits until it tells its address.
    ///
    /// # Panics
    /// It does not tell its address within a minute.
    pub fn start(folder: &Path, store: &[&str]) -> Self {
        let mut command = binary::command(folder, ["serve", "--http", "127.0.0.1:0"]);
        let mut child =
            command.args(store).stdout(Stdio::piped()).spawn().expect("the server starts");
        let lines = binary::lines(child.stdout.take().expect("standard output is piped"));
        let address = loop {
            let line =
                lines.recv_timeout(Duration::from_secs(60)).expect("the server tells its address");
            if let Some(address) = line.split_whitespace().find_map(|word| word.strip_suffix("/v2"))
            {
                break address.to_owned();
            }
        };
        Self { address, child }
    }

    /// Kills it with SIGKILL: nothing is flushed, nobody is told.
    pub fn kill(mut self) {
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("the server is gone");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Already gone after `kill`; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the clients were told. Only what is in here counts as acknowledged.
#[derive(Debug, Default)]
pub struct Told {
    /// Every order that was sent at least once, and the instance key that was answered, if any was.
    pub orders: BTreeMap<u64, Option<String>>,
    /// The instance keys whose job completion was acknowledged.
    pub completed: Vec<String>,
}

/// Sends orders and completes their jobs until the server is gone. An order without an answer is sent again in the next
/// round, under the same idempotency key.
pub async fn load(address: String, told: Arc<Mutex<Told>>, client_number: u64) {
    let http = Client::builder().timeout(Duration::from_secs(20)).build().expect("a client");
    for count in 0.. {
        let open = unanswered(&told, client_number);
        let order = open.unwrap_or_else(|| new_order(&told, client_number));
        if create(&http, &address, order, &told).await.is_none() {
            return;
        }
        if count % 3 == 2 && work(&http, &address, &told).await.is_none() {
            return;
        }
    }
}

/// Completes every job that can be had; returns how many.
pub async fn drain(address: &str, told: &Arc<Mutex<Told>>) -> usize {
    let http = Client::new();
    let mut total = 0;
    loop {
        let count = work(&http, address, told).await.expect("the server answers");
        if count == 0 {
            return total;
        }
        total += count;
    }
}

async fn create(http: &Client, address: &str, order: u64, told: &Mutex<Told>) -> Option<()> {
    let body = json!({"processDefinitionId": "crash", "variables": {"order": order}});
    let request = http.post(format!("{address}/v2/process-instances")).json(&body);
    let answer = request.header("Idempotency-Key", format!("order-{order}")).send().await.ok()?;
    let status = answer.status();
    let body: Value = answer.json().await.ok()?;
    assert_eq!(status, StatusCode::OK, "{body}");
    let key = body["processInstanceKey"].as_str().expect("a key").to_owned();
    let before =
        told.lock().expect("no client panicked").orders.insert(order, Some(key.clone())).flatten();
    assert!(before.is_none_or(|it| it == key), "order {order} got two instances");
    Some(())
}

async fn work(http: &Client, address: &str, told: &Mutex<Told>) -> Option<usize> {
    let body = json!({"type": "crash", "worker": "crash", "timeout": 1_000, "maxJobsToActivate": 16, "requestTimeout": -1});
    let answer =
        http.post(format!("{address}/v2/jobs/activation")).json(&body).send().await.ok()?;
    let jobs: Value = answer.json().await.ok()?;
    let jobs = jobs["jobs"].as_array().cloned().unwrap_or_default();
    for job in &jobs {
        let key = job["jobKey"].as_str().expect("a key");
        let answer = http
            .post(format!("{address}/v2/jobs/{key}/completion"))
            .json(&json!({"variables": {"done": true}}))
            .send();
        let status = answer.await.ok()?.status();
        // A job that was completed before the crash, without the answer getting through, is not found any more.
        if status == StatusCode::NO_CONTENT {
            let instance = job["processInstanceKey"].as_str().expect("a key").to_owned();
            told.lock().expect("no client panicked").completed.push(instance);
        }
    }
    Some(jobs.len())
}

fn unanswered(told: &Mutex<Told>, client_number: u64) -> Option<u64> {
    let told = told.lock().expect("no client panicked");
    let mine = |order: u64| order / ORDERS_PER_CLIENT == client_number;
    told.orders.iter().find(|(order, key)| mine(**order) && key.is_none()).map(|(order, _)| *order)
}

fn new_order(told: &Mutex<Told>, client_number: u64) -> u64 {
    let mut told = told.lock().expect("no client panicked");
    let (low, high) = (client_number * ORDERS_PER_CLIENT, (client_number + 1) * ORDERS_PER_CLIENT);
    let order = told.orders.range(low..high).next_back().map_or(low, |(last, _)| last + 1);
    told.orders.insert(order, None);
    order
}

const ORDERS_PER_CLIENT: u64 = 1_000_000;
