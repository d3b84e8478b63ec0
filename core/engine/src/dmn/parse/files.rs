//! The files that belong to a model: its own and the ones that it imports.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::problem::{ProblemCode, Report};
use super::super::xml::{self, Node};
use crate::xml::Positions;

/// A resource that is DMN.
pub(super) struct Document<'a> {
    pub(super) resource: &'a str,
    pub(super) text: &'a str,
    pub(super) positions: Positions<'a>,
    pub(super) tree: roxmltree::Document<'a>,
}

/// One file of a model.
pub(super) struct File<'a> {
    pub(super) resource: &'a str,
    pub(super) text: &'a str,
    pub(super) positions: &'a Positions<'a>,
    pub(super) root: Node<'a>,
    pub(super) namespace: &'a str,
    pub(super) imports: Vec<Import>,
}

/// Another file, under the name that this one gives it; the name may be empty.
pub(super) struct Import {
    pub(super) name: Arc<str>,
    pub(super) file: u32,
}

/// Returns the first file and all that it imports, directly or not.
pub(super) fn reachable<'a>(documents: &'a [Document<'a>], report: &mut Report) -> Vec<File<'a>> {
    let mut namespaces: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, document) in documents.iter().enumerate() {
        namespaces.entry(namespace(document.tree.root_element())).or_default().push(place);
    }
    // where each document stands among the files
    let mut places: BTreeMap<usize, u32> = BTreeMap::new();
    places.insert(0, 0);
    let mut agenda = alloc::vec![0];
    let mut files = Vec::new();
    while let Some(document) = agenda.get(files.len()).and_then(|at: &usize| documents.get(*at)) {
        let Document { resource, text, positions, tree } = document;
        let root = tree.root_element();
        let namespace = namespace(root);
        let mut file = File { resource, text, positions, root, namespace, imports: Vec::new() };
        for node in xml::named(root, "import").filter(|it| is_model(*it)) {
            let wanted = xml::attribute(node, "namespace").unwrap_or_default();
            let found = namespaces.get(wanted).map(Vec::as_slice).unwrap_or_default();
            if found.len() != 1 {
                let location = positions.locate(node.range().start);
                let message = format!(
                    "expected one resource with the namespace '{wanted}' to import, found {}",
                    names(documents, found)
                );
                report.add(resource, location, None, ProblemCode::ImportUnknown, message);
            }
            let Some(document) = found.first().copied() else { continue };
            let next = agenda.len() as u32;
            let target = *places.entry(document).or_insert(next);
            if target == next {
                agenda.push(document);
            }
            let name = xml::attribute(node, "name").unwrap_or_default();
            file.imports.push(Import { name: name.into(), file: target });
        }
        files.push(file);
    }
    files
}

/// Returns the names of some documents.
fn names(documents: &[Document<'_>], places: &[usize]) -> String {
    let names: Vec<&str> =
        places.iter().filter_map(|place| documents.get(*place)).map(|it| it.resource).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

fn namespace(root: Node<'_>) -> &str {
    xml::attribute(root, "namespace").unwrap_or_default()
}

/// Tells whether an import names a decision model, as opposed to a schema or a mining model.
fn is_model(import: Node<'_>) -> bool {
    xml::attribute(import, "importType").is_none_or(|it| it.contains("/DMN/"))
}
