//! Zeebe extensions: which may stand where, and which are refused.
//!
//! Unknown extensions are ignored, as every vendor may add some; those that would change what is
//! executed are refused, as ignoring them would be a silent lie.

use alloc::collections::BTreeSet;
use alloc::format;

use super::names;
use super::reader::{Node, Reader, bpmn_children, is_zeebe};
use crate::bpmn::problem::ProblemCode;

/// Finds an extension of an element.
pub(super) fn find<'a>(node: Node<'a>, tag: &str) -> Option<Node<'a>> {
    all(node).find(|it| it.tag_name().name() == tag)
}

/// Notes the extensions of an element that are refused, misplaced or there twice.
pub(super) fn check<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>, allowed: &[&str]) {
    let mut seen = BTreeSet::new();
    for extension in all(node) {
        let tag = extension.tag_name().name();
        let owner = node.tag_name().name();
        if allowed.contains(&tag) {
            if !seen.insert(tag) {
                let message = format!("expected one zeebe:{tag}, found another");
                reader.problem(extension, ProblemCode::ExtensionNotUnique, message);
            }
        } else if names::is_refused_extension(tag) {
            let message = format!("zeebe:{tag} is not supported yet");
            reader.problem(extension, ProblemCode::ExtensionNotSupported, message);
        } else if names::is_read_extension(tag) {
            let message = format!("expected no zeebe:{tag} on {owner}, where it has no effect");
            reader.problem(extension, ProblemCode::ExtensionMisplaced, message);
        }
    }
    for stray in node.children().filter(|it| is_zeebe(*it)) {
        let tag = stray.tag_name().name();
        let message = format!("expected zeebe:{tag} inside of extensionElements");
        reader.problem(stray, ProblemCode::ExtensionMisplaced, message);
    }
}

fn all<'a>(node: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    bpmn_children(node)
        .filter(|it| it.tag_name().name() == "extensionElements")
        .flat_map(|it| it.children())
        .filter(|it| is_zeebe(*it))
}
