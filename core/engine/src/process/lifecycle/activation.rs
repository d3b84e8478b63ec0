//! Entering, activating and completing.

use alloc::sync::Arc;

use super::{child_ended, incidents, is_join, is_open, open, open_in_scope, schedule};
use crate::bpmn::{Element, ElementKind};
use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::element_cx::activating;
use crate::process::elements::behavior;
use crate::process::events::ElementActivating;
use crate::process::state::ElementState;
use crate::process::{ElementType, Incident, IncidentKind, Process, Task, variables};
use crate::record::Key;

/// Enters an element if its scope still takes it, and if it is no join or has all its tokens.
pub(super) fn enter(
    cx: &mut Cx<'_, Process>,
    instance: Key,
    scope: Key,
    element_id: &Arc<str>,
    tokens: u32,
) {
    if !is_open(cx, scope) {
        return;
    }
    let Some(at) = open(cx, scope) else { return };
    let (model, depth) = (at.model, at.row.depth);
    let Some((_, element)) = model.find(element_id) else { return };
    let Some(tokens) = tokens_taken(cx, scope, element, tokens) else { return };
    if let Err(incident) = check_limits(cx, instance, depth, element) {
        let (scope_key, element_id) = (scope, element_id.clone());
        let retry = Task::Enter { scope_key, element_id, tokens };
        incidents::raise(cx, instance, scope, incident, None, Some(retry));
        return;
    }
    let key = cx.next_key();
    cx.emit(key, activating(element, scope, instance, tokens));
    activate(cx, key);
}

/// Enters an event that has happened already; what it carries is its own until it leaves.
pub(crate) fn enter_triggered(
    cx: &mut Cx<'_, Process>,
    instance: Key,
    scope: Key,
    element: &Element,
    tokens: u32,
    interrupts: Option<Key>,
    payload: &Context,
) -> Key {
    let key = cx.next_key();
    let event = activating(element, scope, instance, tokens);
    cx.emit(key, ElementActivating { is_triggered: true, interrupted_key: interrupts, ..event });
    variables::set_local(cx, instance, key, payload);
    if interrupts.is_none() {
        schedule(cx, instance, Task::Activate { element_instance_key: key });
    }
    key
}

/// Lets an element that was entered do its work.
pub(super) fn activate(cx: &mut Cx<'_, Process>, key: Key) {
    let Some(mut at) = open_in_scope(cx, key) else { return };
    let retry = Task::Activate { element_instance_key: key };
    if at.row.state != ElementState::Activating || incidents::is_blocked(at.cx, key, &retry) {
        return;
    }
    let (model, instance) = (at.model.clone(), at.row.instance);
    let Some(element) = model.element(at.index) else { return };
    let result = if at.row.is_triggered {
        at.pass();
        Ok(())
    } else {
        let inputs = variables::map_inputs(at.cx, key, &at.row, element);
        inputs
            .and_then(|()| at.prepare_boundaries(element))
            .and_then(|()| behavior(at.row.element_type).activate(&mut at, element))
    };
    let is_completing = at.is_completing;
    match result {
        Ok(()) if is_completing => complete(cx, key),
        Ok(()) => {}
        Err(incident) => {
            incidents::raise(cx, instance, key, incident, None, Some(retry));
        }
    }
}

/// Lets an element that did its work leave. A scope leaves only when nothing is left inside.
pub(super) fn complete(cx: &mut Cx<'_, Process>, key: Key) {
    let Some(mut at) = open_in_scope(cx, key) else { return };
    let row = &at.row;
    if row.state != ElementState::Active || row.children > 0 || row.tokens > 0 {
        return;
    }
    let retry = Task::Complete { element_instance_key: key };
    if incidents::is_blocked(at.cx, key, &retry) {
        return;
    }
    let (model, instance, scope) = (at.model.clone(), row.instance, row.scope);
    let Some(element) = model.element(at.index) else { return };
    if let Err(incident) = behavior(at.row.element_type).complete(&mut at, element) {
        incidents::raise(cx, instance, key, incident, None, Some(retry));
        return;
    }
    if let Some(scope) = scope {
        child_ended(cx, scope);
    }
}

/// Returns how many tokens of the scope an element takes; none if it has to wait for more.
fn tokens_taken(cx: &Cx<'_, Process>, scope: Key, element: &Element, tokens: u32) -> Option<u32> {
    if !is_join(element) {
        return Some(tokens);
    }
    let waiting = match cx.symbols().find(&element.id) {
        Some(symbol) => cx.state().tokens_before(scope, symbol).len(),
        None => 0,
    };
    (waiting >= element.incoming.len()).then(|| u32::try_from(waiting).unwrap_or(u32::MAX))
}

fn check_limits(
    cx: &Cx<'_, Process>,
    instance: Key,
    depth: u32,
    element: &Element,
) -> Result<(), Incident> {
    let limits = cx.limits();
    let elements = cx.state().instances.get(&instance).map_or(0, |it| it.elements);
    if elements >= limits.instance_elements {
        let text = alloc::format!(
            "expected at most {} element instances in process instance {instance}, found more at '{}'",
            limits.instance_elements,
            element.id
        );
        return Err(Incident::new(IncidentKind::LimitExceeded, text));
    }
    let is_scope = ElementType::of(&element.kind) == ElementType::SubProcess
        || matches!(element.kind, ElementKind::Process(_));
    if is_scope && depth >= limits.scope_depth {
        let text = alloc::format!(
            "expected at most {} scopes inside one another, found more at '{}'",
            limits.scope_depth,
            element.id
        );
        return Err(Incident::new(IncidentKind::LimitExceeded, text));
    }
    Ok(())
}
