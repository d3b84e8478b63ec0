//! FEEL, the expression language of DMN (DMN 1.5 chapter 10). Skeleton: the evaluator is on its way.

use alloc::string::String;
use alloc::sync::Arc;

/// A parsed expression, ready to be evaluated any number of times.
#[derive(Clone, Debug)]
pub struct Expression {
    source: Arc<str>,
}

/// A place in an expression, in bytes of its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found} at byte {}", span.start)]
pub struct ParseError {
    /// Where.
    pub span: Span,
    /// What would have been right there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Expression {
    /// Parses an expression (without a leading `=`).
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Ok(Self { source: source.into() })
    }

    /// Returns the text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }
}
