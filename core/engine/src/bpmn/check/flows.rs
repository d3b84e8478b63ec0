//! Sequence flows: which elements may have them, and where conditions may stand.

use alloc::format;

use super::{blame, blame_flow, id_of};
use crate::bpmn::model::{Element, ElementKind, ExecutableProcess};
use crate::bpmn::problem::{ProblemCode, Report};

pub(super) fn check(process: &ExecutableProcess, report: &mut Report) {
    for element in process.elements() {
        check_incoming(process, report, element);
        check_outgoing(process, report, element);
        check_conditions(process, report, element);
    }
}

fn check_incoming(process: &ExecutableProcess, report: &mut Report, element: &Element) {
    let what = match &element.kind {
        ElementKind::StartEvent(_) => "a start event",
        ElementKind::BoundaryEvent { .. } => "a boundary event",
        _ => return,
    };
    for flow in element.incoming.iter().filter_map(|it| process.flow(*it)) {
        let message = format!("expected no flow to {what}, found one to '{}'", element.id);
        blame_flow(report, flow, ProblemCode::IncomingNotAllowed, message);
    }
}

fn check_outgoing(process: &ExecutableProcess, report: &mut Report, element: &Element) {
    let is_boundary = matches!(element.kind, ElementKind::BoundaryEvent { .. });
    if is_boundary && element.outgoing.is_empty() {
        let message = "expected a flow out of the boundary event, found none";
        blame(report, element, ProblemCode::OutgoingMissing, message);
    }
    let is_end = matches!(element.kind, ElementKind::EndEvent(_));
    for flow in element.outgoing.iter().filter(|_| is_end).filter_map(|it| process.flow(*it)) {
        let message = format!(
            "expected no flow out of an end event, found one to '{}'",
            id_of(process, flow.target)
        );
        blame_flow(report, flow, ProblemCode::OutgoingNotAllowed, message);
    }
}

fn check_conditions(process: &ExecutableProcess, report: &mut Report, element: &Element) {
    let flows = element.outgoing.iter().filter_map(|it| process.flow(*it));
    let is_exclusive = matches!(element.kind, ElementKind::ExclusiveGateway { .. });
    let is_choice = is_exclusive && element.outgoing.len() > 1;
    for flow in flows {
        if flow.condition.is_some() && !is_exclusive {
            let message = format!(
                "expected conditions only on flows out of exclusive gateways, found one after '{}'",
                element.id
            );
            blame_flow(report, flow, ProblemCode::ConditionNotAllowed, message);
        }
        if is_choice && flow.condition.is_none() && !flow.is_default {
            let message =
                format!("expected a condition, or to be the default flow, after '{}'", element.id);
            blame_flow(report, flow, ProblemCode::ConditionMissing, message);
        }
    }
}
