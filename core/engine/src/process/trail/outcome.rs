//! What became of one process instance: where it went, and what it knows at the end.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::events;
use crate::feel::Context;
use crate::kernel::{AnyEvent, Frame};
use crate::process::Process;
use crate::process::events::Event;
use crate::record::Key;

/// Lists the elements of an instance in the order in which they were entered, from the frames that touched it.
pub fn elements_entered<'f>(
    instance: Key,
    frames: impl IntoIterator<Item = &'f Frame<Process>>,
) -> Vec<Arc<str>> {
    let entered = |(_, event): (Key, &AnyEvent<Process>)| match event {
        AnyEvent::Machine(Event::ElementActivating(it)) if it.process_instance_key == instance => {
            Some(it.element_id.clone())
        }
        AnyEvent::Machine(_) | AnyEvent::Kernel(_) => None,
    };
    frames.into_iter().flat_map(|frame| events(frame).filter_map(entered)).collect()
}

/// Returns the last values of the variables that belong to an instance itself, not to a scope inside, by name.
pub fn last_values<'f>(
    instance: Key,
    frames: impl IntoIterator<Item = &'f Frame<Process>>,
) -> Context {
    let mut values = BTreeMap::new();
    for (_, event) in frames.into_iter().flat_map(events) {
        if let AnyEvent::Machine(Event::VariableChanged(it)) = event
            && it.scope_key == instance
        {
            values.insert(it.name.clone(), it.value.clone());
        }
    }
    values.into_iter().collect()
}
