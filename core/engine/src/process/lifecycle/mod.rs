//! What is common to all elements: how they are entered, go through their hooks, leave and are ended; scopes, boundary
//! events, incidents.
//!
//! Each hook of each element instance is a task of its own on the agenda. A task looks first whether what it is about is
//! still there and in the state that it needs: between two tasks anything may have ended.

mod activation;
mod incidents;
mod instances;
mod termination;
mod triggers;

use super::element_cx::ElementCx;
use super::state::ElementState;
use super::{Process, Task, Work, errors, messages};
use crate::bpmn::{Element, ElementKind};
use crate::kernel::Cx;
use crate::record::Key;

pub(crate) use activation::enter_triggered;
pub(crate) use incidents::{raise, throw_from_job};
pub(crate) use instances::{Begin, begin, begun_by, start_next};
pub(crate) use triggers::{is_alive, trigger, trigger_boundary};

/// Does one task of the agenda.
pub(super) fn work(cx: &mut Cx<'_, Process>, work: Work) {
    let instance = work.process_instance_key;
    match work.task {
        Task::Enter { scope_key, element_id, tokens } => {
            activation::enter(cx, instance, scope_key, &element_id, tokens);
        }
        Task::Activate { element_instance_key } => activation::activate(cx, element_instance_key),
        Task::Complete { element_instance_key } => activation::complete(cx, element_instance_key),
        Task::Terminate { element_instance_key } => {
            termination::terminate(cx, element_instance_key);
        }
        Task::TerminateChildren { scope_key, after_key } => {
            termination::terminate_children(cx, instance, scope_key, after_key);
        }
        Task::ThrowError { job_key } => incidents::retry_job_error(cx, job_key),
        Task::Deliver { message_key, subscription_key } => {
            messages::deliver(cx, message_key, subscription_key);
        }
        Task::StartNext { process_id, correlation_key } => {
            messages::start_next(cx, &process_id, &correlation_key);
        }
    }
}

/// Puts a task on the agenda.
pub(crate) fn schedule(cx: &mut Cx<'_, Process>, instance: Key, task: Task) {
    cx.schedule(Work { process_instance_key: instance, task });
}

/// Returns whether an element is entered only when every incoming flow has a token.
pub(crate) fn is_join(element: &Element) -> bool {
    matches!(element.kind, ElementKind::ParallelGateway) && element.incoming.len() > 1
}

/// Returns whether anything may go on inside a scope: it is neither ending nor interrupted.
pub(crate) fn is_open(cx: &Cx<'_, Process>, scope: Key) -> bool {
    let row = cx.state().elements.get(&scope);
    row.is_some_and(|row| row.state == ElementState::Active && !row.is_interrupted)
}

/// Returns the context of an element instance; none if it has ended, or if it is about to end with its scope.
fn open_in_scope<'a, 'b>(cx: &'a mut Cx<'b, Process>, key: Key) -> Option<ElementCx<'a, 'b>> {
    let scope = cx.state().elements.get(&key)?.scope;
    if scope.is_some_and(|scope| !is_open(cx, scope)) {
        return None;
    }
    open(cx, key)
}

/// Returns the context of an element instance; none if it has ended.
fn open<'a, 'b>(cx: &'a mut Cx<'b, Process>, key: Key) -> Option<ElementCx<'a, 'b>> {
    let row = cx.state().elements.get(&key)?.clone();
    let definition = cx.state().instances.get(&row.instance)?.definition;
    let name = cx.symbols().name(row.element);
    let (models, state, symbols) = cx.cache();
    let model = models.get(state, symbols, definition);
    let Some((model, index)) = model.and_then(|it| Some((it.clone(), it.find(&name)?.0))) else {
        cx.fault(alloc::format!("expected element '{name}' in definition {definition}"));
        return None;
    };
    let boundaries = alloc::vec::Vec::new();
    Some(ElementCx { cx, key, row, model, index, boundaries, is_completing: false })
}

/// Goes on with a scope in which something has ended: completes or ends it if nothing is left inside.
fn child_ended(cx: &mut Cx<'_, Process>, scope: Key) {
    let Some(row) = cx.state().elements.get(&scope) else { return };
    if row.children > 0 || row.tokens > 0 {
        return;
    }
    let (instance, state) = (row.instance, row.state);
    match state {
        ElementState::Active => {
            schedule(cx, instance, Task::Complete { element_instance_key: scope });
        }
        ElementState::Terminating => {
            schedule(cx, instance, Task::Terminate { element_instance_key: scope });
        }
        ElementState::Activating => {}
    }
}
