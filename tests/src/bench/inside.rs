//! The engine within this process, through the handle of its partition: durable, with its read model, without HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dacapo::embedded::Embedded;
use dacapo::partition::{Caller, PartitionHandle, Reply};
use dacapo::server::PARTITION;
use dacapo_engine::feel::{Context, Dec34, Value};
use dacapo_engine::kernel::{AnyEvent, Content, Frame, Outcome};
use dacapo_engine::process::commands::{ActivateJobs, CompleteJob, CreateInstance};
use dacapo_engine::process::{Command, Event, Process};
use dacapo_engine::record::Key as EngineKey;
use tokio::runtime::Runtime;

use super::core::one_task;
use super::place::{Kind, Place, Places};
use super::report::{ROUNDS, Report};
use super::work::{self, ACTIVATED, Client, Key, Round, WORKERS, round_time};

/// Measures durable instances on both databases, their rounds in turn.
///
/// # Panics
/// The engine does not do its work.
pub fn run(report: &mut Report, runtime: &Runtime, places: &mut Places) {
    for in_flight in [1, 256] {
        let name = |kind: Kind| format!("inside: {}, {in_flight} in flight", kind.name());
        let wanted = Kind::ALL.into_iter().filter(|it| report.begin(&[&name(*it)]));
        let wanted: Vec<Kind> = wanted.collect();
        let mut rounds = wanted.iter().map(|it| (*it, Vec::new())).collect::<Vec<_>>();
        for _ in 0..ROUNDS {
            for (kind, rounds) in &mut rounds {
                let place = places.make(*kind);
                rounds.push(runtime.block_on(round(&place, in_flight, round_time(report))));
            }
        }
        for (kind, rounds) in rounds {
            let settings = format!(
                "{}; {in_flight} submitters, {WORKERS} workers, jobs by {ACTIVATED}, from an empty database",
                kind.settings()
            );
            work::report(report, &name(kind), &settings, rounds);
        }
    }
}

/// Runs instances in an engine of this process until it has so many records; it is stopped cleanly.
///
/// # Panics
/// The engine does not do its work.
pub async fn fill(place: &Place, records: u64) {
    let engine = open(place).await;
    while engine.partition().head().0 < records {
        work::work(clients(&engine, 256), Duration::from_millis(500)).await;
    }
    wait_projected(&engine).await;
    engine.close().await.expect("it stops");
}

async fn round(place: &Place, in_flight: u32, time: Duration) -> Round {
    let engine = open(place).await;
    let started = Instant::now();
    let mut round = work::work(clients(&engine, in_flight), time).await;
    wait_projected(&engine).await;
    round.time_projected = started.elapsed();
    engine.close().await.expect("it stops");
    round
}

async fn open(place: &Place) -> Embedded {
    let engine = Embedded::open(&place.url).await.expect("an engine");
    engine.deploy("p.bpmn", one_task().as_bytes()).await.expect("a deployment");
    // The first commands after a start that was not preceded by a clean stop take a detour.
    work::work(clients(&engine, 1), Duration::from_millis(50)).await;
    engine
}

async fn wait_projected(engine: &Embedded) {
    let head = engine.partition().head();
    while engine.store().projected(PARTITION).await.expect("a position") < head {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn clients(engine: &Embedded, count: u32) -> Vec<Submitter> {
    let partition = engine.partition();
    (0..count).map(|_| Submitter { partition: partition.clone(), tenant: TENANT.into() }).collect()
}

struct Submitter {
    partition: PartitionHandle,
    tenant: Arc<str>,
}

impl Client for Submitter {
    async fn create(&mut self, number: u64) -> Key {
        let mut variables = Context::new();
        variables.insert("order", Value::Number(Dec34::from(number.cast_signed())));
        let command = CreateInstance {
            process_id: Some("p".into()),
            version: None,
            process_definition_key: None,
            variables,
            tags: None,
            business_id: None,
        };
        let frame = self.submit(command).await;
        find(&frame, |event| matches!(event, Event::InstanceCreated(_))).expect("an instance").0
    }

    async fn activate(&mut self) -> Vec<(Key, Key)> {
        let command = ActivateJobs {
            job_type: "bench".into(),
            worker: "w".into(),
            timeout_ms: 60_000,
            jobs_max: ACTIVATED,
            fetch_variables: None,
        };
        let Some(frame) = self.ask(command).await else { return Vec::new() };
        let jobs = self.partition.activated(frame.header.position).await.expect("an answer");
        jobs.expect("the jobs").iter().map(|it| (it.key.0, it.process_instance_key.0)).collect()
    }

    async fn complete(&mut self, job: Key) {
        let command = CompleteJob { job_key: EngineKey(job), variables: Context::new() };
        let frame = self.submit(command).await;
        find(&frame, |event| matches!(event, Event::InstanceCompleted(_))).expect("an end");
    }
}

impl Submitter {
    async fn submit(&self, command: impl Into<Command>) -> Arc<Frame<Process>> {
        self.ask(command).await.expect("an outcome")
    }

    async fn ask(&self, command: impl Into<Command>) -> Option<Arc<Frame<Process>>> {
        let caller = Caller { tenant: self.tenant.clone(), ..Caller::default() };
        match self.partition.submit(command, None, caller).await.expect("an answer") {
            Reply::Done(frame) => Some(frame),
            Reply::Nothing => None,
            other @ Reply::Duplicate(_) => panic!("expected an outcome, found {other:?}"),
        }
    }
}

fn find(frame: &Frame<Process>, is_it: impl Fn(&Event) -> bool) -> Option<EngineKey> {
    let Content::Step(_, Outcome::Events(events)) = &frame.content else { return None };
    let found = events.iter().find(|it| match &it.event {
        AnyEvent::Machine(event) => is_it(event),
        AnyEvent::Kernel(_) => false,
    });
    found.map(|it| it.key)
}

const TENANT: &str = "<default>";
