//! What stands in a process or sub-process: one element after another, sub-processes at once.

use alloc::format;
use alloc::vec::Vec;

use super::draft::Draft;
use super::reader::{Node, Reader, bpmn_children};
use super::{events, extensions, mappings, names, tasks};
use crate::bpmn::model::{Element, ElementIndex, ElementKind, Scope};
use crate::bpmn::problem::ProblemCode;

/// Reads all that stands in `node`; nesting is limited by that of the XML.
pub(super) fn read<'a>(
    reader: &mut Reader<'a, '_>,
    draft: &mut Draft<'a>,
    node: Node<'a>,
    scope: ElementIndex,
) {
    for child in bpmn_children(node) {
        match child.tag_name().name() {
            "sequenceFlow" => draft.add_flow(reader, child, scope),
            tag if names::is_documentation_of_scope(tag) => {}
            // The loop characteristics of a sub-process stand among its elements.
            tag if is_loop(tag) => refuse(reader, child),
            tag => element(reader, draft, child, tag, scope),
        }
    }
}

fn element<'a>(
    reader: &mut Reader<'a, '_>,
    draft: &mut Draft<'a>,
    node: Node<'a>,
    tag: &'a str,
    scope: ElementIndex,
) {
    let kind = kind(reader, node, tag);
    let is_scope = matches!(kind, ElementKind::SubProcess(_));
    // What stands in a refused element is refused with it.
    if is_read(tag) && !is_event_sub_process(node) {
        check_node(reader, node, tag, is_scope);
    }
    let Some(id) = reader.id(node) else { return };
    let index = draft.add(
        node,
        Element {
            id: id.into(),
            name: node.attribute("name").filter(|it| !it.is_empty()).map(Into::into),
            kind,
            scope: Some(scope),
            incoming: Vec::new(),
            outgoing: Vec::new(),
            boundary: Vec::new(),
            attached_to: None,
            inputs: mappings::mappings(reader, node, "input"),
            outputs: mappings::mappings(reader, node, "output"),
            location: reader.location(node),
        },
    );
    if is_scope {
        read(reader, draft, node, index);
    }
}

fn kind<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>, tag: &str) -> ElementKind {
    match tag {
        "startEvent" => events::start(reader, node),
        "endEvent" => events::end(reader, node),
        "intermediateCatchEvent" => events::intermediate_catch(reader, node),
        "boundaryEvent" => events::boundary(reader, node),
        "serviceTask" => tasks::service(reader, node),
        "scriptTask" => tasks::script(reader, node),
        "businessRuleTask" => tasks::business_rule(reader, node),
        "receiveTask" => tasks::receive(reader, node),
        "manualTask" => ElementKind::ManualTask,
        "task" => ElementKind::UndefinedTask,
        "exclusiveGateway" => ElementKind::ExclusiveGateway { default: None },
        "parallelGateway" => ElementKind::ParallelGateway,
        "eventBasedGateway" => ElementKind::EventBasedGateway,
        "subProcess" if !is_event_sub_process(node) => ElementKind::SubProcess(Scope::default()),
        _ => {
            refuse(reader, node);
            stand_in(tag)
        }
    }
}

/// Returns what stands for a refused element, chosen so that what is around it still makes sense.
fn stand_in(tag: &str) -> ElementKind {
    match tag {
        "inclusiveGateway" | "complexGateway" => ElementKind::ExclusiveGateway { default: None },
        _ => tasks::placeholder(),
    }
}

fn refuse<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) {
    let tag = node.tag_name().name();
    if is_event_sub_process(node) {
        let message = "subProcess with triggeredByEvent=\"true\" is not supported yet";
        reader.problem(node, ProblemCode::ElementNotSupported, message);
    } else if names::is_bpmn_element(tag) {
        let message = format!("{tag} is not supported yet");
        reader.problem(node, ProblemCode::ElementNotSupported, message);
    } else {
        let hint = names::suggestion(tag);
        let hint = hint.map(|it| format!("; did you mean '{it}'?")).unwrap_or_default();
        let message = format!("expected an element of BPMN, found '{tag}'{hint}");
        reader.problem(node, ProblemCode::ElementUnknown, message);
    }
}

/// Notes whatever in a flow node would change what it does and is not supported.
fn check_node<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>, tag: &str, is_scope: bool) {
    tasks::check_attributes(reader, node);
    extensions::check(reader, node, allowed_extensions(tag));
    for child in bpmn_children(node).filter(|_| !is_scope) {
        let name = child.tag_name().name();
        let is_event_definition = name.ends_with("EventDefinition") || name == "eventDefinitionRef";
        if !is_event_definition && !names::is_documentation_of_node(name) {
            refuse(reader, child);
        }
    }
}

fn is_read(tag: &str) -> bool {
    matches!(tag, "exclusiveGateway" | "parallelGateway" | "eventBasedGateway")
        || !allowed_extensions(tag).is_empty()
}

fn allowed_extensions(tag: &str) -> &'static [&'static str] {
    match tag {
        "serviceTask" => &["taskDefinition", "taskHeaders", "ioMapping"],
        "scriptTask" => &["script", "taskDefinition", "taskHeaders", "ioMapping"],
        "businessRuleTask" => &["calledDecision", "taskDefinition", "taskHeaders", "ioMapping"],
        // A form to start with changes nothing that is executed.
        "startEvent" => &["ioMapping", "formDefinition"],
        "endEvent"
        | "intermediateCatchEvent"
        | "boundaryEvent"
        | "receiveTask"
        | "manualTask"
        | "task"
        | "subProcess" => &["ioMapping"],
        _ => &[],
    }
}

fn is_event_sub_process(node: Node<'_>) -> bool {
    matches!(node.attribute("triggeredByEvent"), Some("true" | "1"))
}

fn is_loop(tag: &str) -> bool {
    matches!(tag, "multiInstanceLoopCharacteristics" | "standardLoopCharacteristics")
}
