//! Input and output mappings.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::extensions;
use super::reader::{Node, Reader, Text, zeebe_children};
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::Mapping;

/// Reads the mappings of one direction, `input` or `output`, of an element.
pub(super) fn mappings<'a>(
    reader: &mut Reader<'a, '_>,
    element: Node<'a>,
    direction: &str,
) -> Vec<Mapping> {
    let Some(node) = extensions::find(element, "ioMapping") else { return Vec::new() };
    zeebe_children(node, direction).filter_map(|it| mapping(reader, it)).collect()
}

/// Notes a variable name that is none.
pub(super) fn check_variable<'a>(reader: &mut Reader<'a, '_>, text: &Text<'a>) {
    if let Some(reason) = name_problem(text.value.trim()) {
        reader.text_problem(text, ProblemCode::VariableNameInvalid, reason);
    }
}

fn mapping<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> Option<Mapping> {
    // Both are asked for before either is given up, so that both are told.
    let (source, target) = (reader.required(node, "source"), reader.required(node, "target"));
    let source = source.map(|text| reader.static_or_expression(&text));
    let target = target.map(|text| path(reader, &text));
    Some(Mapping { source: source?, target: target? })
}

fn path<'a>(reader: &mut Reader<'a, '_>, text: &Text<'a>) -> Vec<Arc<str>> {
    let names: Vec<Arc<str>> = text.value.trim().split('.').map(Arc::from).collect();
    if let Some(reason) = names.iter().find_map(|it| name_problem(it)) {
        reader.text_problem(text, ProblemCode::MappingTargetInvalid, reason);
    }
    names
}

/// Says why a text cannot be read back as a name in an expression.
fn name_problem(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("expected a name, found the reserved word '{name}'"));
    }
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || !it.is_ascii();
    let starts_well = name.chars().next().is_some_and(|it| is_part(it) && !it.is_ascii_digit());
    if starts_well && name.chars().all(is_part) {
        return None;
    }
    Some(format!("expected a name of letters, digits and '_', found '{name}'"))
}

const RESERVED: &[&str] = &[
    "null",
    "true",
    "false",
    "function",
    "if",
    "then",
    "else",
    "for",
    "return",
    "between",
    "instance",
    "of",
    "and",
    "or",
    "not",
    "in",
    "some",
    "every",
    "satisfies",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_names_from_other_texts() {
        for name in ["a", "_a1", "orderId", "größe", "名"] {
            assert_eq!(name_problem(name), None, "{name}");
        }
        for name in ["", "1a", "a-b", "a b", "null", "in", "a[1]", "=a"] {
            assert!(name_problem(name).is_some(), "{name}");
        }
    }
}
