//! What the suites show of each element and each command, read from the logs that they write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dacapo_engine::kernel::{AnyCommand, AnyEvent, Body, Content, Frame, Outcome};
use dacapo_engine::process::{ElementType, Event, Process};
use dacapo_engine::record::Key;

use super::{markdown, run_section, suites};

/// What was shown.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// What elements wait for.
    pub waits: BTreeMap<ElementType, BTreeSet<&'static str>>,
    /// What blocks elements.
    pub incidents: BTreeMap<ElementType, BTreeSet<&'static str>>,
    /// How commands are refused, and in which suites.
    pub refused: BTreeMap<&'static str, BTreeMap<&'static str, BTreeSet<String>>>,
    /// The suites that show a command that is accepted.
    pub accepted: BTreeMap<&'static str, BTreeSet<String>>,
    /// The commands that somebody asked for and that were accepted; the others are the machine's own.
    pub asked: BTreeSet<&'static str>,
    /// Title and first paragraph of each suite, by its path below the manual.
    pub suites: BTreeMap<String, (String, String)>,
}

/// The element instances of a log: which element, of which type.
type Elements = BTreeMap<Key, (ElementType, String)>;

impl Shown {
    /// Runs all suites.
    ///
    /// # Panics
    /// A suite cannot be read.
    pub fn of_all_suites() -> Self {
        let mut shown = Self::default();
        for path in suites() {
            let text = std::fs::read_to_string(&path).expect("a suite");
            let name = name(&path);
            shown.suites.insert(name.clone(), beginning(&text));
            for section in markdown::sections(&text) {
                let mut elements = Elements::new();
                for frame in &run_section(&section).drive.frames {
                    shown.frame(&mut elements, frame, &name);
                }
            }
        }
        shown
    }

    fn frame(&mut self, elements: &mut Elements, frame: &Frame<Process>, suite: &str) {
        let Content::Step(command, outcome) = &frame.content else { return };
        let command = match command {
            AnyCommand::Machine(command) => command.intent().name,
            AnyCommand::Kernel(command) => command.intent().name,
        };
        match outcome {
            Outcome::Rejected(rejection) => {
                let codes = self.refused.entry(command).or_default();
                codes.entry(rejection.code.name).or_default().insert(suite.into());
            }
            Outcome::Events(events) => {
                self.accepted.entry(command).or_default().insert(suite.into());
                if frame.header.actor.is_some() {
                    self.asked.insert(command);
                }
                for record in events {
                    if let AnyEvent::Machine(event) = &record.event {
                        self.event(elements, record.key, event);
                    }
                }
            }
        }
    }

    fn event(&mut self, elements: &mut Elements, key: Key, event: &Event) {
        match event {
            Event::InstanceCreated(it) => {
                elements.insert(key, (ElementType::Process, it.process_id.to_string()));
                self.waits(ElementType::Process, "what is inside");
            }
            Event::ElementActivating(it) => {
                elements.insert(key, (it.element_type, it.element_id.to_string()));
                if it.element_type == ElementType::SubProcess {
                    self.waits(it.element_type, "what is inside");
                }
                if it.tokens > 1 {
                    self.waits(it.element_type, "tokens of all flows");
                }
            }
            Event::JobCreated(it) => {
                let (element_type, _) = &elements[&it.element_instance_key];
                self.waits(*element_type, "a job");
            }
            Event::TimerArmed(it) => {
                let owner = it.element_instance_key.and_then(|key| elements.get(&key));
                self.event_waits(owner, &it.element_id, "a time");
            }
            Event::MessageSubscriptionOpened(it) => {
                let owner = elements.get(&it.element_instance_key);
                self.event_waits(owner, &it.element_id, "a message");
            }
            Event::StartSubscriptionOpened(_) => self.waits(ElementType::StartEvent, "a message"),
            Event::IncidentCreated(it) => {
                let (element_type, _) = &elements[&it.element_instance_key];
                let kinds = self.incidents.entry(*element_type).or_default();
                kinds.insert(it.incident_kind.name());
            }
            _ => {}
        }
    }

    /// Notes a wait of an event: its own, one at its boundary, or one behind a gateway; start events have no owner.
    fn event_waits(
        &mut self,
        owner: Option<&(ElementType, String)>,
        event: &str,
        what: &'static str,
    ) {
        let element_type = match owner {
            None => ElementType::StartEvent,
            Some((ElementType::EventBasedGateway, _)) => ElementType::EventBasedGateway,
            Some((element_type, element)) if element == event => *element_type,
            Some(_) => ElementType::BoundaryEvent,
        };
        self.waits(element_type, what);
    }

    fn waits(&mut self, element_type: ElementType, what: &'static str) {
        self.waits.entry(element_type).or_default().insert(what);
    }
}

fn name(path: &Path) -> String {
    let mut parts = path.components().rev().take(2).map(|it| it.as_os_str().to_string_lossy());
    let (file, folder) = (parts.next().expect("a file"), parts.next().expect("a folder"));
    format!("{folder}/{file}")
}

/// Returns the title of a suite and its first paragraph.
fn beginning(text: &str) -> (String, String) {
    let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
    let paragraph = text.lines().skip(1).skip_while(|it| it.is_empty());
    let paragraph: Vec<_> = paragraph.take_while(|it| !it.is_empty()).collect();
    (title.into(), paragraph.join(" "))
}
