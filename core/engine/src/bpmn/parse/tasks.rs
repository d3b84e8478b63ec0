//! Tasks: service, script and receive.

use alloc::format;

use super::reader::{Node, Reader};
use super::{extensions, jobs, mappings, messages};
use crate::bpmn::model::ElementKind;
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::ScriptSpec;

pub(super) fn service<'a>(reader: &mut Reader<'a, '_>, task: Node<'a>) -> ElementKind {
    match extensions::find(task, "taskDefinition") {
        Some(definition) => ElementKind::ServiceTask(jobs::job(reader, task, definition)),
        None => {
            let message = "expected a zeebe:taskDefinition with a job type, found none";
            reader.problem(task, ProblemCode::TaskDefinitionMissing, message);
            placeholder()
        }
    }
}

pub(super) fn script<'a>(reader: &mut Reader<'a, '_>, task: Node<'a>) -> ElementKind {
    let definition = extensions::find(task, "taskDefinition");
    let script = extensions::find(task, "script");
    if let (Some(_), Some(script)) = (definition, script) {
        let message = "expected either zeebe:script or zeebe:taskDefinition, found both";
        reader.problem(script, ProblemCode::TaskDefinitionAmbiguous, message);
    }
    if let Some(definition) = definition {
        return ElementKind::ScriptTask(ScriptSpec::Job(jobs::job(reader, task, definition)));
    }
    let Some(script) = script else {
        let message = "expected a zeebe:script or a zeebe:taskDefinition, found neither";
        reader.problem(task, ProblemCode::TaskDefinitionMissing, message);
        return placeholder();
    };
    match expression_script(reader, script) {
        Some(spec) => ElementKind::ScriptTask(spec),
        None => placeholder(),
    }
}

pub(super) fn receive<'a>(reader: &mut Reader<'a, '_>, task: Node<'a>) -> ElementKind {
    ElementKind::ReceiveTask(messages::awaited(reader, task))
}

/// Returns what stands for an element that cannot be executed: one that waits for ever.
pub(super) fn placeholder() -> ElementKind {
    ElementKind::ReceiveTask(messages::unknown())
}

/// Notes attributes that would change what a flow node does.
pub(super) fn check_attributes<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) {
    for (name, harmless) in ATTRIBUTES {
        let Some(text) = reader.attribute(node, name) else { continue };
        let value = text.value.trim();
        if !harmless.contains(&value) {
            let message = format!("{name}=\"{value}\" is not supported yet");
            reader.text_problem(&text, ProblemCode::AttributeNotSupported, message);
        }
    }
}

fn expression_script<'a>(reader: &mut Reader<'a, '_>, script: Node<'a>) -> Option<ScriptSpec> {
    let expression = reader.required(script, "expression");
    let result = reader.required(script, "resultVariable");
    let expression = expression.and_then(|text| reader.expression(&text));
    if let Some(text) = &result {
        mappings::check_variable(reader, text);
    }
    Some(ScriptSpec::Expression {
        expression: expression?,
        result_variable: result?.value.trim().into(),
    })
}

/// Attributes with the values that mean nothing special.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("isForCompensation", &["false", "0"]),
    ("startQuantity", &["1"]),
    ("completionQuantity", &["1"]),
    ("instantiate", &["false", "0"]),
    ("eventGatewayType", &["Exclusive"]),
    ("parallelMultiple", &["false", "0"]),
];
