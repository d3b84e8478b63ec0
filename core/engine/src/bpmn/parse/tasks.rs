//! Tasks: service, script, business rule and receive.

use alloc::format;

use super::reader::{Node, Reader};
use super::{extensions, jobs, mappings, messages};
use crate::bpmn::model::ElementKind;
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::{Binding, BusinessRuleSpec, CalledDecision, JobSpec, ScriptSpec};

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
    let spec = match job_or(reader, task, "script") {
        Some(Own::Job(job)) => Some(ScriptSpec::Job(job)),
        Some(Own::Node(script)) => expression_script(reader, script),
        None => None,
    };
    spec.map_or_else(placeholder, ElementKind::ScriptTask)
}

pub(super) fn business_rule<'a>(reader: &mut Reader<'a, '_>, task: Node<'a>) -> ElementKind {
    let spec = match job_or(reader, task, "calledDecision") {
        Some(Own::Job(job)) => Some(BusinessRuleSpec::Job(job)),
        Some(Own::Node(node)) => called_decision(reader, node).map(BusinessRuleSpec::Decision),
        None => None,
    };
    spec.map_or_else(placeholder, ElementKind::BusinessRuleTask)
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

/// What a task does that need not be a job.
enum Own<'a> {
    Job(JobSpec),
    Node(Node<'a>),
}

/// Reads the job of a task, or returns the extension that stands in place of one; notes both and neither.
fn job_or<'a>(reader: &mut Reader<'a, '_>, task: Node<'a>, tag: &str) -> Option<Own<'a>> {
    let definition = extensions::find(task, "taskDefinition");
    let own = extensions::find(task, tag);
    if let (Some(_), Some(own)) = (definition, own) {
        let message = format!("expected either zeebe:{tag} or zeebe:taskDefinition, found both");
        reader.problem(own, ProblemCode::TaskDefinitionAmbiguous, message);
    }
    if let Some(definition) = definition {
        return Some(Own::Job(jobs::job(reader, task, definition)));
    }
    if own.is_none() {
        let message = format!("expected a zeebe:{tag} or a zeebe:taskDefinition, found neither");
        reader.problem(task, ProblemCode::TaskDefinitionMissing, message);
    }
    own.map(Own::Node)
}

fn called_decision<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> Option<CalledDecision> {
    let id = reader.required(node, "decisionId");
    let result = reader.required(node, "resultVariable");
    let location = id.as_ref().map(|text| text.location);
    let decision_id = id.map(|text| reader.static_or_expression(&text));
    if let Some(text) = &result {
        mappings::check_variable(reader, text);
    }
    let binding = binding(reader, node);
    Some(CalledDecision {
        decision_id: decision_id?,
        binding: binding?,
        result_variable: result?.value.trim().into(),
        location: location?,
    })
}

fn binding<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> Option<Binding> {
    let Some(text) = reader.attribute(node, "bindingType") else { return Some(Binding::Latest) };
    match text.value.trim() {
        "latest" => Some(Binding::Latest),
        "deployment" => Some(Binding::Deployment),
        "versionTag" => {
            let tag = reader.required(node, "versionTag")?;
            Some(Binding::VersionTag(reader.static_text(&tag)))
        }
        found => {
            let message = format!("expected latest, deployment or versionTag, found '{found}'");
            reader.text_problem(&text, ProblemCode::BindingInvalid, message);
            None
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
