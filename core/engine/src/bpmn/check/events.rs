//! Events: which timers may repeat, and which triggers may stand together.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use super::blame;
use crate::bpmn::model::{Element, ElementKind, ExecutableProcess};
use crate::bpmn::problem::{ProblemCode, Report};
use crate::bpmn::spec::{
    BoundaryTrigger, CatchTrigger, StartTrigger, StaticOrExpression, TimerSpec,
};

pub(super) fn check(process: &ExecutableProcess, report: &mut Report) {
    check_starts(process, report);
    for element in process.elements() {
        check_timer(report, element);
        check_boundary_events(process, report, element);
    }
}

/// A process waits to be started where there are no variables yet, and one event per message.
fn check_starts(process: &ExecutableProcess, report: &mut Report) {
    let starts = process.scope(process.root()).map(|it| it.starts.as_slice()).unwrap_or_default();
    let mut names = BTreeSet::new();
    for start in starts.iter().filter_map(|it| process.element(*it)) {
        if let Some(name) = free_variable(start) {
            let text = format!("expected an expression without variables, found '{name}'");
            blame(report, start, ProblemCode::ExpressionNotConstant, text);
        }
        if let ElementKind::StartEvent(StartTrigger::Message(message)) = &start.kind
            && let StaticOrExpression::Static(name) = &message.name
            && !names.insert(name)
        {
            let text = format!("expected a message to start one event only, found '{name}' again");
            blame(report, start, ProblemCode::EventNotUnique, text);
        }
    }
}

/// Returns a variable that the trigger of a start event asks for.
fn free_variable(start: &Element) -> Option<&str> {
    let ElementKind::StartEvent(trigger) = &start.kind else { return None };
    let text = match trigger {
        StartTrigger::None => return None,
        StartTrigger::Message(message) => &message.name,
        StartTrigger::Timer(
            TimerSpec::Date(text) | TimerSpec::Duration(text) | TimerSpec::Cycle(text),
        ) => text,
    };
    match text {
        StaticOrExpression::Static(_) => None,
        StaticOrExpression::Expression(it) => it.variables().first().map(|it| &**it),
    }
}

fn check_timer(report: &mut Report, element: &Element) {
    let is_wrong = match &element.kind {
        ElementKind::IntermediateCatchEvent(CatchTrigger::Timer(timer)) => is_cycle(timer),
        ElementKind::BoundaryEvent {
            interrupting: true,
            trigger: BoundaryTrigger::Timer(timer),
        } => is_cycle(timer),
        _ => false,
    };
    if is_wrong {
        let message = "expected a date or a duration, found a cycle where a timer fires only once";
        blame(report, element, ProblemCode::TimerCycleNotAllowed, message);
    }
}

fn is_cycle(timer: &TimerSpec) -> bool {
    match timer {
        TimerSpec::Cycle(_) => true,
        TimerSpec::Date(_) | TimerSpec::Duration(_) => false,
    }
}

fn check_boundary_events(process: &ExecutableProcess, report: &mut Report, host: &Element) {
    let mut triggers = BTreeSet::new();
    for event in host.boundary.iter().filter_map(|it| process.element(*it)) {
        let ElementKind::BoundaryEvent { interrupting, trigger } = &event.kind else { continue };
        if matches!(trigger, BoundaryTrigger::Error(_)) && !interrupting {
            let message =
                "expected a boundary event for errors to interrupt, found one that does not";
            blame(report, event, ProblemCode::ErrorMustInterrupt, message);
        }
        let Some(trigger) = trigger_name(trigger) else { continue };
        if !triggers.insert(trigger.clone()) {
            let message =
                format!("expected each trigger once on '{}', found {trigger} again", host.id);
            blame(report, event, ProblemCode::EventNotUnique, message);
        }
    }
}

/// Names what a boundary event waits for, if no other one of its host may wait for it too.
fn trigger_name(trigger: &BoundaryTrigger) -> Option<String> {
    match trigger {
        BoundaryTrigger::Message(message) => match &message.name {
            StaticOrExpression::Static(name) => Some(format!("message '{name}'")),
            StaticOrExpression::Expression(_) => None,
        },
        BoundaryTrigger::Error(error) => match &error.code {
            Some(code) => Some(format!("error '{code}'")),
            None => Some("an error of any code".into()),
        },
        BoundaryTrigger::Timer(_) => None,
    }
}
