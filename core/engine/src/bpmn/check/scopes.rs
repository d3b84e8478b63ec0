//! Start events: how many, and of which kind.

use alloc::format;

use super::blame;
use crate::bpmn::model::{Element, ElementKind, ExecutableProcess, Scope};
use crate::bpmn::problem::{ProblemCode, Report};
use crate::bpmn::spec::StartTrigger;

pub(super) fn check(process: &ExecutableProcess, report: &mut Report) {
    for element in process.elements() {
        match &element.kind {
            ElementKind::Process(scope) => check_process(process, report, element, scope),
            ElementKind::SubProcess(scope) => check_sub_process(process, report, element, scope),
            ElementKind::StartEvent(_)
            | ElementKind::EndEvent(_)
            | ElementKind::ServiceTask(_)
            | ElementKind::ScriptTask(_)
            | ElementKind::BusinessRuleTask(_)
            | ElementKind::ManualTask
            | ElementKind::UndefinedTask
            | ElementKind::ReceiveTask(_)
            | ElementKind::ExclusiveGateway { .. }
            | ElementKind::ParallelGateway
            | ElementKind::EventBasedGateway
            | ElementKind::IntermediateCatchEvent(_)
            | ElementKind::BoundaryEvent { .. } => {}
        }
    }
}

fn check_process(
    process: &ExecutableProcess,
    report: &mut Report,
    element: &Element,
    scope: &Scope,
) {
    if scope.starts.is_empty() {
        let message = "expected a start event in the process, found none";
        blame(report, element, ProblemCode::StartEventMissing, message);
    }
    let starts = scope.starts.iter().filter_map(|it| process.element(*it));
    for second in starts.filter(|it| is_none_start(it)).skip(1) {
        let message = "expected at most one start event without a trigger, found another";
        blame(report, second, ProblemCode::StartEventNotUnique, message);
    }
}

fn check_sub_process(
    process: &ExecutableProcess,
    report: &mut Report,
    element: &Element,
    scope: &Scope,
) {
    if scope.starts.is_empty() {
        let message = "expected a start event in the sub-process, found none";
        blame(report, element, ProblemCode::StartEventMissing, message);
    }
    for (at, start) in scope.starts.iter().filter_map(|it| process.element(*it)).enumerate() {
        if at > 0 {
            let message = format!("expected one start event in '{}', found another", element.id);
            blame(report, start, ProblemCode::StartEventNotUnique, message);
        }
        if !is_none_start(start) {
            let message = "expected a start event without a trigger in a sub-process";
            blame(report, start, ProblemCode::StartEventNotNone, message);
        }
    }
}

fn is_none_start(element: &Element) -> bool {
    matches!(element.kind, ElementKind::StartEvent(StartTrigger::None))
}
