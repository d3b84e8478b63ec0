//! Event-based gateways: what may follow them.

use alloc::collections::BTreeSet;
use alloc::format;

use super::{blame, blame_flow};
use crate::bpmn::model::{Element, ElementKind, ExecutableProcess, Flow};
use crate::bpmn::problem::{ProblemCode, Report};
use crate::bpmn::spec::{CatchTrigger, StaticOrExpression};

pub(super) fn check(process: &ExecutableProcess, report: &mut Report) {
    for element in process.elements() {
        if matches!(element.kind, ElementKind::EventBasedGateway) {
            check_event_based(process, report, element);
        }
    }
}

fn check_event_based(process: &ExecutableProcess, report: &mut Report, gateway: &Element) {
    let found = gateway.outgoing.len();
    if found < 2 {
        let message = format!("expected at least two flows out of the gateway, found {found}");
        blame(report, gateway, ProblemCode::OutgoingMissing, message);
    }
    let mut messages = BTreeSet::new();
    for flow in gateway.outgoing.iter().filter_map(|it| process.flow(*it)) {
        let Some(target) = process.element(flow.target) else { continue };
        let ElementKind::IntermediateCatchEvent(trigger) = &target.kind else {
            let found = target.kind.type_name();
            let message = format!(
                "expected an intermediate catch event after an event-based gateway, found '{}' ({found})",
                target.id
            );
            blame_flow(report, flow, ProblemCode::EventGatewayTargetInvalid, message);
            continue;
        };
        check_target(report, flow, target);
        if let CatchTrigger::Message(message) = trigger
            && let StaticOrExpression::Static(name) = &message.name
            && !messages.insert(name)
        {
            let text =
                format!("expected each message once after the gateway, found '{name}' again");
            blame(report, target, ProblemCode::EventNotUnique, text);
        }
    }
}

fn check_target(report: &mut Report, flow: &Flow, target: &Element) {
    let found = target.incoming.len();
    if found > 1 {
        let message = format!(
            "expected one flow to '{}', as it follows an event-based gateway, found {found}",
            target.id
        );
        blame_flow(report, flow, ProblemCode::EventGatewayTargetInvalid, message);
    }
}
