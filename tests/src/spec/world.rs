//! Runs the lines of a spec against the engine: one log, a chosen clock, and names for what came to be.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo::names::{ProcessWords, process_names};
use dacapo_engine::bpmn::notation;
use dacapo_engine::kernel::{AnyCommand, AnyEvent, Content, Engine, Outcome};
use dacapo_engine::process::commands::{CancelInstance, Deploy, Resource};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::{Control, Key, Limits, Timestamp};
use dacapo_log::wire::Printer;

use super::markdown::Section;
use super::script::{self, Line};
use super::{asked, decisions, known};
use crate::drive::Drive;

/// A log that a spec writes.
pub struct World {
    /// The engine and its frames.
    pub drive: Drive<Process>,
    /// The deployed processes: ids and XML.
    pub(super) processes: Vec<(String, String)>,
    /// Files that a line may deploy.
    files: Vec<(String, String)>,
    /// The decision model that is deployed with the processes.
    rules: Option<String>,
    /// The newest job of each element.
    pub(super) jobs: BTreeMap<Arc<str>, Key>,
    /// All instances, in the order in which they began.
    pub(super) instances: Vec<Key>,
    shown_from: usize,
    noticed: usize,
}

impl World {
    /// Deploys the processes of a section and runs its lines.
    ///
    /// # Panics
    /// A process is not in the notation, or a line is not one of the language.
    pub fn of(section: &Section) -> Self {
        let rules = (!section.models.is_empty()).then(|| decisions::model_text(section));
        let mut world = Self::with_rules(&section.processes, rules);
        world.files.clone_from(&section.files);
        script::lines(&section.given).iter().for_each(|line| world.run(line));
        world.shown_from = world.drive.stored.len();
        script::lines(&section.run).iter().for_each(|line| world.run(line));
        world
    }

    /// Deploys the processes: their first lines may be `# id`; without, the id is `p`.
    ///
    /// # Panics
    /// A process is not in the notation.
    pub fn new(processes: &[String]) -> Self {
        Self::with_rules(processes, None)
    }

    fn with_rules(processes: &[String], rules: Option<String>) -> Self {
        let mut drive = Drive::new(Limits::default());
        drive.now = START;
        let mut world = Self {
            drive,
            processes: processes.iter().map(|text| named(text)).collect(),
            files: Vec::new(),
            rules,
            jobs: BTreeMap::new(),
            instances: Vec::new(),
            shown_from: 0,
            noticed: 0,
        };
        if !world.processes.is_empty() || world.rules.is_some() {
            world.deploy("");
        }
        world.settle(true);
        world.shown_from = world.drive.stored.len();
        world
    }

    /// Runs a line, and everything that the machine then asks for by itself.
    ///
    /// # Panics
    /// The line is not one of the language.
    pub fn run(&mut self, line: &Line) {
        let before = self.drive.tenant.clone();
        if let Some(tenant) = line.option("tenant") {
            self.drive.tenant = tenant.into();
        }
        match line.verb.as_str() {
            "advance" => {
                let ms = asked::milliseconds(line.word(0));
                self.drive.now = self.drive.now.plus_ms(ms);
            }
            "limits" => self.drive.control(Control::LimitsChanged { limits: limits(line) }),
            "deploy" if line.words.is_empty() => self.deploy(""),
            "deploy" => self.deploy_files(&line.words),
            "deploy-nothing" => drop(self.drive.send(Deploy { resources: Vec::new() })),
            "deploy-changed" => self.deploy("<!-- changed -->"),
            "impose" => {
                let rejection = Engine::<Process>::fault_rejection(line.word(0));
                let process_instance_key = known::instance(self, "");
                self.drive.impose(CancelInstance { process_instance_key }, rejection);
            }
            _ => {
                let command: AnyCommand<Process> = asked::command(self, line);
                self.drive.any(line.option("request"), command);
            }
        }
        self.drive.tenant = before;
        self.settle(line.option("settle") != Some("no"));
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

    fn deploy(&mut self, appended: &str) {
        let resource = |(id, xml): &(String, String)| {
            resource(&format!("{id}.bpmn"), &format!("{xml}{appended}"))
        };
        let rules = self.rules.iter().map(|text| self::resource("rules.dmn", text));
        let resources = rules.chain(self.processes.iter().map(resource)).collect();
        self.drive.send(Deploy { resources });
    }

    fn deploy_files(&mut self, names: &[String]) {
        let file = |name: &String| {
            let found = self.files.iter().find(|(it, _)| it == name);
            let (_, text) = found.unwrap_or_else(|| panic!("expected a file {name}"));
            resource(name, text)
        };
        let resources = names.iter().map(file).collect();
        self.drive.send(Deploy { resources });
    }

    /// Runs what is due, and remembers the jobs and instances that came to be.
    fn settle(&mut self, is_due_run: bool) {
        if is_due_run {
            self.drive.internal(INTERNAL_MAX);
        }
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
        for frame in self.drive.frames.get(self.noticed..).unwrap_or_default() {
            let Content::Step(_, Outcome::Events(events)) = &frame.content else { continue };
            let created = events.iter().filter(|record| {
                matches!(record.event, AnyEvent::Machine(Event::InstanceCreated(_)))
            });
            self.instances.extend(created.map(|record| record.key));
        }
        self.noticed = self.drive.frames.len();
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

fn resource(name: &str, text: &str) -> Resource {
    Resource { resource_name: name.into(), content: Bytes(text.as_bytes().into()) }
}

fn limits(line: &Line) -> Limits {
    let default = Limits::default();
    Limits {
        step_events: line.number("step_events").unwrap_or(default.step_events),
        step_bytes: line.number("step_bytes").unwrap_or(default.step_bytes),
        step_fuel: line.number("step_fuel").unwrap_or(default.step_fuel),
        instance_elements: line.number("instance_elements").unwrap_or(default.instance_elements),
        scope_depth: line.number("scope_depth").unwrap_or(default.scope_depth),
        ..default
    }
}

/// 2030-01-01T00:00:00Z.
const START: Timestamp = Timestamp(1_893_456_000_000);

/// More than any spec asks for; a loop would be found out.
const INTERNAL_MAX: usize = 10_000;
