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

pub use super::xml::XmlLimits;

use alloc::vec::Vec;

use super::graph::Graph;
use super::problem::{Problem, Report};
use super::xml;
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
        let document = xml::decode(resource.bytes, limits)
            .and_then(|text| xml::tree(text, limits).map(|tree| (text, tree)));
        match document {
            Ok((text, tree)) => documents.push((resource.name, text, tree)),
            Err(defect) => {
                report.add(resource.name, defect.place, None, defect.code, defect.message);
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
