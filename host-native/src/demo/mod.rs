//! The demo: an order process and three orders, played through the ordinary API into an empty log.
//!
//! The first order is fulfilled, the second waits for its parcel, and the third carries its total as text, so that the
//! gateway cannot decide and raises an incident.

use serde_json::{Value, json};

use crate::cli::{Client, Failure};

/// An instance, for the banner.
pub struct Story {
    /// The instance.
    pub key: String,
    /// The process.
    pub process_id: String,
    /// How it is: `completed`, `waits`, `has an incident`.
    pub state: &'static str,
}

impl Story {
    /// Tells whether an incident holds it up.
    pub fn is_blocked(&self) -> bool {
        self.state == BLOCKED
    }
}

/// Plays the demo if nothing was ever deployed.
pub async fn play(client: &Client) -> Result<(), Failure> {
    let search = json!({ "page": { "limit": 1 } });
    let definitions = client.post("/v2/process-definitions/search", search).await?;
    if definitions["items"].as_array().is_some_and(|it| !it.is_empty()) {
        return Ok(());
    }
    client.deploy(vec![("order.bpmn".to_owned(), ORDER.as_bytes().to_vec())]).await?;
    for (id, customer, total) in [
        ("A-1001", "Ada", json!(80)),
        ("A-1002", "Grace", json!(240)),
        ("A-1003", "Edsger", json!("1,250.00 EUR")),
    ] {
        let order = json!({ "id": id, "customer": customer, "total": total });
        let create = json!({ "processDefinitionId": "order", "variables": { "order": order } });
        client.post("/v2/process-instances", create).await?;
    }
    work(client, "charge-card", &json!({ "paymentId": "pay-7" })).await?;
    work(client, "ship-parcel", &json!({ "parcel": "RR123456785" })).await?;
    let message =
        json!({ "name": "parcel-delivered", "correlationKey": "A-1001", "timeToLive": 0 });
    client.post("/v2/messages/publication", message).await?;
    Ok(())
}

/// Returns the newest instances, the oldest of them first.
pub async fn stories(client: &Client) -> Result<Vec<Story>, Failure> {
    let search = json!({
        "sort": [{ "field": "processInstanceKey", "order": "DESC" }],
        "page": { "limit": 3 },
    });
    let found = client.post("/v2/process-instances/search", search).await?;
    let items = found["items"].as_array().into_iter().flatten();
    Ok(items.rev().map(story).collect())
}

/// Completes the jobs of a type that are waiting, as a worker would.
async fn work(client: &Client, job_type: &str, variables: &Value) -> Result<(), Failure> {
    let activation = json!({
        "type": job_type,
        "worker": "demo",
        "timeout": 60_000,
        "maxJobsToActivate": 10,
        "requestTimeout": -1,
    });
    let activated = client.post("/v2/jobs/activation", activation).await?;
    for job in activated["jobs"].as_array().into_iter().flatten() {
        let key = job["jobKey"].as_str().unwrap_or_default();
        let completion = json!({ "variables": variables });
        client.post(&format!("/v2/jobs/{key}/completion"), completion).await?;
    }
    Ok(())
}

fn story(item: &Value) -> Story {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let state = match (item["state"].as_str(), item["hasIncident"].as_bool()) {
        (_, Some(true)) => BLOCKED,
        (Some("COMPLETED"), _) => "completed",
        (Some("TERMINATED"), _) => "cancelled",
        _ => "waits",
    };
    Story { key: text("processInstanceKey"), process_id: text("processDefinitionId"), state }
}

const ORDER: &str = include_str!("order.bpmn");
const BLOCKED: &str = "has an incident";
