//! Counts what the suites show: what happens to each type of element, and how each command turns out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dacapo_engine::kernel::{
    AnyCommand, AnyEvent, Body, Content, Engine, Frame, KernelEvent, Outcome,
};
use dacapo_engine::process::{Command, ElementType, Event, IncidentKind, Process, Work};
use dacapo_engine::record::Key;

/// How often each thing was shown, by its name.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The counts.
    pub counts: BTreeMap<String, u64>,
}

impl Coverage {
    /// Counts what a log shows.
    pub fn add(&mut self, frames: &[Frame<Process>]) {
        let mut elements = Elements::default();
        for frame in frames {
            let Content::Step(command, outcome) = &frame.content else { continue };
            let command = command_name(command);
            match outcome {
                Outcome::Rejected(rejection) if rejection.is_imposed => {
                    self.count(format!("rejection {}", rejection.code.name));
                }
                Outcome::Rejected(rejection) => {
                    self.count(format!("command {command} {}", rejection.code.name));
                    self.count(format!("rejection {}", rejection.code.name));
                }
                Outcome::Events(events) => {
                    self.count(format!("command {command} accepted"));
                    for record in events {
                        self.count(format!("event {}", event_name(&record.event)));
                        self.element(&mut elements, record.key, &record.event);
                    }
                }
            }
        }
    }

    /// Lists what could be shown and is not.
    pub fn missing(&self) -> BTreeSet<String> {
        let is_missing = |name: &String| !self.counts.contains_key(name);
        expected().into_iter().filter(is_missing).collect()
    }

    /// Lists what happened to elements and cannot: `stages` is wrong then.
    pub fn impossible(&self) -> Vec<&String> {
        let expected = expected();
        let names = self.counts.keys().filter(|it| it.starts_with("element "));
        names.filter(|it| !expected.contains(*it)).collect()
    }

    fn element(&mut self, elements: &mut Elements, key: Key, event: &AnyEvent<Process>) {
        let AnyEvent::Machine(event) = event else { return };
        let intent = event.intent().name;
        let row = match event {
            Event::ElementActivating(it) => {
                elements.types.insert(key, it.element_type);
                Some(it.element_type)
            }
            Event::InstanceCreated(_) => {
                elements.types.insert(key, ElementType::Process);
                Some(ElementType::Process)
            }
            Event::IncidentCreated(it) => {
                self.count(format!("incident {}", it.incident_kind.name()));
                elements.incidents.insert(key, it.element_instance_key);
                elements.types.get(&it.element_instance_key).copied()
            }
            Event::IncidentResolved(_) => {
                let at = elements.incidents.get(&key);
                at.and_then(|at| elements.types.get(at)).copied()
            }
            // About a scope, and no stage of its life.
            Event::FlowTaken(_) => None,
            _ => elements.types.get(&key).copied(),
        };
        if let Some(row) = row {
            self.count(format!("element {} {intent}", row.name()));
        }
    }

    fn count(&mut self, name: String) {
        *self.counts.entry(name).or_default() += 1;
    }
}

/// The types of the element instances, and where the incidents are.
#[derive(Default)]
struct Elements {
    types: BTreeMap<Key, ElementType>,
    incidents: BTreeMap<Key, Key>,
}

/// Lists what could be shown: every event, every incident and refusal, every stage of every type of element, and for
/// every command that it is accepted and each refusal that its file names.
///
/// # Panics
/// The files of the commands cannot be read.
pub fn expected() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let events = Event::intents().into_iter().chain(KernelEvent::<Work>::intents());
    names.extend(events.map(|intent| format!("event {}", intent.name)));
    names.extend(IncidentKind::ALL.iter().map(|kind| format!("incident {}", kind.name())));
    let kernel = Engine::<Process>::kernel_rejections();
    let rejections = dacapo_engine::process::rejections::ALL.iter().chain(&kernel);
    names.extend(rejections.map(|code| format!("rejection {}", code.name)));
    for element in ElementType::ALL {
        let stages = stages(*element).iter();
        names.extend(stages.map(|stage| format!("element {} {stage}", element.name())));
    }
    for (command, codes) in commands() {
        names.insert(format!("command {command} accepted"));
        names.extend(codes.iter().map(|code| format!("command {command} {code}")));
    }
    names
}

/// Returns what can happen to an element of a type in its life; random lives show nothing else ([`Coverage::impossible`]).
fn stages(element: ElementType) -> &'static [&'static str] {
    match element {
        ElementType::Process => &[
            "instance.created",
            "instance.completed",
            "instance.terminated",
            "element.interrupted",
            "element.terminating",
            "incident.created",
            "incident.resolved",
        ],
        ElementType::SubProcess => &[
            "element.activating",
            "element.activated",
            "element.completed",
            "element.interrupted",
            "element.terminating",
            "element.terminated",
            "incident.created",
            "incident.resolved",
        ],
        // Nothing can block it: it has neither mappings nor conditions. Nothing can end it: it is entered, at work and
        // left within one task of the agenda. What waits before it is the tokens of its scope.
        ElementType::ParallelGateway => {
            &["element.activating", "element.activated", "element.completed"]
        }
        _ => &[
            "element.activating",
            "element.activated",
            "element.completed",
            "element.terminated",
            "incident.created",
            "incident.resolved",
        ],
    }
}

/// Lists the commands of the machine with the refusals that their files name, themselves or by a guard.
fn commands() -> Vec<(&'static str, BTreeSet<String>)> {
    let list = source("commands/mod.rs");
    let found = Command::intents().into_iter().map(|intent| {
        let file = source(&format!("commands/{}.rs", file_of(&list, intent.name)));
        let mut codes = codes(&file);
        for (guard, code) in GUARDS {
            if file.contains(guard) {
                codes.insert(code.to_string());
            }
        }
        (intent.name, codes)
    });
    found.collect()
}

/// Finds the file of a command: its variant in small letters, `CompleteJob` in `complete_job`.
fn file_of(list: &str, intent: &str) -> String {
    let line = list.lines().find(|line| line.contains(&format!("\"{intent}\"")));
    let variant = line.and_then(|line| line.trim().split('(').next()).expect("a command");
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// Finds the codes that a source names; a constant is called like its code.
fn codes(source: &str) -> BTreeSet<String> {
    let places = source.split("rejections::").skip(1);
    let names = places.map(|rest| {
        let end = rest.find(|it: char| !(it.is_ascii_uppercase() || it == '_'));
        rest[..end.unwrap_or(rest.len())].to_lowercase()
    });
    names.filter(|name| !name.is_empty()).collect()
}

fn source(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/engine/src/process");
    std::fs::read_to_string(folder.join(path)).expect("a source file")
}

fn command_name(command: &AnyCommand<Process>) -> &'static str {
    match command {
        AnyCommand::Machine(command) => command.intent().name,
        AnyCommand::Kernel(command) => command.intent().name,
    }
}

fn event_name(event: &AnyEvent<Process>) -> &'static str {
    match event {
        AnyEvent::Machine(event) => event.intent().name,
        AnyEvent::Kernel(event) => event.intent().name,
    }
}

/// What a command file calls, and how it may refuse then.
const GUARDS: [(&str, &str); 7] = [
    ("OpenJob::check", "job_not_found"),
    (".workable()", "job_not_activated"),
    (".activated()", "job_not_activated"),
    ("RunningInstance::check", "instance_not_found"),
    ("settled(", "instance_busy"),
    ("deployment::check", "resources_missing"),
    ("deployment::check", "resources_not_valid"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guard_is_known() {
        let known: BTreeSet<_> = GUARDS.iter().map(|(_, code)| code.to_string()).collect();
        let named = codes(&(source("commands/guards.rs") + &source("deployment/mod.rs")));
        assert_eq!(named, known);
    }
}
