//! Item definitions.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::Parameter;
use super::super::problem::ProblemCode;
use super::super::types::{Shape, Type, TypeDefinition};
use super::super::xml::{self, Node};
use super::reader::Reader;
use super::split::top_level_pieces;

/// Reads the types of all files, then the types of the elements' variables.
pub(super) fn read(reader: &mut Reader<'_>) {
    let defined = names(reader);
    for (file, place, node) in &defined {
        reader.file = *file;
        let definition = definition(reader, *node);
        if let Some(slot) = reader.types.get_mut(*place as usize) {
            *slot = definition;
        }
    }
    for (file, place, node) in &defined {
        reader.file = *file;
        refuse_circle(reader, *place, *node);
    }
    for place in 0..reader.drafts.len() {
        let Some((file, node)) = reader.drafts.get(place).map(|it| (it.file, it.node)) else {
            continue;
        };
        reader.file = file;
        let variable = xml::child(node, "variable");
        let type_of = variable.and_then(|variable| reader.type_reference(variable));
        if let Some(draft) = reader.drafts.get_mut(place) {
            draft.type_of = type_of;
        }
    }
}

/// Gives every top-level type its place.
fn names<'a>(reader: &mut Reader<'a>) -> Vec<(u32, u32, Node<'a>)> {
    let roots: Vec<_> = reader.files.iter().map(|it| it.root).collect();
    let mut defined = Vec::new();
    for (file, root) in (0u32..).zip(roots) {
        reader.file = file;
        for node in xml::named(root, "itemDefinition") {
            let Some(name) = xml::attribute(node, "name") else {
                reader.problem(node, ProblemCode::NameMissing, "expected a name, found none");
                continue;
            };
            let place = reader.types.len() as u32;
            if reader.type_names.contains_key(&(file, name)) {
                let message = format!("expected a unique name, found '{name}' before");
                reader.problem(node, ProblemCode::NameNotUnique, message);
                continue;
            }
            reader.type_names.insert((file, name), place);
            reader.types.push(blank(name));
            defined.push((file, place, node));
        }
    }
    defined
}

fn definition<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> TypeDefinition {
    let shape = shape(reader, node);
    let (allowed, priorities) = match texts(node, "allowedValues") {
        Some(text) => {
            let pieces = top_level_pieces(&xml::content(text));
            let tests = reader.tests(text).ok();
            let piece = |it: &&str| reader.piece(it);
            let priorities = pieces.iter().filter_map(|it| piece(&&**it)).collect();
            (tests, priorities)
        }
        None => (None, Vec::new()),
    };
    let constraint = texts(node, "typeConstraint").and_then(|text| reader.tests(text).ok());
    TypeDefinition {
        name: xml::attribute(node, "name").unwrap_or_default().into(),
        shape,
        is_list: matches!(node.attribute("isCollection"), Some("true" | "1")),
        allowed,
        constraint,
        priorities,
    }
}

fn shape<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Shape {
    let components: Vec<_> = xml::named(node, "itemComponent").collect();
    if !components.is_empty() {
        let places = components.into_iter().map(|component| {
            let definition = definition(reader, component);
            reader.types.push(definition);
            reader.types.len() as u32 - 1
        });
        return Shape::Components(places.collect());
    }
    if let Some(function) = xml::child(node, "functionItem") {
        let parameters = xml::named(function, "parameters").map(|it| {
            let type_of = reader.type_reference(it);
            Parameter { name: xml::attribute(it, "name").unwrap_or_default().into(), type_of }
        });
        let parameters = parameters.collect();
        let result = xml::attribute(function, "outputTypeRef");
        return Shape::Function(parameters, result.and_then(|it| reader.type_of(function, it)));
    }
    let Some(reference) = xml::child(node, "typeRef") else { return Shape::Alias(Type::Any) };
    let name = xml::content(reference);
    Shape::Alias(reader.type_of(reference, name.trim()).unwrap_or(Type::Any))
}

fn texts<'a>(node: Node<'a>, tag: &'static str) -> Option<Node<'a>> {
    let text = xml::child(node, tag).and_then(|it| xml::child(it, "text"))?;
    (!xml::content(text).trim().is_empty()).then_some(text)
}

/// Refuses a type that is only another name for itself.
fn refuse_circle<'a>(reader: &mut Reader<'a>, start: u32, node: Node<'a>) {
    let mut path: Vec<Arc<str>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut at = start;
    while let Some(definition) = reader.types.get(at as usize) {
        path.push(definition.name.clone());
        if !seen.insert(at) {
            break;
        }
        let Shape::Alias(Type::Defined(next)) = definition.shape else { return };
        at = next;
    }
    // a circle is told once, at the first of its types
    if at == start && seen.first() == Some(&start) {
        let message =
            format!("expected a type that ends somewhere, found a circle: {}", path.join(" → "));
        reader.problem(node, ProblemCode::Cycle, message);
    }
}

fn blank(name: &str) -> TypeDefinition {
    TypeDefinition {
        name: name.into(),
        shape: Shape::Alias(Type::Any),
        is_list: false,
        allowed: None,
        constraint: None,
        priorities: Vec::new(),
    }
}
