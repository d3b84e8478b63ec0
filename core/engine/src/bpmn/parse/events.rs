//! Events: start, end, intermediate catch and boundary, with their event definitions.

use alloc::format;

use super::reader::{Node, Reader, bpmn_children};
use super::{messages, timers};
use crate::bpmn::model::ElementKind;
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::{BoundaryTrigger, CatchTrigger, EndKind, StartTrigger};

pub(super) fn start<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>) -> ElementKind {
    let trigger = match definition(reader, event) {
        None => StartTrigger::None,
        Some((Definition::Message, it)) => StartTrigger::Message(messages::starting(reader, it)),
        Some((Definition::Timer, it)) => StartTrigger::Timer(timers::timer(reader, it)),
        Some((Definition::Error | Definition::Terminate | Definition::Other, it)) => {
            refuse(reader, event, it);
            StartTrigger::Timer(timers::unknown())
        }
    };
    ElementKind::StartEvent(trigger)
}

pub(super) fn end<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>) -> ElementKind {
    let kind = match definition(reader, event) {
        None => EndKind::None,
        Some((Definition::Terminate, _)) => EndKind::Terminate,
        Some((Definition::Error, it)) => EndKind::Error(messages::thrown(reader, it)),
        Some((Definition::Message | Definition::Timer | Definition::Other, it)) => {
            refuse(reader, event, it);
            EndKind::None
        }
    };
    ElementKind::EndEvent(kind)
}

pub(super) fn intermediate_catch<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>) -> ElementKind {
    let trigger = match definition(reader, event) {
        Some((Definition::Message, it)) => CatchTrigger::Message(messages::awaited(reader, it)),
        Some((Definition::Timer, it)) => CatchTrigger::Timer(timers::timer(reader, it)),
        Some((Definition::Error | Definition::Terminate | Definition::Other, it)) => {
            refuse(reader, event, it);
            CatchTrigger::Timer(timers::unknown())
        }
        None => {
            definition_missing(reader, event);
            CatchTrigger::Timer(timers::unknown())
        }
    };
    ElementKind::IntermediateCatchEvent(trigger)
}

pub(super) fn boundary<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>) -> ElementKind {
    let trigger = match definition(reader, event) {
        Some((Definition::Message, it)) => BoundaryTrigger::Message(messages::awaited(reader, it)),
        Some((Definition::Timer, it)) => BoundaryTrigger::Timer(timers::timer(reader, it)),
        Some((Definition::Error, it)) => BoundaryTrigger::Error(messages::caught(reader, it)),
        Some((Definition::Terminate | Definition::Other, it)) => {
            refuse(reader, event, it);
            BoundaryTrigger::Timer(timers::unknown())
        }
        None => {
            definition_missing(reader, event);
            BoundaryTrigger::Timer(timers::unknown())
        }
    };
    let interrupting = !matches!(event.attribute("cancelActivity"), Some("false" | "0"));
    ElementKind::BoundaryEvent { interrupting, trigger }
}

/// The event definitions that are told apart.
#[derive(Clone, Copy)]
enum Definition {
    Message,
    Timer,
    Error,
    Terminate,
    Other,
}

/// Returns the only event definition of an event.
fn definition<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>) -> Option<(Definition, Node<'a>)> {
    let mut definitions = bpmn_children(event).filter(|it| is_definition(it.tag_name().name()));
    let first = definitions.next()?;
    if let Some(second) = definitions.next() {
        let found = second.tag_name().name();
        let message = format!("expected at most one event definition, found also {found}");
        reader.problem(second, ProblemCode::EventDefinitionNotUnique, message);
    }
    let definition = match first.tag_name().name() {
        "messageEventDefinition" => Definition::Message,
        "timerEventDefinition" => Definition::Timer,
        "errorEventDefinition" => Definition::Error,
        "terminateEventDefinition" => Definition::Terminate,
        _ => Definition::Other,
    };
    Some((definition, first))
}

fn is_definition(tag: &str) -> bool {
    tag.ends_with("EventDefinition") || tag == "eventDefinitionRef"
}

fn refuse<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>, definition: Node<'a>) {
    let (event, definition_tag) = (event.tag_name().name(), definition.tag_name().name());
    let message = format!("{definition_tag} on {event} is not supported yet");
    reader.problem(definition, ProblemCode::ElementNotSupported, message);
}

fn definition_missing<'a>(reader: &mut Reader<'a, '_>, event: Node<'a>) {
    let message =
        format!("expected an event definition in {}, found none", event.tag_name().name());
    reader.problem(event, ProblemCode::EventDefinitionNotUnique, message);
}
