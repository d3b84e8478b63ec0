//! Messages and errors: what event definitions and receive tasks refer to.

use alloc::collections::BTreeMap;
use alloc::format;

use super::extensions;
use super::reader::{Node, Reader, Text, blank};
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::{ErrorCatch, ErrorThrow, MessageSpec};

/// Reads the message that `node` refers to, for an instance that waits for it.
pub(super) fn awaited<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> MessageSpec {
    let Some(message) = message(reader, node) else { return unknown() };
    let mut spec = starting_from(reader, message);
    extensions::check(reader, message, &["subscription"]);
    spec.correlation_key = match extensions::find(message, "subscription") {
        Some(subscription) => reader
            .required(subscription, "correlationKey")
            .and_then(|text| reader.expression(&text)),
        None => {
            let text =
                "expected a zeebe:subscription with a correlation key on the message, found none";
            reader.problem(node, ProblemCode::CorrelationKeyMissing, text);
            None
        }
    };
    spec
}

/// Reads the message that `node` refers to, for a process that is started by it.
pub(super) fn starting<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> MessageSpec {
    match message(reader, node) {
        Some(message) => starting_from(reader, message),
        None => unknown(),
    }
}

/// Returns what stands for a message that cannot be read: one that never arrives.
pub(super) fn unknown() -> MessageSpec {
    MessageSpec { name: blank(), correlation_key: None }
}

/// Reads the error that an error event definition throws.
pub(super) fn thrown<'a>(reader: &mut Reader<'a, '_>, definition: Node<'a>) -> ErrorThrow {
    let Some(error) = required_error(reader, definition) else {
        return ErrorThrow { code: blank() };
    };
    let Some(code) = reader.attribute(error, "errorCode") else {
        let text = "expected an errorCode on the error that is thrown, found none";
        reader.problem(error, ProblemCode::ErrorCodeMissing, text);
        return ErrorThrow { code: blank() };
    };
    ErrorThrow { code: reader.static_or_expression(&code) }
}

/// Reads the error that an error event definition catches; no reference or no code catches all.
pub(super) fn caught<'a>(reader: &mut Reader<'a, '_>, definition: Node<'a>) -> ErrorCatch {
    if reader.attribute(definition, "errorRef").is_none() {
        return ErrorCatch { code: None };
    }
    let error = required_error(reader, definition);
    let code = error.and_then(|error| reader.attribute(error, "errorCode"));
    ErrorCatch { code: code.map(|text| reader.static_text(&text)) }
}

fn message<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> Option<Node<'a>> {
    let reference = reader.required(node, "messageRef")?;
    let found = resolve(&reader.messages, &reference);
    if found.is_none() {
        unknown_reference(reader, &reference, "message");
    }
    found
}

fn required_error<'a>(reader: &mut Reader<'a, '_>, definition: Node<'a>) -> Option<Node<'a>> {
    let reference = reader.required(definition, "errorRef")?;
    let found = resolve(&reader.errors, &reference);
    if found.is_none() {
        unknown_reference(reader, &reference, "error");
    }
    found
}

fn starting_from<'a>(reader: &mut Reader<'a, '_>, message: Node<'a>) -> MessageSpec {
    let name = match reader.required(message, "name") {
        Some(text) => reader.static_or_expression(&text),
        None => blank(),
    };
    MessageSpec { name, correlation_key: None }
}

/// Finds what a reference names; it may be a qualified name, whose prefix means nothing here.
fn resolve<'a>(known: &BTreeMap<&'a str, Node<'a>>, reference: &Text<'a>) -> Option<Node<'a>> {
    let id = reference.value.trim();
    let local = id.rsplit_once(':').map_or(id, |(_, local)| local);
    known.get(id).or_else(|| known.get(local)).copied()
}

fn unknown_reference<'a>(reader: &mut Reader<'a, '_>, reference: &Text<'a>, what: &str) {
    let message = format!("expected the id of a {what}, found '{}'", reference.value);
    reader.text_problem(reference, ProblemCode::ReferenceUnknown, message);
}
