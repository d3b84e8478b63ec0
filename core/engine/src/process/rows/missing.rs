//! Which rows a host has to load before events can be projected.

use alloc::collections::BTreeSet;

use super::Rows;
use crate::process::Event;
use crate::record::{Key, Position};

/// Rows to load, by table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowKeys {
    /// Deployed processes.
    pub process_definitions: BTreeSet<Key>,
    /// Process instances.
    pub process_instances: BTreeSet<Key>,
    /// Element instances.
    pub element_instances: BTreeSet<Key>,
    /// Jobs.
    pub jobs: BTreeSet<Key>,
    /// Incidents.
    pub incidents: BTreeSet<Key>,
    /// What waits for messages.
    pub message_subscriptions: BTreeSet<Key>,
    /// Timers.
    pub timers: BTreeSet<Key>,
}

impl RowKeys {
    /// Returns whether nothing has to be loaded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Rows {
    /// Returns the rows that must be loaded before a batch of events can be projected. `first` is the position of the
    /// batch's first record: what is born in the batch is never loaded. A loaded row may name another one, so a host asks
    /// again until the answer is empty; a row that it asked for and did not find will not be there the second time either.
    pub fn missing<'e>(
        &self,
        events: impl IntoIterator<Item = (Key, &'e Event)>,
        first: Position,
    ) -> RowKeys {
        let mut ask = Ask { rows: self, first, keys: RowKeys::default() };
        for (key, event) in events {
            ask.event(key, event);
        }
        ask.keys
    }
}

struct Ask<'a> {
    rows: &'a Rows,
    first: Position,
    keys: RowKeys,
}

impl Ask<'_> {
    fn event(&mut self, key: Key, event: &Event) {
        match event {
            Event::DeploymentCreated(_)
            | Event::ResourceDeployed(_)
            | Event::ProcessDeployed(_)
            | Event::DecisionRequirementsDeployed(_)
            | Event::DecisionDeployed(_)
            | Event::ElementActivated(_)
            | Event::ElementTerminating(_)
            | Event::ElementInterrupted(_)
            | Event::FlowTaken(_)
            | Event::VariableChanged(_)
            | Event::JobBackoffEnded(_)
            | Event::MessagePublished(_)
            | Event::MessageSettled(_)
            | Event::MessageExpired(_) => {}
            Event::StartSubscriptionOpened(it) => self.definition(it.process_definition_key),
            Event::InstanceCreated(it) => self.definition(it.process_definition_key),
            Event::InstanceCompleted(_) | Event::InstanceTerminated(_) => {
                self.instance(key);
                self.element(key);
            }
            Event::ElementActivating(it) => self.instance(it.process_instance_key),
            Event::ElementCompleted(_) | Event::ElementTerminated(_) => self.element(key),
            Event::JobCreated(it) => self.element(it.element_instance_key),
            Event::DecisionEvaluated(it) => {
                it.element_instance_key.into_iter().for_each(|key| self.element(key));
            }
            Event::JobActivated(_)
            | Event::JobCompleted(_)
            | Event::JobFailed(_)
            | Event::JobErrorThrown(_)
            | Event::JobRetriesUpdated(_)
            | Event::JobTimeoutUpdated(_)
            | Event::JobTimedOut(_)
            | Event::JobCanceled(_) => self.job(key),
            Event::IncidentCreated(it) => {
                self.element(it.element_instance_key);
                self.instance(it.process_instance_key);
            }
            Event::IncidentResolved(it) => {
                self.incident(key);
                self.instance(it.process_instance_key);
            }
            Event::TimerArmed(it) => {
                it.process_definition_key.into_iter().for_each(|key| self.definition(key));
                it.element_instance_key.into_iter().for_each(|key| self.element(key));
            }
            Event::TimerTriggered(_) | Event::TimerCanceled(_) => self.timer(key),
            Event::MessageSubscriptionOpened(it) => self.element(it.element_instance_key),
            Event::StartSubscriptionCorrelated(_)
            | Event::StartSubscriptionClosed(_)
            | Event::MessageSubscriptionCorrelated(_)
            | Event::MessageSubscriptionClosed(_) => self.subscription(key),
        }
    }

    fn is_old(&self, key: Key) -> bool {
        key.parts().position < self.first
    }

    fn definition(&mut self, key: Key) {
        let is_known = self.rows.process_definitions.get(key).is_some();
        if self.is_old(key) && !is_known && !self.rows.about.contains_key(&key) {
            self.keys.process_definitions.insert(key);
        }
    }

    /// The definition is needed too: for the names of what happens in the instance.
    fn instance(&mut self, key: Key) {
        match self.rows.process_instances.get(key) {
            Some(row) => self.definition(row.process_definition_key),
            None if self.is_old(key) => {
                self.keys.process_instances.insert(key);
            }
            None => {}
        }
    }

    fn element(&mut self, key: Key) {
        match self.rows.element_instances.get(key) {
            Some(row) => self.definition(row.process_definition_key),
            None if self.is_old(key) => {
                self.keys.element_instances.insert(key);
            }
            None => {}
        }
    }

    fn job(&mut self, key: Key) {
        if self.is_old(key) && self.rows.jobs.get(key).is_none() {
            self.keys.jobs.insert(key);
        }
    }

    /// The element instance is needed too: it shows its incident.
    fn incident(&mut self, key: Key) {
        match self.rows.incidents.get(key) {
            Some(row) => self.element(row.element_instance_key),
            None if self.is_old(key) => {
                self.keys.incidents.insert(key);
            }
            None => {}
        }
    }

    fn subscription(&mut self, key: Key) {
        if self.is_old(key) && self.rows.message_subscriptions.get(key).is_none() {
            self.keys.message_subscriptions.insert(key);
        }
    }

    fn timer(&mut self, key: Key) {
        if self.is_old(key) && self.rows.timers.get(key).is_none() {
            self.keys.timers.insert(key);
        }
    }
}
