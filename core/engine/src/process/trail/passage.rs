//! What happened to one process instance, element by element and variable by variable.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::events;
use crate::feel::Value;
use crate::kernel::{AnyEvent, Frame};
use crate::process::Process;
use crate::process::events::Event;
use crate::record::{Key, Position, Timestamp};

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
    /// How long its instances were there, together, in milliseconds.
    pub time_ms: u64,
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
    frames.into_iter().for_each(|frame| fold.take(instance, until, frame));
    fold.seen()
}

/// Counts what happened at each element of one instance, at one position after the other: what was counted is kept.
#[derive(Clone, Debug)]
pub struct Tally {
    instance: Key,
    /// What was counted after each so many steps.
    kept: Vec<Fold>,
    /// What was counted last, and after how many steps.
    last: (usize, Fold),
}

impl Tally {
    /// Makes one that has counted nothing.
    pub fn new(instance: Key) -> Self {
        Self { instance, kept: Vec::new(), last: Default::default() }
    }

    /// Returns the instance that it counts for.
    pub fn instance(&self) -> Key {
        self.instance
    }

    /// Counts up to a position. `steps` are those that touched the instance; `frame_of` reads one.
    ///
    /// # Errors
    ///
    /// A frame cannot be read.
    pub fn until<E>(
        &mut self,
        steps: &[Position],
        until: Position,
        frame_of: impl Fn(Position) -> Result<Frame<Process>, E>,
    ) -> Result<BTreeMap<Arc<str>, Visits>, E> {
        let Some((last, whole)) =
            steps.get(..steps.partition_point(|it| *it <= until)).and_then(<[_]>::split_last)
        else {
            return Ok(BTreeMap::new());
        };
        if self.last.0 > whole.len() {
            let kept = (whole.len() / STEPS_KEPT).min(self.kept.len());
            let fold = kept.checked_sub(1).and_then(|it| self.kept.get(it)).cloned();
            self.last = (kept * STEPS_KEPT, fold.unwrap_or_default());
        }
        for step in whole.iter().skip(self.last.0) {
            let (taken, fold) = &mut self.last;
            fold.take(self.instance, until, &frame_of(*step)?);
            *taken += 1;
            if *taken == (self.kept.len() + 1) * STEPS_KEPT {
                self.kept.push(fold.clone());
            }
        }
        // Of the last step some records may be later.
        let mut fold = self.last.1.clone();
        fold.take(self.instance, until, &frame_of(*last)?);
        Ok(fold.seen())
    }
}

/// After how many steps a count is kept.
const STEPS_KEPT: usize = 256;

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

#[derive(Clone, Debug, Default)]
struct Fold {
    visits: BTreeMap<Arc<str>, Visits>,
    /// Where each element instance is, and since when; its end is known where it left.
    elements: BTreeMap<Key, (Arc<str>, Timestamp, bool)>,
    incidents: BTreeMap<Key, Key>,
    now: Timestamp,
}

impl Fold {
    /// Takes the records of a frame that are not later than a position.
    fn take(&mut self, instance: Key, until: Position, frame: &Frame<Process>) {
        if frame.header.position > until {
            return;
        }
        self.now = frame.header.timestamp;
        let positions = (1..).map(|number| frame.header.position.plus(number));
        for ((key, event), position) in events(frame).zip(positions) {
            if position <= until
                && let AnyEvent::Machine(event) = event
            {
                self.see(instance, key, event);
            }
        }
    }

    /// Returns what was seen; who is still there was there until now.
    fn seen(mut self) -> BTreeMap<Arc<str>, Visits> {
        for (id, since, is_over) in self.elements.values() {
            if !is_over && let Some(visits) = self.visits.get_mut(id) {
                visits.time_ms = visits.time_ms.saturating_add(between(*since, self.now));
            }
        }
        self.visits
    }

    fn see(&mut self, instance: Key, key: Key, event: &Event) {
        match event {
            Event::ElementActivating(it) if it.process_instance_key == instance => {
                self.elements.insert(key, (it.element_id.clone(), self.now, false));
                self.count(key, |it| it.active = it.active.saturating_add(1));
            }
            Event::ElementCompleted(_) => {
                self.leave(key, |it| it.completed = it.completed.saturating_add(1));
            }
            Event::ElementTerminated(_) => {
                self.leave(key, |it| it.terminated = it.terminated.saturating_add(1));
            }
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

    fn leave(&mut self, element: Key, change: impl FnOnce(&mut Visits)) {
        let now = self.now;
        let Some((_, since, is_over)) = self.elements.get_mut(&element) else { return };
        let time_ms = if *is_over { 0 } else { between(*since, now) };
        *is_over = true;
        self.count(element, |it| {
            it.active = it.active.saturating_sub(1);
            it.time_ms = it.time_ms.saturating_add(time_ms);
            change(it);
        });
    }

    fn count(&mut self, element: Key, change: impl FnOnce(&mut Visits)) {
        if let Some((id, ..)) = self.elements.get(&element) {
            change(self.visits.entry(id.clone()).or_default());
        }
    }
}

fn between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.0.saturating_sub(from.0)).unwrap_or(0)
}
