//! What happened to one process instance, element by element and variable by variable.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::events;
use crate::feel::Value;
use crate::kernel::{AnyEvent, Frame};
use crate::process::Process;
use crate::process::events::Event;
use crate::record::{Key, Position};

/// What happened at an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// Its instances that are active.
    pub active: u32,
    /// Its instances that completed.
    pub completed: u32,
    /// Its instances that were terminated.
    pub terminated: u32,
    /// Its open incidents.
    pub incidents: u32,
    /// How often a flow was taken; 0 for everything but flows.
    pub taken: u32,
}

/// A value that a variable got.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The record.
    pub position: Position,
    /// The scope that the variable belongs to.
    pub scope_key: Key,
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
}

/// Counts what happened at each element and flow of an instance, up to a position, from the frames that touched it.
pub fn visits<'f>(
    instance: Key,
    until: Position,
    frames: impl IntoIterator<Item = &'f Frame<Process>>,
) -> BTreeMap<Arc<str>, Visits> {
    let mut fold = Fold::default();
    for frame in frames {
        let positions = (1..).map(|number| frame.header.position.plus(number));
        for ((key, event), position) in events(frame).zip(positions) {
            if position <= until
                && let AnyEvent::Machine(event) = event
            {
                fold.take(instance, key, event);
            }
        }
    }
    fold.visits
}

/// Lists the values that the variables of an instance got, from the frames that touched it.
pub fn writes<'f>(
    instance: Key,
    frames: impl IntoIterator<Item = &'f Frame<Process>>,
) -> Vec<Write> {
    let mut found = Vec::new();
    for frame in frames {
        let positions = (1..).map(|number| frame.header.position.plus(number));
        for ((_, event), position) in events(frame).zip(positions) {
            if let AnyEvent::Machine(Event::VariableChanged(it)) = event
                && it.process_instance_key == instance
            {
                let (scope_key, name, value) = (it.scope_key, it.name.clone(), it.value.clone());
                found.push(Write { position, scope_key, name, value });
            }
        }
    }
    found
}

#[derive(Default)]
struct Fold {
    visits: BTreeMap<Arc<str>, Visits>,
    elements: BTreeMap<Key, Arc<str>>,
    incidents: BTreeMap<Key, Key>,
}

impl Fold {
    fn take(&mut self, instance: Key, key: Key, event: &Event) {
        match event {
            Event::ElementActivating(it) if it.process_instance_key == instance => {
                self.elements.insert(key, it.element_id.clone());
                self.count(key, |it| it.active = it.active.saturating_add(1));
            }
            Event::ElementCompleted(_) => self.count(key, |it| {
                it.active = it.active.saturating_sub(1);
                it.completed = it.completed.saturating_add(1);
            }),
            Event::ElementTerminated(_) => self.count(key, |it| {
                it.active = it.active.saturating_sub(1);
                it.terminated = it.terminated.saturating_add(1);
            }),
            Event::FlowTaken(it) if it.process_instance_key == instance => {
                let visits = self.visits.entry(it.flow_id.clone()).or_default();
                visits.taken = visits.taken.saturating_add(1);
            }
            Event::IncidentCreated(it) => {
                self.incidents.insert(key, it.element_instance_key);
                let count = |it: &mut Visits| it.incidents = it.incidents.saturating_add(1);
                self.count(it.element_instance_key, count);
            }
            Event::IncidentResolved(_) => {
                if let Some(element) = self.incidents.remove(&key) {
                    self.count(element, |it| it.incidents = it.incidents.saturating_sub(1));
                }
            }
            _ => {}
        }
    }

    fn count(&mut self, element: Key, change: impl FnOnce(&mut Visits)) {
        if let Some(id) = self.elements.get(&element) {
            change(self.visits.entry(id.clone()).or_default());
        }
    }
}
