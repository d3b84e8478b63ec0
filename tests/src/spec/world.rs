//! Runs the lines of a spec against the engine: one log, a chosen clock, and names for what came to be.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo::names::{ProcessWords, process_names};
use dacapo_engine::bpmn::notation;
use dacapo_engine::feel::calendar::{Duration, parse_duration};
use dacapo_engine::feel::{Context, Env, Expression, Value, evaluate};
use dacapo_engine::kernel::{AnyEvent, Content, Outcome};
use dacapo_engine::process::commands::{
    ActivateJobs, CancelInstance, Command, CompleteJob, CorrelateMessage, CreateInstance, Deploy,
    FailJob, PublishMessage, ResolveIncident, Resource, SetVariables, ThrowError, UpdateJob,
};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::{Control, Key, Limits, Timestamp};
use dacapo_log::wire::Printer;

use super::script::Line;
use crate::drive::Drive;

/// A log that a spec writes.
pub struct World {
    /// The engine and its frames.
    pub drive: Drive<Process>,
    processes: Vec<(String, String)>,
    jobs: BTreeMap<Arc<str>, Key>,
    instance: Key,
    shown_from: usize,
}

impl World {
    /// Deploys the processes: their first lines may be `# id`; without, the id is `p`.
    ///
    /// # Panics
    /// A process is not in the notation.
    pub fn new(processes: &[String]) -> Self {
        let mut drive = Drive::new(Limits::default());
        drive.now = START;
        let processes = processes.iter().map(|text| named(text)).collect();
        let mut world =
            Self { drive, processes, jobs: BTreeMap::new(), instance: Key(0), shown_from: 0 };
        world.deploy("");
        world.settle();
        world.shown_from = world.drive.stored.len();
        world
    }

    /// Runs a line, and everything that the machine then asks for by itself.
    ///
    /// # Panics
    /// The line is not one of the language.
    pub fn run(&mut self, line: &Line) {
        let request = line.options.get("request").cloned();
        match line.verb.as_str() {
            "advance" => self.advance(line),
            "limits" => self.limits(line),
            "deploy" => self.deploy(""),
            "deploy-changed" => self.deploy("<!-- changed -->"),
            "deploy-broken" => self.deploy_broken(),
            verb => {
                let command = self.command(verb, line);
                self.drive.request(request.as_deref(), command);
            }
        }
        self.settle();
    }

    /// Prints what the lines wrote.
    ///
    /// # Panics
    /// A frame cannot be printed.
    pub fn log(&self) -> String {
        let names = process_names();
        let mut printer = Printer::<Process>::with_describe(&names, &ProcessWords);
        let mut print = |frame| printer.print(frame).expect("a frame that can be printed");
        let (hidden, shown) = self.drive.frames.split_at(self.shown_from);
        // What was deployed has its nicknames too.
        hidden.iter().for_each(|frame| drop(print(frame)));
        shown.iter().map(print).collect()
    }

    fn command(&self, verb: &str, line: &Line) -> Command {
        let variables = variables(&line.variables);
        let word = |index: usize| line.words.get(index).map_or("", String::as_str);
        match verb {
            "create" => self.create(line, variables).into(),
            "activate" => ActivateJobs {
                job_type: word(0).into(),
                worker: option(line, "worker").unwrap_or("w").into(),
                timeout_ms: duration(line, "timeout").unwrap_or(300_000),
                jobs_max: number(line, "max").unwrap_or(10),
                fetch_variables: None,
            }
            .into(),
            "complete" => CompleteJob { job_key: self.job(word(0)), variables }.into(),
            "fail" => FailJob {
                job_key: self.job(word(0)),
                retries: number(line, "retries").unwrap_or(0),
                error_message: line.words.get(1).map(|it| it.as_str().into()),
                backoff_ms: duration(line, "backoff"),
                variables,
            }
            .into(),
            "throw" => ThrowError {
                job_key: self.job(word(0)),
                error_code: word(1).into(),
                error_message: line.words.get(2).map(|it| it.as_str().into()),
                variables,
            }
            .into(),
            "update" => UpdateJob {
                job_key: self.job(word(0)),
                retries: number(line, "retries"),
                timeout_ms: duration(line, "timeout"),
            }
            .into(),
            "publish" => PublishMessage {
                message_name: word(0).into(),
                correlation_key: option(line, "key").unwrap_or("").into(),
                time_to_live_ms: duration(line, "ttl").unwrap_or(0),
                message_id: option(line, "id").map(Into::into),
                variables,
            }
            .into(),
            "correlate" => CorrelateMessage {
                message_name: word(0).into(),
                correlation_key: option(line, "key").unwrap_or("").into(),
                variables,
            }
            .into(),
            "set" => SetVariables {
                scope_key: self.scope(word(0)),
                variables,
                is_local: word(1) == "local",
            }
            .into(),
            "resolve" => ResolveIncident { incident_key: self.incident(word(0)) }.into(),
            "cancel" => CancelInstance { process_instance_key: self.instance }.into(),
            other => panic!("expected a verb of the spec language, found {other:?}"),
        }
    }

    fn create(&self, line: &Line, variables: Context) -> CreateInstance {
        let first = self.processes.first().map_or("p", |(id, _)| id.as_str());
        CreateInstance {
            process_id: Some(line.words.first().map_or(first, String::as_str).into()),
            version: number(line, "version"),
            process_definition_key: None,
            variables,
            tags: None,
            business_id: None,
        }
    }

    fn deploy(&mut self, appended: &str) {
        let resources = self
            .processes
            .iter()
            .map(|(id, xml)| resource(id, &format!("{xml}{appended}")))
            .collect();
        self.drive.send(Deploy { resources });
    }

    fn deploy_broken(&mut self) {
        let xml =
            notation::to_xml("broken", "s:start -> r:receive(x, =1) -> e:end").expect("a process");
        let xml = xml
            .replace("receiveTask", "transaction")
            .replace(">=1<", ">=1 +<")
            .replace("\"=1\"", "\"=1 +\"");
        self.drive.send(Deploy { resources: vec![resource("broken", &xml)] });
    }

    fn advance(&mut self, line: &Line) {
        let text = line.words.first().map_or("", String::as_str);
        self.drive.now = self.drive.now.plus_ms(milliseconds(text));
    }

    fn limits(&mut self, line: &Line) {
        let mut limits = Limits::default();
        if let Some(events) = number(line, "step_events") {
            limits.step_events = events;
        }
        self.drive.control(Control::LimitsChanged { limits });
    }

    /// Runs what is due, and remembers the jobs and instances that came to be.
    fn settle(&mut self) {
        self.drive.internal(INTERNAL_MAX);
        let symbols = &self.drive.engine.state().kernel.symbols;
        let tables = &self.drive.engine.state().tables;
        for (key, job) in tables.jobs.iter() {
            if let Some(element) = tables.elements.get(&job.element_instance) {
                let id = symbols.name(element.element);
                let is_open = self.jobs.get(&id).is_some_and(|known| tables.jobs.contains(known));
                if !is_open {
                    self.jobs.insert(id, *key);
                }
            }
        }
        let frames = self.drive.frames.iter();
        let events = frames.filter_map(|frame| match &frame.content {
            Content::Step(_, Outcome::Events(events)) => Some(events),
            _ => None,
        });
        for record in events.flatten() {
            if let AnyEvent::Machine(Event::InstanceCreated(_)) = &record.event {
                self.instance = record.key;
            }
        }
    }

    fn job(&self, element_id: &str) -> Key {
        self.jobs.get(element_id).copied().unwrap_or(NOTHING)
    }

    fn scope(&self, element_id: &str) -> Key {
        if element_id.is_empty() {
            return self.instance;
        }
        let state = self.drive.engine.state();
        let found = state
            .tables
            .elements
            .iter()
            .find(|(_, row)| *state.kernel.symbols.name(row.element) == *element_id);
        found.map_or(NOTHING, |(key, _)| *key)
    }

    fn incident(&self, element_id: &str) -> Key {
        let state = self.drive.engine.state();
        let at = |key: &Key| {
            state.tables.elements.get(key).map(|row| state.kernel.symbols.name(row.element))
        };
        let found = state
            .tables
            .incidents
            .iter()
            .find(|(_, row)| at(&row.element_instance).is_some_and(|id| *id == *element_id));
        found.map_or(NOTHING, |(key, _)| *key)
    }
}

fn named(text: &str) -> (String, String) {
    let (id, body) = match text.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
        Some((id, body)) => (id.trim(), body),
        None => ("p", text),
    };
    let xml = notation::to_xml(id, body).unwrap_or_else(|error| panic!("{error} in {text}"));
    (id.to_owned(), xml)
}

fn resource(id: &str, xml: &str) -> Resource {
    Resource { resource_name: format!("{id}.bpmn").into(), content: Bytes(xml.as_bytes().into()) }
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

fn option<'a>(line: &'a Line, name: &str) -> Option<&'a str> {
    line.options.get(name).map(String::as_str)
}

fn number<T: std::str::FromStr>(line: &Line, name: &str) -> Option<T> {
    option(line, name)
        .map(|text| text.parse().unwrap_or_else(|_| panic!("expected a number, found {text}")))
}

fn duration(line: &Line, name: &str) -> Option<i64> {
    option(line, name).map(milliseconds)
}

fn milliseconds(text: &str) -> i64 {
    match parse_duration(text) {
        Ok(Duration::Days(duration)) => duration.to_ms().expect("a duration in range"),
        other => panic!("expected a duration of days and less, found {other:?}"),
    }
}

/// 2030-01-01T00:00:00Z.
const START: Timestamp = Timestamp(1_893_456_000_000);

/// The key of nothing: a command about it is refused.
const NOTHING: Key = Key(1);

/// More than any spec asks for; a loop would be found out.
const INTERNAL_MAX: usize = 10_000;
