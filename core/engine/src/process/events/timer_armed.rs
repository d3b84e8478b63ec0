//! `timer.armed`: something waits for a time.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{Repeat, State, TimerRow};
use crate::record::{Key, Timestamp};

/// Something waits for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimerArmed {
    /// When it is due.
    #[serde(rename = "da")]
    pub due_date: Timestamp,
    /// The event that waits for it.
    #[serde(rename = "e")]
    pub element_id: Arc<str>,
    /// The element instance that it belongs to; none if it begins instances.
    #[serde(rename = "ei", default, skip_serializing_if = "Option::is_none")]
    pub element_instance_key: Option<Key>,
    /// The process instance; none if it begins instances.
    #[serde(rename = "pi", default, skip_serializing_if = "Option::is_none")]
    pub process_instance_key: Option<Key>,
    /// The definition, if it begins instances.
    #[serde(rename = "pd", default, skip_serializing_if = "Option::is_none")]
    pub process_definition_key: Option<Key>,
    /// The repetition, such as `R3/PT10S`.
    #[serde(rename = "cy", default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Arc<str>>,
    /// How often it is due, this time included; none means without end.
    #[serde(rename = "rp", default, skip_serializing_if = "Option::is_none")]
    pub repetitions: Option<u32>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &TimerArmed) -> Result<(), Corrupt> {
    let Some(owner) = it.element_instance_key.or(it.process_definition_key) else {
        return Err(missing(state, "the owner of timer"));
    };
    let repeat = |cycle: &Arc<str>| Repeat { cycle: cycle.clone(), repetitions: it.repetitions };
    let row = TimerRow {
        tenant: state.at.tenant,
        due: it.due_date,
        element: state.symbols.intern(&it.element_id),
        owner,
        instance: it.process_instance_key,
        repeat: it.cycle.as_ref().map(repeat),
    };
    state.tables.add_timer(state.at.key, row);
    Ok(())
}
