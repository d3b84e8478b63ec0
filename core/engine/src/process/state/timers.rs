//! Armed timers.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{State, owned};
use crate::kernel::{Symbol, visit_fields};
use crate::record::{Key, Timestamp};

/// How a timer goes on after it was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The repetition as its author wrote it, such as `R3/PT10S`; evaluated once.
    pub cycle: Arc<str>,
    /// How often it is due, this time included; none means without end.
    pub repetitions: Option<u32>,
}
visit_fields!(Repeat, "repeat" { cycle, repetitions });

/// An armed timer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerRow {
    /// Whose.
    pub tenant: Symbol,
    /// When it is due.
    pub due: Timestamp,
    /// The event that waits for it.
    pub element: Symbol,
    /// The element instance that it belongs to, or the definition if it begins instances.
    pub owner: Key,
    /// The process instance; none if it begins instances.
    pub instance: Option<Key>,
    /// How it goes on.
    pub repeat: Option<Repeat>,
}
visit_fields!(TimerRow, "timer" { tenant, due, element, owner, instance, repeat });

impl State {
    /// Adds a timer.
    #[inline]
    pub(crate) fn add_timer(&mut self, key: Key, row: TimerRow) {
        self.timers_due.insert((row.due, key), ());
        self.timers_of.insert((row.owner, key), ());
        self.timers.insert(key, row);
    }

    /// Removes a timer.
    #[inline]
    pub(crate) fn remove_timer(&mut self, key: Key) -> Option<TimerRow> {
        let row = self.timers.remove(&key)?;
        self.timers_due.remove(&(row.due, key));
        self.timers_of.remove(&(row.owner, key));
        Some(row)
    }

    /// Returns the timers of an element instance or a definition.
    #[inline]
    pub(crate) fn timers_of(&self, owner: Key) -> Vec<Key> {
        self.timers_of.range(owned(owner)).map(|((_, key), ())| *key).collect()
    }
}
