//! Names of several tokens that entries have, as far as the text says which entries there are.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ast::{Kind, Node};
use super::parser::Parser;

impl Parser<'_> {
    /// Returns the names of several tokens that the entries of a node have.
    pub(super) fn entries(&self, node: &Node) -> Vec<Arc<str>> {
        let mut base = node;
        while let Kind::Path(inner, _) | Kind::Filter(inner, _) = &base.kind {
            base = inner;
        }
        match &base.kind {
            Kind::Variable(name) => self.bindings.entries_of(name),
            _ => inside(base),
        }
    }
}

/// Returns the names of several tokens of the contexts that are written out in a node.
pub(super) fn inside(node: &Node) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut agenda = alloc::vec![node];
    while let Some(node) = agenda.pop() {
        match &node.kind {
            Kind::Context(entries) => {
                let long = entries.iter().map(|(name, _)| name).filter(|name| is_long(name));
                long.for_each(|name| names.push(name.clone()));
                agenda.extend(entries.iter().map(|(_, node)| node));
            }
            Kind::List(items) => agenda.extend(items),
            _ => {}
        }
    }
    names
}

fn is_long(name: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    name.starts_with(is_word) && !name.chars().all(is_word)
}
