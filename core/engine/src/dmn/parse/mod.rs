//! From the bytes of DMN files to a graph of elements.
//!
//! Reading order: [`files`] finds the files that belong together, [`names`] registers what they define,
//! [`items`] reads types, [`requirements`] links elements and finds circles, [`logic`] and [`table`] read expressions.
//! A problem never stops the reader: it notes it, puts null in its place and goes on, so that an author sees all
//! problems at once.

mod files;
mod items;
mod logic;
mod names;
mod reader;
mod requirements;
mod split;
mod table;
mod words;

use alloc::string::String;
use alloc::vec::Vec;

use super::graph::Graph;
use super::problem::{Problem, ProblemCode, Report};
use super::xml::not_dmn;
use crate::xml::{self, Defect, Location, Positions, XmlLimits};
use files::Document;
use reader::Reader;

/// A file by its name, as its author knows it.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// The name.
    pub name: &'a str,
    /// What stands in it.
    pub bytes: &'a [u8],
}

/// Reads a model and what it imports; without a graph the resource is no DMN at all.
pub(super) fn read(
    resource: Resource<'_>,
    imports: &[Resource<'_>],
    limits: &XmlLimits,
) -> (Option<Graph>, Vec<Problem>) {
    let mut report = Report::default();
    let all = core::iter::once(&resource).chain(imports);
    let mut documents = Vec::new();
    for (place, resource) in all.enumerate() {
        match document(*resource, limits) {
            Ok(document) => documents.push(document),
            Err((location, code, message)) => {
                report.add(resource.name, location, None, code, message);
                if place == 0 {
                    return (None, report.into_problems());
                }
            }
        }
    }
    let files = files::reachable(&documents, &mut report);
    let mut reader = Reader::new(files, report);
    names::register(&mut reader);
    items::read(&mut reader);
    requirements::read(&mut reader);
    logic::read(&mut reader);
    let (graph, report) = reader.into_graph();
    (Some(graph), report.into_problems())
}

/// Returns the tree of a resource that is DMN.
fn document<'a>(
    resource: Resource<'a>,
    limits: &XmlLimits,
) -> Result<Document<'a>, (Location, ProblemCode, String)> {
    let defect = |it: Defect| (it.location, it.problem.into(), it.message);
    let text = xml::decode(resource.bytes, limits).map_err(defect)?;
    let tree = xml::tree(text, limits).map_err(defect)?;
    let positions = Positions::new(text);
    let root = tree.root_element();
    match not_dmn(root) {
        Some(message) => Err((positions.locate(root.range().start), ProblemCode::NotDmn, message)),
        None => Ok(Document { resource: resource.name, text, positions, tree }),
    }
}
