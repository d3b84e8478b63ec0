//! From bytes to a tree: UTF-8 only, no document type, within limits.

use alloc::format;
use alloc::string::{String, ToString};

use roxmltree::{Document, Error, ParsingOptions};

use super::{Location, Positions, XmlLimits, XmlProblem, guard};

/// Why bytes are no XML that may be read.
pub(crate) struct Defect {
    pub(crate) location: Location,
    pub(crate) problem: XmlProblem,
    pub(crate) message: String,
}

/// Reads bytes as UTF-8, the only encoding there is here.
pub(crate) fn decode<'a>(bytes: &'a [u8], limits: &XmlLimits) -> Result<&'a str, Defect> {
    if u32::try_from(bytes.len()).map_or(true, |it| it > limits.bytes) {
        let (max, found) = (limits.bytes, bytes.len());
        let message = format!("expected at most {max} bytes, found {found}");
        return Err(Defect { location: Location::START, problem: XmlProblem::TooLarge, message });
    }
    let text = core::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    match declared_encoding(text) {
        Some(encoding) if !is_utf8(encoding) => {
            let message = format!("expected encoding UTF-8, found '{encoding}'");
            Err(Defect { location: Location::START, problem: XmlProblem::NotUtf8, message })
        }
        Some(_) | None => Ok(text),
    }
}

/// Parses a text into a tree.
pub(crate) fn tree<'a>(text: &'a str, limits: &XmlLimits) -> Result<Document<'a>, Defect> {
    let limits = XmlLimits { depth: limits.depth.min(XmlLimits::DEPTH_MAX), ..*limits };
    guard::check(text, &limits).map_err(|it| {
        let location = Positions::new(text).locate(it.byte);
        Defect { location, problem: it.problem, message: it.message }
    })?;
    // An element has at most itself, a text before it and a text after it; comments come on top.
    let nodes_limit = limits.nodes.saturating_mul(4);
    let options = ParsingOptions { allow_dtd: false, nodes_limit, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(malformed)
}

fn malformed(error: Error) -> Defect {
    let position = error.pos();
    let location = Location { line: position.row, column: position.col };
    let (problem, message) = match &error {
        Error::DtdDetected => {
            (XmlProblem::DoctypeNotAllowed, "expected no document type declaration".into())
        }
        Error::NodesLimitReached => {
            (XmlProblem::TooManyNodes, "expected fewer elements, texts and comments".into())
        }
        Error::UnknownNamespace(prefix, _) => (
            XmlProblem::MalformedXml,
            format!("expected a namespace declaration for the prefix '{prefix}', found none"),
        ),
        error => {
            let text = error.to_string();
            // The parser names the place again at the end of its text.
            let end = text.rfind(" at ").unwrap_or(text.len());
            let message =
                format!("expected well-formed XML, found: {}", text.get(..end).unwrap_or(&text));
            (XmlProblem::MalformedXml, message)
        }
    };
    Defect { location, problem, message }
}

fn not_utf8(bytes: &[u8], valid: usize) -> Defect {
    let before = bytes.get(..valid).and_then(|it| core::str::from_utf8(it).ok());
    let location = Positions::new(before.unwrap_or_default()).locate(valid);
    let found = bytes.get(valid).copied().unwrap_or_default();
    let message = format!("expected UTF-8, found byte 0x{found:02x}");
    Defect { location, problem: XmlProblem::NotUtf8, message }
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
