//! Who requires whom, and that nobody requires himself.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{ElementIndex, Requirement};
use super::super::problem::ProblemCode;
use super::super::xml::{self, Node};
use super::reader::{Draft, Reader};

/// Links the elements and refuses circles.
pub(super) fn read(reader: &mut Reader<'_>) {
    for place in 0..reader.drafts.len() {
        let Some((file, node)) = reader.drafts.get(place).map(|it| (it.file, it.node)) else {
            continue;
        };
        reader.file = file;
        let mut requires: Vec<Requirement> = Vec::new();
        let mut seen = BTreeSet::new();
        for (reference, tags) in references(node) {
            let Some(target) = target(reader, reference, tags) else { continue };
            if seen.insert(target) {
                let import = import_name(reader, target);
                requires.push(Requirement { target, import });
            }
        }
        if let Some(draft) = reader.drafts.get_mut(place) {
            draft.requires = requires;
        }
    }
    refuse_circles(reader);
}

/// Returns the element that a node refers to by `href`, or notes that there is none of that kind.
pub(super) fn target<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    tags: &[&str],
) -> Option<ElementIndex> {
    let reference = xml::attribute(node, "href").unwrap_or_default();
    let found = find(reader, reference).filter(|place| {
        let draft = reader.drafts.get(*place as usize);
        draft.is_some_and(|it| tags.contains(&it.node.tag_name().name()))
    });
    if found.is_none() {
        let message = format!("expected a reference to {}, found '{reference}'", tags.join(" or "));
        reader.problem(node, ProblemCode::ReferenceUnknown, message);
    }
    found
}

fn find(reader: &Reader<'_>, reference: &str) -> Option<ElementIndex> {
    let (namespace, id) = reference.rsplit_once('#')?;
    let file = match namespace {
        "" => reader.file,
        other => {
            let own = reader.files.get(reader.file as usize)?;
            let is_wanted =
                |file: u32| reader.files.get(file as usize).is_some_and(|it| it.namespace == other);
            match own.namespace == other {
                true => reader.file,
                false => own.imports.iter().map(|it| it.file).find(|it| is_wanted(*it))?,
            }
        }
    };
    reader.ids.get(&(file, id)).copied()
}

/// Returns the name under which the file that is being read imports an element of another one.
fn import_name(reader: &Reader<'_>, target: ElementIndex) -> Option<Arc<str>> {
    let file = reader.drafts.get(target as usize)?.file;
    let own = reader.files.get(reader.file as usize)?;
    let import = own.imports.iter().find(|it| it.file == file && file != reader.file)?;
    (!import.name.is_empty()).then(|| import.name.clone())
}

/// Returns the nodes with a reference, and what each may refer to.
fn references(node: Node<'_>) -> Vec<(Node<'_>, &'static [&'static str])> {
    let mut found: Vec<(Node<'_>, &'static [&'static str])> = Vec::new();
    for child in xml::children(node) {
        match child.tag_name().name() {
            "informationRequirement" | "knowledgeRequirement" => {
                found.extend(xml::children(child).filter_map(|it| {
                    let tags: &[&str] = match it.tag_name().name() {
                        "requiredInput" => &["inputData"],
                        "requiredDecision" => &["decision"],
                        "requiredKnowledge" => &["businessKnowledgeModel", "decisionService"],
                        _ => return None,
                    };
                    Some((it, tags))
                }));
            }
            // a service needs its results, however they come about
            "outputDecision" | "encapsulatedDecision" => found.push((child, &["decision"])),
            _ => {}
        }
    }
    found
}

/// Looks for a circle through every element; each circle is told once, at the element where it was entered.
fn refuse_circles(reader: &mut Reader<'_>) {
    let mut done: BTreeSet<ElementIndex> = BTreeSet::new();
    for start in 0..reader.drafts.len() as u32 {
        // the elements on the way and the next requirement of each
        let mut path: Vec<(ElementIndex, usize)> = Vec::new();
        let mut on_path: BTreeSet<ElementIndex> = BTreeSet::new();
        if !done.contains(&start) {
            path.push((start, 0));
            on_path.insert(start);
        }
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let draft = reader.drafts.get(at as usize);
            let requirement = draft.and_then(|it| it.requires.get(*next)).map(|it| it.target);
            *next += 1;
            match requirement {
                None => {
                    done.insert(at);
                    on_path.remove(&at);
                    path.pop();
                }
                Some(target) if on_path.contains(&target) => {
                    let first = path.iter().position(|(it, _)| *it == target).unwrap_or(0);
                    tell(reader, path.get(first..).unwrap_or_default());
                }
                Some(target) if done.contains(&target) => {}
                Some(target) => {
                    path.push((target, 0));
                    on_path.insert(target);
                }
            }
        }
    }
}

fn tell(reader: &mut Reader<'_>, circle: &[(ElementIndex, usize)]) {
    let draft = |place: ElementIndex| reader.drafts.get(place as usize);
    let Some(first) = circle.first().and_then(|(place, _)| draft(*place)) else { return };
    if reader.is_full() {
        return;
    }
    let drafts = circle.iter().filter_map(|(place, _)| draft(*place));
    let is_local = drafts.clone().all(|it| it.file == first.file);
    let name = |it: &Draft<'_>| match reader.files.get(it.file as usize) {
        Some(file) if !is_local => format!("{} of {}", it.label, file.resource),
        _ => it.label.to_string(),
    };
    let cut = (circle.len() > CIRCLE_SHOWN_MAX).then(|| "…".into());
    let path: Vec<String> =
        drafts.map(name).take(CIRCLE_SHOWN_MAX).chain(cut).chain([name(first)]).collect();
    let message = format!("expected requirements without a circle, found {}", path.join(" → "));
    let (file, node) = (first.file, first.node);
    reader.file = file;
    reader.problem(node, ProblemCode::Cycle, message);
}

/// How many elements of a circle are told.
const CIRCLE_SHOWN_MAX: usize = 20;
