//! BPMN errors: who catches one. The walk goes from the thrower outwards; within one activity a specific code wins over
//! a catch-all; what has been interrupted already or is ending catches nothing.

use alloc::format;
use alloc::sync::Arc;

use super::element_cx::ElementCx;
use super::state::ElementState;
use super::{Incident, IncidentKind, Process, lifecycle};
use crate::bpmn::{BoundaryTrigger, Element, ElementIndex, ElementKind, ExecutableProcess};
use crate::feel::Context;
use crate::kernel::Cx;
use crate::record::Key;

/// Who catches an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Catcher {
    host: Key,
    event: ElementIndex,
}

/// Finds who catches an error that an element throws.
pub fn catcher(cx: &ElementCx<'_, '_>, code: &str) -> Option<Catcher> {
    find(cx.cx, &cx.model, cx.row.scope?, code)
}

/// Lets an error be caught.
pub fn throw(cx: &mut ElementCx<'_, '_>, catcher: Catcher, variables: &Context) {
    catch(cx.cx, catcher, variables);
}

/// Makes the incident of an error that nobody catches.
pub fn uncaught(code: &str, element_id: &str, message: Option<&Arc<str>>) -> Incident {
    let mut text = format!(
        "expected an event that catches error '{code}' of element '{element_id}', found none"
    );
    if let Some(message) = message {
        text.push_str(&format!("; the worker says: {message}"));
    }
    Incident::new(IncidentKind::UnhandledError, text)
}

/// Finds who catches an error, from an element instance outwards.
pub(super) fn find(
    cx: &Cx<'_, Process>,
    model: &ExecutableProcess,
    from: Key,
    code: &str,
) -> Option<Catcher> {
    let mut next = Some(from);
    // Ends: scopes are a tree, and no scope is its own ancestor.
    while let Some(host) = next {
        let row = cx.state().elements.get(&host)?;
        if row.state != ElementState::Active || row.is_interrupted || row.interrupted_by.is_some() {
            return None;
        }
        let (_, element) = model.find(&cx.symbols().name(row.element))?;
        if let Some(event) = handler(model, element, code) {
            return Some(Catcher { host, event });
        }
        next = row.scope;
    }
    None
}

/// Lets a boundary event catch an error.
pub(super) fn catch(cx: &mut Cx<'_, Process>, catcher: Catcher, variables: &Context) {
    lifecycle::trigger_boundary(cx, catcher.host, catcher.event, variables);
}

fn handler(model: &ExecutableProcess, element: &Element, code: &str) -> Option<ElementIndex> {
    let caught = |index: &ElementIndex| {
        let ElementKind::BoundaryEvent { trigger, .. } = &model.element(*index)?.kind else {
            return None;
        };
        let BoundaryTrigger::Error(error) = trigger else { return None };
        Some((*index, error.code.as_deref()))
    };
    let mut specific = element.boundary.iter().filter_map(caught);
    let mut catch_all = element.boundary.iter().filter_map(caught);
    specific
        .find(|(_, it)| *it == Some(code))
        .or_else(|| catch_all.find(|(_, it)| it.is_none()))
        .map(|(index, _)| index)
}
