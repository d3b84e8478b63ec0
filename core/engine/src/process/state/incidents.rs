//! Open incidents.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{State, owned};
use crate::kernel::visit_fields;
use crate::process::{IncidentKind, Task};
use crate::record::Key;

/// An open incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentRow {
    /// What went wrong.
    pub kind: IncidentKind,
    /// What was expected and what was found, for people.
    pub message: Arc<str>,
    /// The element instance that is blocked.
    pub element_instance: Key,
    /// The process instance.
    pub instance: Key,
    /// The job that is blocked, if it is one.
    pub job: Option<Key>,
    /// What is tried again when it is resolved; none if there is nothing to do but wait.
    pub retry: Option<Task>,
}
visit_fields!(IncidentRow, "incident" { kind, message, element_instance, instance, job, retry });

impl State {
    /// Adds an incident.
    #[inline]
    pub(crate) fn add_incident(&mut self, key: Key, row: IncidentRow) {
        self.incidents_of.insert((row.element_instance, key), ());
        if let Some(job) = row.job {
            self.incident_of_job.insert(job, key);
        }
        self.incidents.insert(key, row);
    }

    /// Removes an incident.
    #[inline]
    pub(crate) fn remove_incident(&mut self, key: Key) -> Option<IncidentRow> {
        let row = self.incidents.remove(&key)?;
        self.incidents_of.remove(&(row.element_instance, key));
        if let Some(job) = row.job {
            self.incident_of_job.remove(&job);
        }
        Some(row)
    }

    /// Returns the incidents of an element instance.
    #[inline]
    pub(crate) fn incidents_of(&self, element: Key) -> Vec<Key> {
        self.incidents_of.range(owned(element)).map(|((_, key), ())| *key).collect()
    }
}
