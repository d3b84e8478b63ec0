//! What must hold of a text before an XML parser may see it.
//!
//! The parser compares every attribute of an element with every other and copies the namespaces of
//! a parent, so that their number is limited here, in one pass over the bytes. What is not
//! well-formed passes: the parser says it better.

use alloc::format;
use alloc::string::String;

use super::{XmlLimits, XmlProblem};

/// What is wrong with a text, and at which byte.
pub(super) struct Defect {
    pub(super) byte: usize,
    pub(super) problem: XmlProblem,
    pub(super) message: String,
}

/// Refuses document types and whatever exceeds a limit.
pub(super) fn check(text: &str, limits: &XmlLimits) -> Result<(), Defect> {
    let mut counts = Counts::default();
    let mut at = 0;
    while let Some(start) = find(text, at, "<") {
        let rest = text.get(start..).unwrap_or_default();
        at = if rest.starts_with("<!--") {
            end_of(text, start + 4, "-->")
        } else if rest.starts_with("<![CDATA[") {
            end_of(text, start, "]]>")
        } else if rest.starts_with("<?") {
            end_of(text, start, "?>")
        } else if rest.starts_with("<!") {
            return Err(doctype(start));
        } else if rest.starts_with("</") {
            counts.depth = counts.depth.saturating_sub(1);
            end_of(text, start, ">")
        } else {
            let tag = Tag::scan(rest);
            counts.enter(&tag, limits).map_err(|it| it.at(start))?;
            start + tag.bytes
        };
    }
    Ok(())
}

#[derive(Default)]
struct Counts {
    nodes: u32,
    depth: u32,
    namespaces: u32,
}

impl Counts {
    fn enter(&mut self, tag: &Tag, limits: &XmlLimits) -> Result<(), Excess> {
        self.nodes = self.nodes.saturating_add(1);
        self.namespaces = self.namespaces.saturating_add(tag.namespaces);
        let depth = self.depth.saturating_add(1);
        if !tag.is_empty {
            self.depth = depth;
        }
        at_most(limits.nodes, self.nodes, XmlProblem::TooManyNodes, "elements")?;
        at_most(limits.depth, depth, XmlProblem::TooDeep, "levels of nesting")?;
        at_most(limits.attributes, tag.attributes, XmlProblem::TooManyAttributes, "attributes")?;
        at_most(
            limits.namespaces,
            self.namespaces,
            XmlProblem::TooManyNamespaces,
            "namespace declarations",
        )
    }
}

/// What is counted of a start tag.
struct Tag {
    bytes: usize,
    attributes: u32,
    namespaces: u32,
    is_empty: bool,
}

impl Tag {
    /// Reads a start tag up to its `>`, minding quotes; every quoted text counts as an attribute.
    fn scan(text: &str) -> Self {
        let mut tag = Self { bytes: text.len(), attributes: 0, namespaces: 0, is_empty: false };
        let mut quote = None;
        for (at, byte) in text.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => continue,
                (None, b'"' | b'\'') => {
                    (quote, tag.is_empty) = (Some(byte), false);
                    tag.attributes = tag.attributes.saturating_add(1);
                }
                (None, b'>') => {
                    tag.bytes = at + 1;
                    break;
                }
                (None, _) => tag.is_empty = byte == b'/',
            }
            let ends_word = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'');
            if quote.is_none() && ends_word && text.get(at + 1..).is_some_and(is_namespace) {
                tag.namespaces = tag.namespaces.saturating_add(1);
            }
        }
        tag
    }
}

struct Excess {
    problem: XmlProblem,
    message: String,
}

impl Excess {
    fn at(self, byte: usize) -> Defect {
        Defect { byte, problem: self.problem, message: self.message }
    }
}

fn at_most(max: u32, found: u32, problem: XmlProblem, what: &str) -> Result<(), Excess> {
    if found <= max {
        return Ok(());
    }
    Err(Excess { problem, message: format!("expected at most {max} {what}, found {found}") })
}

fn is_namespace(attribute: &str) -> bool {
    attribute.starts_with("xmlns")
}

fn doctype(byte: usize) -> Defect {
    let message = "expected no document type declaration, found '<!'".into();
    Defect { byte, problem: XmlProblem::DoctypeNotAllowed, message }
}

fn find(text: &str, from: usize, pattern: &str) -> Option<usize> {
    Some(from + text.get(from..)?.find(pattern)?)
}

/// Returns the byte after the next `pattern`, or after the text.
fn end_of(text: &str, from: usize, pattern: &str) -> usize {
    find(text, from, pattern).map_or(text.len(), |at| at + pattern.len())
}
