//! Running process instances.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::State;
use crate::kernel::{Symbol, visit_fields};
use crate::record::Key;

/// A running process instance; its element instance, of the same key, is its outermost scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceRow {
    /// Whose.
    pub tenant: Symbol,
    /// The definition that it runs.
    pub definition: Key,
    /// The id of its process.
    pub process_id: Symbol,
    /// How many element instances it ever had.
    pub elements: u64,
    /// The correlation key of the message that began it, if it had one.
    pub begun_by: Option<Arc<str>>,
    /// The user's own id.
    pub business_id: Option<Arc<str>>,
    /// The user's own labels.
    pub tags: Vec<Arc<str>>,
}
visit_fields!(InstanceRow, "instance" {
    tenant, definition, process_id, elements, begun_by, business_id, tags
});

impl State {
    /// Removes a process instance with all that belongs to it alone.
    #[inline]
    pub(crate) fn remove_instance(&mut self, key: Key) -> Option<InstanceRow> {
        let row = self.instances.remove(&key)?;
        self.remove_element(key);
        if let Some(correlation_key) = &row.begun_by {
            let lock = (row.tenant, row.process_id, correlation_key.clone());
            self.message_locks.remove(&lock);
        }
        Some(row)
    }
}
