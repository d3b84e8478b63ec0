//! The engine as a library: deploys a process, runs an order through it, and finds it in the read model.
//!
//! ```sh
//! cargo run --package dacapo --example embed
//! ```

use dacapo::embedded::{Embedded, EmbeddedError};
use dacapo::server::PARTITION;
use dacapo::store::Table;

#[tokio::main]
async fn main() -> Result<(), EmbeddedError> {
    let folder = std::env::temp_dir().join(format!("dacapo-embed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let engine = Embedded::open(&format!("sqlite://{}/log.db", folder.display())).await?;

    engine.deploy("order.bpmn", include_bytes!("../src/demo/order.bpmn")).await?;
    let variables = r#"{"order": {"id": "E-1", "customer": "Emmy", "total": 80}}"#;
    let instance = engine.create("order", variables).await?;
    println!("created {instance}");

    // The worker is a part of the program as well.
    let worked = [("charge-card", r#"{"paymentId": "pay-1"}"#), ("ship-parcel", "{}")];
    for (job_type, result) in worked {
        for job in engine.activate(job_type, 10, 60_000).await? {
            println!("{job_type} for {}", job.process_instance_key);
            engine.complete(job.key, result).await?;
        }
    }

    let row = engine.store().get(PARTITION, Table::ProcessInstance, instance).await?;
    let state = row.as_ref().and_then(|it| it.named("state").as_text());
    println!("the instance is {}: it waits for its parcel", state.unwrap_or("not projected yet"));

    engine.close().await?;
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    Ok(())
}
