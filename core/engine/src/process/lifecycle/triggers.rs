//! What happens to an element that waits: to itself, at its boundary, or behind an event-based gateway.

use alloc::sync::Arc;

use super::{activation, open_in_scope, schedule};
use crate::bpmn::{ElementIndex, ElementKind};
use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::element_cx::Trigger;
use crate::process::elements::behavior;
use crate::process::state::{ElementState, State};
use crate::process::{Process, Task, waits};
use crate::record::Key;

/// Lets an event happen to the element instance that waits for it.
pub(crate) fn trigger(
    cx: &mut Cx<'_, Process>,
    owner: Key,
    event_id: &Arc<str>,
    variables: &Context,
) {
    let Some(mut at) = open_in_scope(cx, owner) else { return };
    if at.row.state != ElementState::Active {
        return;
    }
    let model = at.model.clone();
    let Some((event, found)) = model.find(event_id) else { return };
    let Some(element) = model.element(at.index) else { return };
    if found.attached_to == Some(at.index) {
        trigger_boundary(cx, owner, event, variables);
        return;
    }
    let scope = at.row.scope;
    behavior(at.row.element_type).trigger(&mut at, element, Trigger { event, variables });
    if at.is_completing {
        activation::complete(cx, owner);
    } else if let Some(scope) = scope.filter(|_| !cx.state().elements.contains(&owner)) {
        super::child_ended(cx, scope);
    }
}

/// Lets a boundary event happen. One that interrupts goes on when the activity has ended; the first of several wins.
pub(crate) fn trigger_boundary(
    cx: &mut Cx<'_, Process>,
    host: Key,
    event: ElementIndex,
    variables: &Context,
) {
    let Some(at) = open_in_scope(cx, host) else { return };
    let (model, row) = (at.model, at.row);
    let Some(element) = model.element(event) else { return };
    let ElementKind::BoundaryEvent { interrupting, .. } = element.kind else { return };
    let Some(scope) = row.scope.filter(|_| row.interrupted_by.is_none()) else { return };
    let interrupts = interrupting.then_some(host);
    activation::enter_triggered(cx, row.instance, scope, element, 0, interrupts, variables);
    if interrupting {
        // At once, so that nothing else can happen to it before it has ended.
        waits::drop_all(cx, host, row.instance);
        schedule(cx, row.instance, Task::Terminate { element_instance_key: host });
    }
}

/// Returns whether neither an element instance nor a scope around it is being ended.
pub(crate) fn is_alive(state: &State, key: Key) -> bool {
    let mut next = Some(key);
    // Ends: scopes are a tree, and no scope is its own ancestor.
    while let Some((at, row)) = next.and_then(|key| Some((key, state.elements.get(&key)?))) {
        let is_ending = row.state == ElementState::Terminating || row.interrupted_by.is_some();
        // What is interrupted inside goes on itself.
        if is_ending || (row.is_interrupted && at != key) {
            return false;
        }
        next = row.scope;
    }
    true
}
