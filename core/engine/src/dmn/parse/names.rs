//! What the files define: elements by id, types by name, and the names that are no plain words.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use super::super::problem::ProblemCode;
use super::super::xml::{self, Node};
use super::reader::{Draft, Reader};
use crate::feel::Expression;

/// Registers the elements of all files.
pub(super) fn register(reader: &mut Reader<'_>) {
    let roots: Vec<_> = reader.files.iter().map(|it| it.root).collect();
    for (file, root) in (0u32..).zip(roots) {
        reader.file = file;
        let mut names = BTreeSet::new();
        for node in xml::children(root).filter(|it| is_element(*it)) {
            register_one(reader, node, &mut names);
        }
        let properties = root.descendants().filter_map(property).filter(|it| !is_word(it));
        let mut known: BTreeSet<&str> = BTreeSet::new();
        known.extend(properties.filter(|it| is_name(it)));
        known.into_iter().for_each(|name| reader.properties.push(name.into()));
    }
}

fn register_one<'a>(reader: &mut Reader<'a>, node: Node<'a>, names: &mut BTreeSet<&'a str>) {
    let label = xml::attribute(node, "name");
    let id = xml::attribute(node, "id").or(label);
    let variable = xml::child(node, "variable").and_then(|it| xml::attribute(it, "name"));
    let (Some(id), Some(name)) = (id, variable.or(label).or(id)) else {
        let message = format!("expected a name on {}, found none", node.tag_name().name());
        return reader.problem(node, ProblemCode::NameMissing, message);
    };
    if !is_name(name) {
        let message = format!("expected a name that FEEL can read, found '{name}'");
        reader.problem(node, ProblemCode::NameInvalid, message);
    }
    if reader.ids.contains_key(&(reader.file, id)) {
        let message = format!("expected a unique id, found '{id}' before");
        return reader.problem(node, ProblemCode::IdNotUnique, message);
    }
    if !names.insert(name) {
        let message = format!("expected a unique name, found '{name}' before");
        reader.problem(node, ProblemCode::NameNotUnique, message);
    }
    reader.ids.insert((reader.file, id), reader.drafts.len() as u32);
    reader.drafts.push(Draft {
        node,
        file: reader.file,
        id: id.into(),
        name: name.into(),
        label: label.unwrap_or(name).into(),
        type_of: None,
        requires: Vec::new(),
    });
}

/// Returns the name that a node gives to a part of a value.
fn property(node: Node<'_>) -> Option<&str> {
    let tag = node.tag_name().name();
    let is_part =
        matches!(tag, "itemComponent" | "itemDefinition" | "column" | "output" | "import");
    let is_variable = tag == "variable" && node.parent_element().is_some_and(is_named_part);
    (is_part || is_variable || is_element(node)).then(|| xml::attribute(node, "name")).flatten()
}

fn is_named_part(node: Node<'_>) -> bool {
    node.tag_name().name() == "contextEntry" || is_element(node)
}

fn is_element(node: Node<'_>) -> bool {
    let tag = node.tag_name().name();
    matches!(tag, "inputData" | "decision" | "businessKnowledgeModel" | "decisionService")
}

fn is_word(name: &str) -> bool {
    name.chars().all(|it| it.is_alphanumeric() || it == '_')
}

fn is_name(name: &str) -> bool {
    Expression::parse_with_names("0", &[name]).is_ok()
}
