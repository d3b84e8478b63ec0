//! Jobs: type, retries, headers.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::extensions;
use super::reader::{Node, Reader, zeebe_children};
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::{JobSpec, StaticOrExpression};

/// Reads the job of a task from its `zeebe:taskDefinition` and `zeebe:taskHeaders`.
pub(super) fn job<'a>(
    reader: &mut Reader<'a, '_>,
    task: Node<'a>,
    definition: Node<'a>,
) -> JobSpec {
    let job_type = match reader.required(definition, "type") {
        Some(text) => reader.static_or_expression(&text),
        None => super::reader::blank(),
    };
    let retries = retries(reader, definition);
    let headers = match extensions::find(task, "taskHeaders") {
        Some(node) => headers(reader, node),
        None => Vec::new(),
    };
    JobSpec { job_type, retries, headers }
}

fn retries<'a>(reader: &mut Reader<'a, '_>, definition: Node<'a>) -> StaticOrExpression {
    let Some(text) = reader.attribute(definition, "retries") else {
        return StaticOrExpression::Static(RETRIES_DEFAULT.into());
    };
    let retries = reader.static_or_expression(&text);
    if let StaticOrExpression::Static(number) = &retries
        && number.trim().parse::<i32>().is_err()
    {
        let message =
            format!("expected retries as a whole number or an expression, found '{number}'");
        reader.text_problem(&text, ProblemCode::RetriesInvalid, message);
    }
    retries
}

fn headers<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> Vec<(Arc<str>, Arc<str>)> {
    let mut headers = Vec::new();
    let mut keys = BTreeSet::new();
    for header in zeebe_children(node, "header") {
        let Some(key) = reader.required(header, "key") else { continue };
        let key = key.value;
        if key.starts_with(RESERVED_PREFIX) {
            let message = format!("expected no header of the engine's own, found '{key}'");
            reader.problem(header, ProblemCode::HeaderInvalid, message);
        }
        if !keys.insert(key.clone()) {
            let message = format!("expected each header once, found '{key}' again");
            reader.problem(header, ProblemCode::HeaderNotUnique, message);
        }
        // A header without a value is a row of the Modeler that was left empty.
        if let Some(value) = header.attribute("value").filter(|it| !it.is_empty()) {
            headers.push((key.into(), value.into()));
        }
    }
    headers
}

const RETRIES_DEFAULT: &str = "3";
const RESERVED_PREFIX: &str = "io.camunda.zeebe:";
