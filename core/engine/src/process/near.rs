//! Near misses: what would have ended a wait, had it been a little different.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::state::{MessageRow, State, owned};
use super::view::{Why, waiting_tokens};
use crate::bpmn::{ElementIndex, ExecutableProcess, FlowIndex};
use crate::kernel::View;
use crate::record::{Key, Position, Timestamp};

/// Something that nearly ended a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// What was the matter.
    pub kind: NearMissKind,
    /// The record that tells of it.
    pub position: Option<Position>,
    /// What was other than it had to be, or what nobody asks for: a correlation key, a name, a job type.
    pub found: Arc<str>,
    /// Until when it is there, or was.
    pub until: Option<Timestamp>,
}

/// Why it did not end the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NearMissKind {
    /// A message of this name is there, with another correlation key.
    OtherKey,
    /// A message with this correlation key is there, of another name.
    OtherName,
    /// A message of this name and key is there, and another instance of the process had it already.
    Taken,
    /// A message of this name came when nobody waited for it, and did not stay. Only a log tells.
    Lost,
    /// A message of this name and key was over before the wait began. Only a log tells.
    Expired,
    /// No worker has taken a job of this type so far. Only a log tells; the record is the first one that does.
    NeverTaken,
}

impl NearMissKind {
    /// Returns the name that stands in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OtherKey => "other_key",
            Self::OtherName => "other_name",
            Self::Taken => "taken",
            Self::Lost => "lost",
            Self::Expired => "expired",
            Self::NeverTaken => "never_taken",
        }
    }
}

/// Returns what of the present state nearly ends a wait: messages that are buffered, the oldest first. Looks at most
/// [`MESSAGES_MAX`] messages up.
pub fn near_misses(view: &View<'_, State>, why: &Why) -> Vec<NearMiss> {
    let Why::Message { key, .. } = why else { return Vec::new() };
    let mut found = Vec::new();
    let Some(wait) = view.tables.subscriptions.get(key) else { return found };
    let (wanted, process_id) = (&wait.correlation, wait.process_id);
    let mut left = MESSAGES_MAX;
    for (key, it) in view.tables.messages.iter() {
        let is_named = it.correlation.name == wanted.name;
        let has_key = it.correlation.correlation_key == wanted.correlation_key;
        if left == 0 || found.len() >= NEAR_MISSES_MAX {
            break;
        }
        left -= 1;
        if it.is_pending || it.correlation.tenant != wanted.tenant {
            continue;
        }
        let is_taken = || view.tables.message_takers.contains(&(*key, process_id));
        let (kind, other) = match (is_named, has_key) {
            (true, false) => (NearMissKind::OtherKey, &it.correlation.correlation_key),
            (false, true) if !wanted.correlation_key.is_empty() => {
                (NearMissKind::OtherName, &it.correlation.name)
            }
            (true, true) if is_taken() => (NearMissKind::Taken, &it.correlation.name),
            (true, true) | (false, true | false) => continue,
        };
        found.push(buffered(*key, it, kind, other));
    }
    found
}

/// Tells whether no token can come to a join by a flow: nothing that leads to it is active in the scope. What leads to it through
/// the join itself does not count.
pub(super) fn is_dead(
    view: &View<'_, State>,
    model: &ExecutableProcess,
    scope: Key,
    join: ElementIndex,
    flow: FlowIndex,
) -> bool {
    let mut active = Vec::new();
    for ((_, key), ()) in view.tables.children.range(owned(scope)) {
        if let Some(row) = view.tables.elements.get(key) {
            active.push(view.kernel.symbols.name(row.element));
        }
    }
    for (element, _, _) in waiting_tokens(view.tables, scope) {
        active.push(view.kernel.symbols.name(element));
    }
    let (mut seen, mut open) = (alloc::vec![join], Vec::new());
    if let Some(flow) = model.flow(flow) {
        open.push(flow.source);
    }
    // Ends: every element is opened once.
    while let Some(index) = open.pop() {
        if seen.contains(&index) {
            continue;
        }
        seen.push(index);
        let Some(element) = model.element(index) else { continue };
        if active.contains(&element.id) {
            return false;
        }
        if let Some(host) = element.attached_to {
            open.push(host);
        }
        for flow in &element.incoming {
            if let Some(flow) = model.flow(*flow) {
                open.push(flow.source);
            }
        }
    }
    true
}

fn buffered(key: Key, it: &MessageRow, kind: NearMissKind, found: &Arc<str>) -> NearMiss {
    let position = Some(key.parts().position);
    NearMiss { kind, position, found: found.clone(), until: Some(it.deadline) }
}

/// How many buffered messages are looked at.
pub const MESSAGES_MAX: u32 = 1_000;
/// More of them than that help nobody.
pub const NEAR_MISSES_MAX: usize = 4;
