//! Shows in one line of an expression where it is wrong.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

use crate::feel::ParseError;

/// Says what was expected and what was found, and points at it.
pub(super) fn explain(source: &str, error: &ParseError) -> String {
    let (expected, found) = (&error.expected, &error.found);
    let (line, column) = line_at(source, usize::try_from(error.span.start).unwrap_or(usize::MAX));
    let skipped = column.saturating_sub(CONTEXT);
    let excerpt: String = line.chars().skip(skipped).take(2 * CONTEXT).collect();
    let indent = " ".repeat(column - skipped);
    format!("expected {expected}, found {found}\n  {excerpt}\n  {indent}^")
}

/// Returns the beginning of a text that may be long.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(CONTEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Returns the line that a byte stands in, and its column in characters, counted from 0.
fn line_at(source: &str, byte: usize) -> (&str, usize) {
    let at = byte.min(source.len());
    let before = source.get(..at).unwrap_or(source);
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let line = source.get(start..).and_then(|it| it.lines().next()).unwrap_or_default();
    (line, before.get(start..).unwrap_or_default().chars().count())
}

const CONTEXT: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feel::Span;

    fn error(start: u32) -> ParseError {
        let span = Span { start, end: start };
        ParseError { span, expected: "a value".into(), found: "x".into() }
    }

    #[test]
    fn points_into_the_line() {
        assert_eq!(explain("a + x", &error(4)), "expected a value, found x\n  a + x\n      ^");
        assert_eq!(explain("a +\n  é x", &error(9)), "expected a value, found x\n    é x\n      ^");
        assert_eq!(explain("", &error(99)), "expected a value, found x\n  \n  ^");
    }

    #[test]
    fn cuts_long_lines() {
        let source = "a".repeat(1000);
        let text = explain(&source, &error(500));
        assert_eq!(text.lines().map(|it| it.chars().count()).max(), Some(2 * CONTEXT + 2));
        assert_eq!(clip(&source).chars().count(), CONTEXT + 1);
    }
}
