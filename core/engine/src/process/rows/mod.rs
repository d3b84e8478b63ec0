//! The read model as a pure function of events: full rows, which a host keeps in tables and searches. The engine never
//! reads them.
//!
//! A host projects frames in log order: it asks [`Rows::missing`] which rows it has to load, until the answer is empty,
//! then calls [`project`] for each event, then takes [`RowTable::take_changed`] of each table to write. What a batch
//! creates need never be loaded, and a row that it creates and ends is written once.

mod about;
mod decisions;
mod missing;
mod project;
mod tables;
mod waits;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::process::state::Bytes;
use crate::record::{Key, Position, Timestamp};
use about::About;

pub use decisions::{evaluated_inputs, instance_name, matched_rules};
pub use missing::RowKeys;
pub use project::{instance_of, instances, project};
pub use tables::{
    DecisionDefinitionRow, DecisionInstanceRow, DecisionRequirementsRow, ElementInstanceRow,
    IncidentRow, JobRow, MessageSubscriptionRow, ProcessDefinitionRow, ProcessInstanceRow,
    TimerRow, VariableRow,
};

/// The rows of the read model that are in memory.
#[derive(Debug, Default)]
pub struct Rows {
    /// Deployed processes.
    pub process_definitions: RowTable<ProcessDefinitionRow>,
    /// Process instances.
    pub process_instances: RowTable<ProcessInstanceRow>,
    /// Element instances, the process instances among them.
    pub element_instances: RowTable<ElementInstanceRow>,
    /// Variables.
    pub variables: RowTable<VariableRow>,
    /// Jobs.
    pub jobs: RowTable<JobRow>,
    /// Incidents.
    pub incidents: RowTable<IncidentRow>,
    /// What waits for messages.
    pub message_subscriptions: RowTable<MessageSubscriptionRow>,
    /// Timers.
    pub timers: RowTable<TimerRow>,
    /// Deployed decision models.
    pub decision_requirements: RowTable<DecisionRequirementsRow>,
    /// Deployed decisions.
    pub decision_definitions: RowTable<DecisionDefinitionRow>,
    /// Decisions that were evaluated.
    pub decision_instances: RowTable<DecisionInstanceRow>,
    /// Files of the deployment that is being projected.
    resources: BTreeMap<Key, (alloc::sync::Arc<str>, Bytes)>,
    /// What the models of definitions say: names, headers.
    about: BTreeMap<Key, About>,
}

/// Rows of one table by key, and which of them have changed.
#[derive(Clone, Debug)]
pub struct RowTable<T> {
    rows: BTreeMap<Key, T>,
    changed: BTreeSet<Key>,
}

/// Where an event stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowAt {
    /// The event's position.
    pub position: Position,
    /// The time of its step.
    pub timestamp: Timestamp,
    /// The tenant of its step.
    pub tenant: alloc::sync::Arc<str>,
}

/// A row that an event changes is not in memory: it was not loaded, or the read model is not that of this log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a row of table {table} with key {key} for the event at position {}, found none", position.0)]
pub struct MissingRow {
    /// The table.
    pub table: &'static str,
    /// The key.
    pub key: Key,
    /// The event.
    pub position: Position,
}

impl Rows {
    /// Forgets all rows; those that have changed must have been taken. What models say is kept.
    pub fn clear(&mut self) {
        self.process_definitions.clear();
        self.process_instances.clear();
        self.element_instances.clear();
        self.variables.clear();
        self.jobs.clear();
        self.incidents.clear();
        self.message_subscriptions.clear();
        self.timers.clear();
        self.decision_requirements.clear();
        self.decision_definitions.clear();
        self.decision_instances.clear();
        self.resources.clear();
    }
}

impl<T> RowTable<T> {
    /// Returns a row.
    pub fn get(&self, key: Key) -> Option<&T> {
        self.rows.get(&key)
    }

    /// Puts a row that was loaded; one that is in memory is newer and stays.
    pub fn load(&mut self, key: Key, row: T) {
        self.rows.entry(key).or_insert(row);
    }

    /// Puts a row in place of another one, as a store in memory does.
    pub fn replace(&mut self, key: Key, row: T) {
        self.rows.insert(key, row);
    }

    /// Returns all rows, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &T)> {
        self.rows.iter()
    }

    /// Returns how many rows there are.
    pub fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Returns the rows that have changed since they were last taken, by key.
    pub fn take_changed(&mut self) -> Vec<(Key, &T)> {
        let changed = core::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|key| Some((key, self.rows.get(&key)?))).collect()
    }

    fn put(&mut self, key: Key, row: T) {
        self.changed.insert(key);
        self.rows.insert(key, row);
    }

    fn change(&mut self, key: Key, change: impl FnOnce(&mut T)) -> bool {
        let Some(row) = self.rows.get_mut(&key) else { return false };
        self.changed.insert(key);
        change(row);
        true
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.changed.clear();
    }
}

impl<T> Default for RowTable<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), changed: BTreeSet::new() }
    }
}
