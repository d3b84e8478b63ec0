//! A random life for the instances of a process: workers, messages, time, operators, and nonsense.

use std::sync::Arc;

use dacapo_engine::feel::{Context, Dec34, Value};
use dacapo_engine::kernel::{Content, Outcome, Stepped, Symbol, Symbols};
use dacapo_engine::process::commands::{
    ActivateJobs, CancelInstance, Command, CompleteJob, CreateInstance, Deploy, FailJob,
    PublishMessage, ResolveIncident, Resource, SetVariables, ThrowError, UpdateJob,
};
use dacapo_engine::process::state::{Bytes, IncidentRow};
use dacapo_engine::process::{IncidentKind, Process};
use dacapo_engine::record::{Key, Limits};
use proptest::prelude::*;

use crate::drive::Drive;

/// One thing that somebody does. The numbers choose among what is there.
#[derive(Clone, Copy, Debug)]
pub enum Move {
    /// Start an instance with `n`.
    Create(u8),
    /// Take jobs of the type of some open job.
    Activate(u8),
    /// Complete some job.
    Complete(u8),
    /// Fail some job, with so many retries left.
    Fail(u8, u8),
    /// Throw an error from some job.
    Throw(u8),
    /// Give some job more retries.
    Update(u8),
    /// Publish the message that something waits for.
    Publish(u8),
    /// Publish a message before anything waits for it.
    PublishEarly(u8),
    /// Resolve some incident.
    Resolve(u8),
    /// Set a variable of some element instance.
    Set(u8),
    /// Cancel some instance.
    Cancel(u8),
    /// Let milliseconds pass.
    Pass(u16),
    /// Let the machine take at most so many steps by itself.
    Internal(u8),
    /// Ask for what is not there.
    Nonsense(u8),
}

/// Returns random lives.
pub fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => any::<u8>().prop_map(Move::Create),
        4 => any::<u8>().prop_map(Move::Activate),
        6 => any::<u8>().prop_map(Move::Complete),
        1 => (any::<u8>(), 0..3_u8).prop_map(|(a, b)| Move::Fail(a, b)),
        1 => any::<u8>().prop_map(Move::Throw),
        1 => any::<u8>().prop_map(Move::Update),
        3 => any::<u8>().prop_map(Move::Publish),
        2 => any::<u8>().prop_map(Move::PublishEarly),
        2 => any::<u8>().prop_map(Move::Resolve),
        1 => any::<u8>().prop_map(Move::Set),
        1 => any::<u8>().prop_map(Move::Cancel),
        3 => (0..6_000_u16).prop_map(Move::Pass),
        4 => (1..20_u8).prop_map(Move::Internal),
        1 => any::<u8>().prop_map(Move::Nonsense),
    ];
    prop::collection::vec(one, 1..40)
}

/// Makes a log with one deployed process.
///
/// # Panics
/// The process is refused.
pub fn deployed(xml: &str, limits: Limits) -> Drive<Process> {
    let mut drive = Drive::new(limits);
    let stepped = drive.send(deploy(xml));
    let Stepped::Frame(frame) = stepped else { panic!("expected a deployment, found nothing") };
    if let Content::Step(_, Outcome::Rejected(rejection)) = frame.content {
        panic!("expected a deployment, found {}\n{xml}", rejection.reason);
    }
    drive
}

/// Makes a move.
pub fn play(drive: &mut Drive<Process>, step: Move) {
    match step {
        Move::Pass(ms) => drive.now = drive.now.plus_ms(i64::from(ms)),
        Move::Internal(count) => drop(drive.internal(usize::from(count))),
        other => {
            if let Some(command) = command(drive, other) {
                drive.send(command);
            }
        }
    }
}

/// Serves everything that waits until nothing is left, at most so many rounds; returns whether all instances ended.
pub fn serve(drive: &mut Drive<Process>, rounds: usize) -> bool {
    for _ in 0..rounds {
        drive.internal(10_000);
        if drive.engine.state().tables.instances.is_empty() {
            return true;
        }
        let tables = &drive.engine.state().tables;
        let jobs: Vec<Key> = tables.jobs.iter().map(|(key, _)| *key).collect();
        let incidents: Vec<Key> = tables.incidents.iter().map(|(key, _)| *key).collect();
        let is_lost = |row: &IncidentRow| row.kind == IncidentKind::UnhandledError;
        let rows = tables.incidents.iter().map(|(_, row)| row).filter(|row| is_lost(row));
        let lost: Vec<Key> = rows.map(|row| row.instance).collect();
        let topics: Vec<_> =
            tables.subscriptions.iter().map(|(_, row)| row.correlation.clone()).collect();
        for job_key in jobs {
            drive.send(UpdateJob { job_key, retries: Some(1), timeout_ms: None });
        }
        for incident_key in incidents {
            drive.send(ResolveIncident { incident_key });
        }
        // An error that nobody catches stays an incident until the model is another: only cancelling ends it.
        for process_instance_key in lost {
            drive.send(CancelInstance { process_instance_key });
        }
        for topic in topics {
            drive.send(publish(topic.name, topic.correlation_key, 0));
        }
        activate_all(drive);
        let jobs: Vec<Key> = drive.engine.state().tables.jobs.iter().map(|(key, _)| *key).collect();
        for job_key in jobs {
            drive.send(CompleteJob { job_key, variables: Context::new() });
        }
        drive.now = drive.now.plus_ms(10_000);
    }
    false
}

fn activate_all(drive: &mut Drive<Process>) {
    let state = drive.engine.state();
    let mut types: Vec<Arc<str>> =
        state.tables.jobs.iter().map(|(_, row)| state.kernel.symbols.name(row.job_type)).collect();
    types.dedup();
    for job_type in types {
        drive.send(activate(job_type));
    }
}

fn command(drive: &Drive<Process>, step: Move) -> Option<Command> {
    let state = drive.engine.state();
    let tables = &state.tables;
    let job = |choice: u8| nth(tables.jobs.iter(), tables.jobs.count(), choice);
    Some(match step {
        Move::Create(n) => create(n).into(),
        Move::Activate(choice) => {
            activate(state.kernel.symbols.name(job(choice)?.1.job_type)).into()
        }
        Move::Complete(choice) => {
            CompleteJob { job_key: *job(choice)?.0, variables: numbers(&[("done", choice)]) }.into()
        }
        Move::Fail(choice, retries) => FailJob {
            job_key: *job(choice)?.0,
            retries: i32::from(retries),
            error_message: Some("boom".into()),
            backoff_ms: (choice % 2 == 0).then_some(500),
            variables: Context::new(),
        }
        .into(),
        Move::Throw(choice) => ThrowError {
            job_key: *job(choice)?.0,
            error_code: if choice % 4 == 0 { "OTHER".into() } else { "OOPS".into() },
            error_message: None,
            variables: Context::new(),
        }
        .into(),
        Move::Update(choice) => UpdateJob {
            job_key: *job(choice)?.0,
            retries: Some(i32::from(choice % 3)),
            timeout_ms: None,
        }
        .into(),
        Move::Publish(choice) => {
            let (_, row) = nth(tables.subscriptions.iter(), tables.subscriptions.count(), choice)?;
            publish(
                row.correlation.name.clone(),
                row.correlation.correlation_key.clone(),
                i64::from(choice % 2) * 1_000,
            )
            .into()
        }
        Move::PublishEarly(choice) => {
            let name = early(&state.kernel.symbols, choice / 3);
            publish(name, (choice % 3).to_string().into(), 5_000).into()
        }
        Move::Resolve(choice) => {
            let (key, _) = nth(tables.incidents.iter(), tables.incidents.count(), choice)?;
            ResolveIncident { incident_key: *key }.into()
        }
        Move::Set(choice) => {
            let (key, _) = nth(tables.elements.iter(), tables.elements.count(), choice)?;
            let variables = numbers(&[("n", choice % 4)]);
            SetVariables { scope_key: *key, variables, is_local: choice % 2 == 0 }.into()
        }
        Move::Cancel(choice) => {
            let (key, _) = nth(tables.instances.iter(), tables.instances.count(), choice)?;
            CancelInstance { process_instance_key: *key }.into()
        }
        Move::Nonsense(choice) => nonsense(choice),
        Move::Pass(_) | Move::Internal(_) => return None,
    })
}

/// Returns the name of a message that was waited for before, else one that may be.
fn early(symbols: &Symbols, choice: u8) -> Arc<str> {
    let is_waited_for = |name: &Arc<str>| STEMS.iter().any(|stem| name.starts_with(stem));
    let names = (0..symbols.count()).filter_map(|number| u32::try_from(number).ok());
    let names: Vec<_> = names.map(|it| symbols.name(Symbol(it))).filter(is_waited_for).collect();
    let found = names.get(usize::from(choice) % names.len().max(1)).cloned();
    found.unwrap_or_else(|| format!("catch{}", choice % 8).into())
}

/// Asks for the deployment of a file, with the decisions that business rule tasks call.
pub fn deploy(xml: &str) -> Deploy {
    let resource = |name: &str, text: &str| Resource {
        resource_name: name.into(),
        content: Bytes(text.as_bytes().into()),
    };
    let rules = xml.contains("businessRuleTask").then(|| resource("rules.dmn", RULES));
    Deploy { resources: rules.into_iter().chain([resource("p.bpmn", xml)]).collect() }
}

/// Asks for an instance; the number says with which variables.
pub fn create(n: u8) -> CreateInstance {
    CreateInstance {
        process_id: Some("p".into()),
        version: None,
        process_definition_key: None,
        variables: numbers(&[("n", n % 4), ("key", n % 3)]),
        tags: None,
        business_id: None,
    }
}

fn nonsense(choice: u8) -> Command {
    let key = Key(u64::from(choice) << 40 | 7);
    match choice % 4 {
        0 => CompleteJob { job_key: key, variables: Context::new() }.into(),
        1 => ResolveIncident { incident_key: key }.into(),
        2 => CancelInstance { process_instance_key: key }.into(),
        _ => {
            SetVariables { scope_key: key, variables: numbers(&[("x", 1)]), is_local: false }.into()
        }
    }
}

fn activate(job_type: Arc<str>) -> ActivateJobs {
    ActivateJobs {
        job_type,
        worker: "w".into(),
        timeout_ms: 2_000,
        jobs_max: 3,
        fetch_variables: None,
    }
}

fn publish(
    message_name: Arc<str>,
    correlation_key: Arc<str>,
    time_to_live_ms: i64,
) -> PublishMessage {
    PublishMessage {
        message_name,
        correlation_key,
        time_to_live_ms,
        message_id: None,
        variables: Context::new(),
    }
}

fn numbers(pairs: &[(&str, u8)]) -> Context {
    let mut context = Context::new();
    for (name, value) in pairs {
        context.insert(*name, Value::Number(Dec34::from(i64::from(*value))));
    }
    context
}

fn nth<T>(mut items: impl Iterator<Item = T>, count: u64, choice: u8) -> Option<T> {
    items.nth((u64::from(choice) % count.max(1)) as usize)
}

/// The decision `after` is what comes after `n`, by way of a decision that it requires.
const RULES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="rules" name="rules" namespace="rules">
  <decision id="one" name="one"><literalExpression><text>1</text></literalExpression></decision>
  <decision id="after" name="after">
    <informationRequirement><requiredDecision href="#one"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression><text>n</text></inputExpression></input><output name="after"/>
      <rule><inputEntry><text>&lt; 2</text></inputEntry><outputEntry><text>n + one</text></outputEntry></rule>
      <rule><inputEntry><text>&gt;= 2</text></inputEntry><outputEntry><text>n + 1</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"##;

/// How elements that wait for messages are called.
const STEMS: [&str; 3] = ["catch", "receive", "boundary"];
