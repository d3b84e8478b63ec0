//! Makes the command that a line of a spec asks for.

use std::sync::Arc;

use dacapo_engine::feel::calendar::{Duration, parse_duration};
use dacapo_engine::feel::{Context, Env, Expression, Value, evaluate};
use dacapo_engine::kernel::{AnyCommand, ContinueWork, KernelCommand, ParseCommand};
use dacapo_engine::process::Process;
use dacapo_engine::process::commands::{
    ActivateJobs, CancelInstance, Command, CompleteJob, CorrelateMessage, CreateInstance,
    DeliverMessage, EndBackoff, EvaluateDecision, ExpireMessage, FailJob, PublishMessage,
    ResolveIncident, SetVariables, ThrowError, TimeOutJob, TriggerTimer, UpdateJob,
};

use super::known;
use super::script::Line;
use super::world::World;

/// Makes a command.
///
/// # Panics
/// The line is not one of the language.
pub fn command(world: &World, line: &Line) -> AnyCommand<Process> {
    let kernel = match line.verb.as_str() {
        "continue" => {
            KernelCommand::ContinueWork(ContinueWork { parked_key: known::parked(world) })
        }
        "parse" => KernelCommand::ParseCommand(ParseCommand { reason: line.word(0).into() }),
        _ => return AnyCommand::Machine(of_user(world, line)),
    };
    AnyCommand::Kernel(kernel)
}

fn of_user(world: &World, line: &Line) -> Command {
    let word = |index: usize| line.word(index);
    let variables = variables(&line.variables);
    match line.verb.as_str() {
        "create" => create(world, line, variables).into(),
        "cancel" => CancelInstance { process_instance_key: known::instance(world, word(0)) }.into(),
        "set" => {
            let is_local = line.words.iter().any(|it| it == "local");
            let scope_key = known::scope(world, if word(0) == "local" { "" } else { word(0) });
            SetVariables { scope_key, variables, is_local }.into()
        }
        "resolve" => ResolveIncident { incident_key: known::incident(world, word(0)) }.into(),
        "publish" => PublishMessage {
            message_name: word(0).into(),
            correlation_key: line.option("key").unwrap_or("").into(),
            time_to_live_ms: duration(line, "ttl").unwrap_or(0),
            message_id: line.option("id").map(Into::into),
            variables,
        }
        .into(),
        "correlate" => CorrelateMessage {
            message_name: word(0).into(),
            correlation_key: line.option("key").unwrap_or("").into(),
            variables,
        }
        .into(),
        "evaluate" => EvaluateDecision {
            decision_id: line.words.first().map(|it| it.as_str().into()),
            decision_key: line.option("key").map(|id| known::decision(world, id)),
            variables,
        }
        .into(),
        _ => of_worker(world, line, variables),
    }
}

fn of_worker(world: &World, line: &Line, variables: Context) -> Command {
    let word = |index: usize| line.word(index);
    let said = |index: usize| line.words.get(index).map(|it| Arc::from(it.as_str()));
    let job_key = known::job(world, word(0));
    match line.verb.as_str() {
        "activate" => ActivateJobs {
            job_type: word(0).into(),
            worker: line.option("worker").unwrap_or("w").into(),
            timeout_ms: duration(line, "timeout").unwrap_or(300_000),
            jobs_max: line.number("max").unwrap_or(10),
            fetch_variables: line.option("fetch").map(list),
        }
        .into(),
        "complete" => CompleteJob { job_key, variables }.into(),
        "fail" => FailJob {
            job_key,
            retries: line.number("retries").unwrap_or(0),
            error_message: said(1),
            backoff_ms: duration(line, "backoff"),
            variables,
        }
        .into(),
        "throw" => {
            let error_code = word(1).into();
            ThrowError { job_key, error_code, error_message: said(2), variables }.into()
        }
        "update" => UpdateJob {
            job_key,
            retries: line.number("retries"),
            timeout_ms: duration(line, "timeout"),
        }
        .into(),
        _ => internal(world, line),
    }
}

/// What only the machine itself asks for, when its time has come; asked by hand it is refused.
fn internal(world: &World, line: &Line) -> Command {
    let name = line.word(0);
    match line.verb.as_str() {
        "time-out" => TimeOutJob { job_key: known::job(world, name) }.into(),
        "end-backoff" => EndBackoff { job_key: known::job(world, name) }.into(),
        "trigger" => TriggerTimer { timer_key: known::timer(world, name) }.into(),
        "deliver" => DeliverMessage { message_key: known::message(world, name) }.into(),
        "expire" => ExpireMessage { message_key: known::message(world, name) }.into(),
        other => panic!("expected a verb of the spec language, found {other:?}"),
    }
}

fn create(world: &World, line: &Line, variables: Context) -> CreateInstance {
    let first = world.processes.first().map_or("p", |(id, _)| id.as_str());
    let process_definition_key = line.option("definition").map(|id| known::definition(world, id));
    let named = line.words.first().map(String::as_str);
    let is_by_id = process_definition_key.is_none() && line.option("id") != Some("no");
    let process_id = named.or(is_by_id.then_some(first));
    CreateInstance {
        process_id: process_id.map(Into::into),
        version: line.number("version"),
        process_definition_key,
        variables,
        tags: line.option("tags").map(list),
        business_id: line.option("business").map(Into::into),
    }
}

/// Returns the milliseconds of a duration such as `PT1M`.
///
/// # Panics
/// The text is no duration of days and less.
pub fn milliseconds(text: &str) -> i64 {
    match parse_duration(text) {
        Ok(Duration::Days(duration)) => duration.to_ms().expect("a duration in range"),
        other => panic!("expected a duration of days and less, found {other:?}"),
    }
}

fn duration(line: &Line, name: &str) -> Option<i64> {
    line.option(name).map(milliseconds)
}

fn list(text: &str) -> Vec<Arc<str>> {
    text.split(',').map(Into::into).collect()
}

fn variables(text: &str) -> Context {
    if text.is_empty() {
        return Context::new();
    }
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"));
    let value = evaluate(&expression, &Context::new(), &mut Env::new(0));
    let Ok(Value::Context(context)) = value else { panic!("expected a context, found {text}") };
    (*context).clone()
}
