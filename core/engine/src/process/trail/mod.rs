//! What a log tells about its entities beyond the present state: where each belongs, which steps touched it, and which record
//! led to which. Debuggers ask this; no machine does.
//!
//! Reading order: [`Trail`] (folds frames) → [`Passage`] (one instance) → [`visits`] (what happened at each element) →
//! [`Question`] (predicates in FEEL over records and states) → [`Redaction`] (other values in place of the user's).

mod address;
mod entities;
mod near;
mod needle;
mod outcome;
mod passage;
mod question;
mod redaction;
mod slice;
mod term;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Process;
use super::describe;
use super::events::Event;
use super::rows::{instance_of, instances};
use crate::feel::{Context, Value};
use crate::kernel::{AnyCommand, AnyEvent, Content, Frame, KernelEvent, Outcome};
use crate::record::{Key, Position, Timestamp};

use entities::Entities;
use near::number;

pub use address::address;
pub use needle::Needle;
pub use outcome::{elements_entered, last_values};
pub use passage::{Tally, Visits, Write, visits, writes};
pub use question::{Question, QuestionError, facts};
pub use redaction::Redaction;
pub use slice::{needs, parked_for, slice_of};

/// Folds the frames of a log from its first one on.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    entities: Entities,
    passages: BTreeMap<Key, Passage>,
    /// The names of all variables, by the number of those before.
    variables: BTreeMap<Arc<str>, u32>,
    message_names: BTreeMap<Arc<str>, u32>,
    /// The commands that published a message or tried to correlate one, with the number of its name.
    messages: Vec<(u32, Position)>,
    job_types: BTreeMap<Arc<str>, u32>,
    /// The command by which a worker took the first job of each type, by the number of the type.
    taken: Vec<Position>,
    frames: u64,
    last: Position,
}

/// What a process instance went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The process.
    pub process_id: Arc<str>,
    /// Its version.
    pub version: u32,
    /// The definition.
    pub process_definition_key: Key,
    /// The user's own id.
    pub business_id: Option<Arc<str>>,
    /// Whose.
    pub tenant: Arc<str>,
    /// When it was created.
    pub created: Timestamp,
    /// How it stands at the end of the log.
    pub state: PassageState,
    /// The incidents that are open at the end of the log, each with the record that raised it.
    pub incidents: Vec<Key>,
    /// The first positions of the steps that touched it, and of the refusals of commands that were addressed to it.
    pub steps: Vec<Position>,
}

/// How an instance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassageState {
    /// It has not ended.
    Active,
    /// It came to its end.
    Completed,
    /// It was ended.
    Terminated,
}

impl Trail {
    /// Returns how many frames were folded.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Returns the last position that was folded.
    pub fn last(&self) -> Position {
        self.last
    }

    /// Takes the next frame.
    pub fn take(&mut self, frame: &Frame<Process>) {
        let header = &frame.header;
        self.learn_command(frame);
        for (event, number) in events(frame).zip(1..) {
            let (key, event) = event;
            let at = header.position.plus(number);
            self.learn(key, event, at, header.timestamp, &header.tenant);
        }
        let mut touched = instances(machine_events(frame));
        touched.extend(address(frame).and_then(|key| self.instance(key)));
        for instance in touched {
            if let Some(passage) = self.passages.get_mut(&instance) {
                passage.steps.push(header.position);
            }
        }
        self.frames += 1;
        self.last = frame.last();
    }

    /// Lists the process instances by key, which is the order in which they were created.
    pub fn passages(&self) -> impl Iterator<Item = (Key, &Passage)> {
        self.passages.iter().map(|(key, passage)| (*key, passage))
    }

    /// Returns what a process instance went through.
    pub fn passage(&self, instance: Key) -> Option<&Passage> {
        self.passages.get(&instance)
    }

    /// Returns the process instance that an entity belongs to.
    pub fn instance(&self, key: Key) -> Option<Key> {
        self.entities.get(key).and_then(|it| it.instance)
    }

    /// Returns the element that an entity stands at.
    pub fn element_id(&self, key: Key) -> Option<&Arc<str>> {
        self.entities.element_id(key)
    }

    /// Returns the element or flow that a record of a frame is about; the command is number 0.
    pub fn element_of<'f>(
        &'f self,
        frame: &'f Frame<Process>,
        number: u64,
    ) -> Option<&'f Arc<str>> {
        let Some(before) = number.checked_sub(1) else {
            return address(frame).and_then(|key| self.element_id(key));
        };
        let (key, event) = events(frame).nth(usize::try_from(before).ok()?)?;
        match event {
            AnyEvent::Machine(Event::FlowTaken(it)) => Some(&it.flow_id),
            AnyEvent::Machine(_) | AnyEvent::Kernel(_) => self.element_id(key),
        }
    }

    /// Returns the entity that a record of a frame is about; the command is number 0.
    pub fn key_of(frame: &Frame<Process>, number: u64) -> Option<Key> {
        let before = number.checked_sub(1).and_then(|it| usize::try_from(it).ok());
        match before.and_then(|it| events(frame).nth(it)) {
            Some((key, _)) => Some(key),
            None => address(frame),
        }
    }

    /// Returns the fields of each record of a frame, given also as the value of its JSON: those of [`Question::records_of`], and
    /// `element` and `instance_key`, where the record belongs.
    pub fn facts_of(&self, frame: &Frame<Process>, shown: &Value) -> Vec<Context> {
        let mut all = Question::records_of(shown);
        for (facts, number) in all.iter_mut().zip(0..) {
            if let Some(it) = self.element_of(frame, number) {
                facts.insert("element", &**it);
            }
            if let Some(it) = Self::key_of(frame, number).and_then(|it| self.instance(it)) {
                facts.insert("instance_key", it.to_string());
            }
        }
        all
    }

    /// Names an entity for people: what it is, and the position of the record that created it.
    pub fn name(&self, key: Key) -> String {
        let at = key.parts().position;
        let mut name = String::from(self.entities.noun(key));
        name.push('#');
        // Names are made by the million where a log is searched.
        push_number(&mut name, at.0);
        name
    }

    /// Says in a few words what the command of a frame asks, and then what each record of its outcome tells.
    pub fn describe(&self, frame: &Frame<Process>) -> Vec<String> {
        match &frame.content {
            Content::Control(_) => alloc::vec![String::new()],
            Content::Step(command, outcome) => {
                let mut texts = alloc::vec![self.describe_command(command)];
                match outcome {
                    Outcome::Rejected(it) => texts.push(it.reason.to_string()),
                    Outcome::Events(events) => {
                        texts
                            .extend(events.iter().map(|it| self.describe_event(it.key, &it.event)));
                    }
                }
                texts
            }
        }
    }

    /// Says in a few words what a command asks.
    pub fn describe_command(&self, command: &AnyCommand<Process>) -> String {
        describe::command(command, &mut |key| self.name(key))
    }

    /// Says in a few words what an event tells.
    pub fn describe_event(&self, key: Key, event: &AnyEvent<Process>) -> String {
        describe::event(key, event, &mut |key| self.name(key))
    }

    /// Returns the record that led to a command: the one that created the entity that it is addressed to.
    pub fn cause(&self, frame: &Frame<Process>) -> Option<Position> {
        let key = address(frame)?;
        let at = key.parts().position;
        (self.entities.get(key).is_some() && at < frame.header.position).then_some(at)
    }

    fn learn(
        &mut self,
        key: Key,
        event: &AnyEvent<Process>,
        at: Position,
        timestamp: Timestamp,
        tenant: &Arc<str>,
    ) {
        let event = match event {
            AnyEvent::Machine(event) => event,
            AnyEvent::Kernel(KernelEvent::WorkParked(it)) => {
                self.entities.add(key, at, Some(it.subject), None, "parked work");
                return;
            }
            AnyEvent::Kernel(KernelEvent::WorkResumed(_)) => return,
        };
        if key.parts().position == at {
            self.meet(key, event, at);
        }
        match event {
            Event::InstanceCreated(it) => {
                let passage = Passage {
                    process_id: it.process_id.clone(),
                    version: it.version,
                    process_definition_key: it.process_definition_key,
                    business_id: it.business_id.clone(),
                    tenant: tenant.clone(),
                    created: timestamp,
                    state: PassageState::Active,
                    incidents: Vec::new(),
                    steps: Vec::new(),
                };
                self.passages.insert(key, passage);
            }
            Event::VariableChanged(it) => {
                number(&mut self.variables, &it.name);
            }
            Event::InstanceCompleted(_) => self.end(key, PassageState::Completed),
            Event::InstanceTerminated(_) => self.end(key, PassageState::Terminated),
            Event::IncidentCreated(it) => {
                if let Some(passage) = self.passages.get_mut(&it.process_instance_key) {
                    passage.incidents.push(key);
                }
            }
            Event::IncidentResolved(it) => {
                if let Some(passage) = self.passages.get_mut(&it.process_instance_key) {
                    passage.incidents.retain(|open| *open != key);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, instance: Key, state: PassageState) {
        if let Some(passage) = self.passages.get_mut(&instance) {
            passage.state = state;
            passage.incidents.clear();
        }
    }

    /// Learns what an event tells about the entity that it creates.
    fn meet(&mut self, key: Key, event: &Event, at: Position) {
        let owner = |owner: Key| self.element_id(owner).cloned();
        let (noun, element_id): (&str, Option<Arc<str>>) = match event {
            Event::InstanceCreated(it) => (&it.process_id, None),
            Event::ElementActivating(it) => (&it.element_id, Some(it.element_id.clone())),
            Event::JobCreated(it) => ("job", owner(it.element_instance_key)),
            Event::IncidentCreated(it) => ("incident", owner(it.element_instance_key)),
            Event::TimerArmed(it) => ("timer", Some(it.element_id.clone())),
            Event::MessageSubscriptionOpened(it) => ("subscription", Some(it.element_id.clone())),
            Event::VariableChanged(it) => ("variable", owner(it.scope_key)),
            Event::MessagePublished(_) => ("message", None),
            Event::DeploymentCreated(_) => ("deployment", None),
            Event::ResourceDeployed(_) => ("resource", None),
            Event::ProcessDeployed(_) => ("definition", None),
            Event::DecisionRequirementsDeployed(_) => ("decision requirements", None),
            Event::DecisionDeployed(_) => ("decision definition", None),
            Event::DecisionEvaluated(it) => ("decision", it.element_instance_key.and_then(owner)),
            Event::StartSubscriptionOpened(it) => {
                ("start subscription", Some(it.element_id.clone()))
            }
            _ => return,
        };
        self.entities.add(key, at, instance_of(key, event), element_id.as_ref(), noun);
    }
}

/// Lists the events of a frame with the entities that they are about.
pub(super) fn events(frame: &Frame<Process>) -> impl Iterator<Item = (Key, &AnyEvent<Process>)> {
    let events = match &frame.content {
        Content::Step(_, Outcome::Events(events)) => events.as_slice(),
        Content::Step(_, Outcome::Rejected(_)) | Content::Control(_) => &[],
    };
    events.iter().map(|it| (it.key, &it.event))
}

fn machine_events(frame: &Frame<Process>) -> impl Iterator<Item = (Key, &Event)> {
    events(frame).filter_map(|(key, event)| match event {
        AnyEvent::Machine(event) => Some((key, event)),
        AnyEvent::Kernel(_) => None,
    })
}

fn push_number(out: &mut String, number: u64) {
    let mut digits = [0; 20];
    let mut rest = number;
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        count += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits.iter().skip(digits.len() - count).map(|it| char::from(*it)));
}
