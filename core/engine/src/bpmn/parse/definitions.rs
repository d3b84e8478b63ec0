//! The `definitions` element: messages, errors and processes.

use alloc::sync::Arc;
use alloc::vec::Vec;

use roxmltree::Document;

use super::draft::Draft;
use super::reader::{Node, Reader, bpmn_children, is_bpmn};
use super::{extensions, scope};
use crate::bpmn::model::{Element, ElementKind, ExecutableProcess, Scope};
use crate::bpmn::problem::{ProblemCode, Report};

/// Reads all executable processes of a file.
pub(super) fn read<'a>(
    document: &'a Document<'a>,
    text: &'a str,
    report: &mut Report,
) -> Vec<ExecutableProcess> {
    let mut reader = Reader::new(text, report);
    let root = document.root_element();
    if root.tag_name().name() != "definitions" || !is_bpmn(root) {
        let message = "expected a definitions element of BPMN 2.0 as the root, found another";
        reader.problem(root, ProblemCode::NotBpmn, message);
        return Vec::new();
    }
    for node in bpmn_children(root) {
        match node.tag_name().name() {
            "message" => _ = reader.id(node).map(|id| reader.messages.insert(id, node)),
            "error" => _ = reader.id(node).map(|id| reader.errors.insert(id, node)),
            _ => {}
        }
    }
    let executable = bpmn_children(root).filter(|it| is_executable_process(*it));
    let processes: Vec<_> = executable.filter_map(|it| process(&mut reader, it)).collect();
    if processes.is_empty() {
        let message = "expected a process with isExecutable=\"true\", found none";
        reader.problem(root, ProblemCode::NoExecutableProcess, message);
    }
    processes
}

fn process<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> Option<ExecutableProcess> {
    let id = reader.id(node)?;
    extensions::check(reader, node, &["versionTag"]);
    let mut draft = Draft::default();
    let root = draft.add(
        node,
        Element {
            id: id.into(),
            name: node.attribute("name").filter(|it| !it.is_empty()).map(Into::into),
            kind: ElementKind::Process(Scope::default()),
            scope: None,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            boundary: Vec::new(),
            attached_to: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            location: reader.location(node),
        },
    );
    let version_tag = version_tag(reader, node);
    scope::read(reader, &mut draft, node, root);
    draft.finish(reader, version_tag)
}

fn version_tag<'a>(reader: &mut Reader<'a, '_>, process: Node<'a>) -> Option<Arc<str>> {
    let tag = extensions::find(process, "versionTag")?;
    let text = reader.required(tag, "value")?;
    Some(reader.static_text(&text))
}

fn is_executable_process(node: Node<'_>) -> bool {
    node.tag_name().name() == "process"
        && matches!(node.attribute("isExecutable"), Some("true" | "1"))
}
