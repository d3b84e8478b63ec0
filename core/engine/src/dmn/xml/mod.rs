//! From bytes to a tree of DMN: UTF-8 only, no document type, within limits.

mod guard;

use alloc::format;
use alloc::string::{String, ToString};

use roxmltree::{Document, Error, ParsingOptions};

use super::problem::{Place, ProblemCode};

/// A node of the tree.
pub(super) type Node<'a> = roxmltree::Node<'a, 'a>;

/// How large an XML file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlLimits {
    /// Bytes of the file.
    pub bytes: u32,
    /// Elements of the file.
    pub nodes: u32,
    /// Levels of nesting; at most [`XmlLimits::DEPTH_MAX`], whatever stands here.
    pub depth: u32,
    /// Attributes of one element.
    pub attributes: u32,
    /// Namespace declarations of the file.
    pub namespaces: u32,
}

impl XmlLimits {
    /// The deepest nesting that is read at all.
    pub const DEPTH_MAX: u32 = 64;

    /// Every file, however large.
    pub(super) const NONE: Self = Self {
        bytes: u32::MAX,
        nodes: u32::MAX,
        depth: Self::DEPTH_MAX,
        attributes: u32::MAX,
        namespaces: u32::MAX,
    };
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            bytes: 4 * 1024 * 1024,
            nodes: 200_000,
            depth: Self::DEPTH_MAX,
            attributes: 128,
            namespaces: 10_000,
        }
    }
}

/// Why bytes are no XML that may be read.
pub(super) struct Defect {
    pub(super) place: Place,
    pub(super) code: ProblemCode,
    pub(super) message: String,
}

/// Reads bytes as UTF-8, the only encoding there is here.
pub(super) fn decode<'a>(bytes: &'a [u8], limits: &XmlLimits) -> Result<&'a str, Defect> {
    if u32::try_from(bytes.len()).map_or(true, |it| it > limits.bytes) {
        let (max, found) = (limits.bytes, bytes.len());
        let message = format!("expected at most {max} bytes, found {found}");
        return Err(Defect { place: Place::START, code: ProblemCode::TooLarge, message });
    }
    let text = core::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    match declared_encoding(text) {
        Some(encoding) if !is_utf8(encoding) => {
            let message = format!("expected encoding UTF-8, found '{encoding}'");
            Err(Defect { place: Place::START, code: ProblemCode::NotUtf8, message })
        }
        Some(_) | None => Ok(text),
    }
}

/// Parses a text into a tree whose root is the `definitions` of DMN.
pub(super) fn tree<'a>(text: &'a str, limits: &XmlLimits) -> Result<Document<'a>, Defect> {
    let limits = XmlLimits { depth: limits.depth.min(XmlLimits::DEPTH_MAX), ..*limits };
    guard::check(text, &limits).map_err(|it| Defect {
        place: place(text, it.byte),
        code: it.code,
        message: it.message,
    })?;
    // An element has at most itself, a text before it and a text after it; comments come on top.
    let nodes_limit = limits.nodes.saturating_mul(4);
    let options = ParsingOptions { allow_dtd: false, nodes_limit, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(malformed)?;
    let root = document.root_element();
    if root.tag_name().name() == "definitions" && is_dmn(root.tag_name().namespace()) {
        return Ok(document);
    }
    let found = root.tag_name();
    let (name, namespace) = (found.name(), found.namespace().unwrap_or("no namespace"));
    let message =
        format!("expected definitions of DMN 1.1 to 1.5 as the root, found {name} of {namespace}");
    Err(Defect { place: place(text, root.range().start), code: ProblemCode::NotDmn, message })
}

/// Returns the children of a node that are elements of DMN.
pub(super) fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.children().filter(|it| it.is_element() && is_dmn(it.tag_name().namespace()))
}

/// Returns the children of that name.
pub(super) fn named<'a>(node: Node<'a>, tag: &'static str) -> impl Iterator<Item = Node<'a>> {
    children(node).filter(move |it| it.tag_name().name() == tag)
}

/// Returns the first child of that name.
pub(super) fn child<'a>(node: Node<'a>, tag: &'static str) -> Option<Node<'a>> {
    named(node, tag).next()
}

/// Returns an attribute that is there and not blank, without blanks around it.
pub(super) fn attribute<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    node.attribute(name).map(str::trim).filter(|it| !it.is_empty())
}

/// Returns the text between the tags of a node.
pub(super) fn content(node: Node<'_>) -> String {
    node.children().filter(roxmltree::Node::is_text).filter_map(|it| it.text()).collect()
}

/// Returns line and column of a byte.
pub(super) fn place(text: &str, byte: usize) -> Place {
    let mut place = Place::START;
    for (at, character) in text.char_indices() {
        if at >= byte {
            break;
        }
        if character == '\n' {
            place = Place { line: place.line.saturating_add(1), column: 1 };
        } else {
            place.column = place.column.saturating_add(1);
        }
    }
    place
}

fn malformed(error: Error) -> Defect {
    let position = error.pos();
    let place = Place { line: position.row, column: position.col };
    let (code, message) = match &error {
        Error::DtdDetected => {
            (ProblemCode::DoctypeNotAllowed, "expected no document type declaration".into())
        }
        Error::NodesLimitReached => {
            (ProblemCode::TooManyNodes, "expected fewer elements, texts and comments".into())
        }
        Error::UnknownNamespace(prefix, _) => (
            ProblemCode::MalformedXml,
            format!("expected a namespace declaration for the prefix '{prefix}', found none"),
        ),
        error => {
            let text = error.to_string();
            // The parser names the place again at the end of its text.
            let end = text.rfind(" at ").unwrap_or(text.len());
            let message =
                format!("expected well-formed XML, found: {}", text.get(..end).unwrap_or(&text));
            (ProblemCode::MalformedXml, message)
        }
    };
    Defect { place, code, message }
}

fn not_utf8(bytes: &[u8], valid: usize) -> Defect {
    let before = bytes.get(..valid).and_then(|it| core::str::from_utf8(it).ok());
    let found = bytes.get(valid).copied().unwrap_or_default();
    let message = format!("expected UTF-8, found byte 0x{found:02x}");
    let place = place(before.unwrap_or_default(), valid);
    Defect { place, code: ProblemCode::NotUtf8, message }
}

/// Returns the encoding that the XML declaration names.
fn declared_encoding(text: &str) -> Option<&str> {
    let declaration = text.trim_start_matches('\u{feff}').strip_prefix("<?xml")?;
    let declaration = declaration.get(..declaration.find("?>")?)?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    Some(value.strip_prefix(quote)?.split_once(quote)?.0)
}

fn is_utf8(encoding: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"].iter().any(|it| encoding.eq_ignore_ascii_case(it))
}

fn is_dmn(namespace: Option<&str>) -> bool {
    namespace.is_some_and(|it| NAMESPACES.contains(&it))
}

/// DMN 1.1 to 1.5.
const NAMESPACES: [&str; 5] = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
];
