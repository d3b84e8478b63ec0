//! Parsed expressions and their evaluation.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::env::{Env, Scope};
use super::error::EvaluationError;
use super::evaluation::{Evaluator, Frame};
use super::json;
use super::syntax::ast::{Kind, Node, Test};
use super::syntax::{
    Parsed, parse_expression, parse_unary_tests, print_expression, print_unary_tests,
};
use super::value::Value;

/// A parsed expression, ready to be evaluated any number of times; cheap to clone.
#[derive(Clone, Debug)]
pub struct Expression {
    inner: Arc<Inner<Node>>,
}

/// Parsed unary tests, the cells of a decision table: `> 5`, `"a", "b"`, `not([1..3])`, `-`.
#[derive(Clone, Debug)]
pub struct UnaryTests {
    inner: Arc<Inner<Vec<Test>>>,
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

#[derive(Debug)]
struct Inner<T> {
    source: Arc<str>,
    parsed: Parsed<T>,
}

/// Evaluates an expression.
pub fn evaluate(
    expression: &Expression,
    scope: &dyn Scope,
    env: &mut Env,
) -> Result<Value, EvaluationError> {
    let mark = env.mark();
    match once(expression, scope, env) {
        Ok(value) => Ok(value),
        Err(error) => {
            let again = |env: &mut Env| once(expression, scope, env).map(drop);
            env.find_stop(mark, &expression.inner.source, &again);
            Err(error)
        }
    }
}

/// Inlined, for it is repeated where it fails: who has a value shall not pay for that.
#[inline(always)]
fn once(
    expression: &Expression,
    scope: &dyn Scope,
    env: &mut Env,
) -> Result<Value, EvaluationError> {
    let Inner { source, parsed } = &*expression.inner;
    env.in_source(Some(source), |env| Evaluator { env }.evaluate(&parsed.tree, &Frame::root(scope)))
}

/// Evaluates unary tests on an input: true, false, or null when that cannot be said.
pub fn evaluate_unary_tests(
    tests: &UnaryTests,
    input: &Value,
    scope: &dyn Scope,
    env: &mut Env,
) -> Result<Value, EvaluationError> {
    answer(tests, input, scope, env).map(Value::from)
}

/// Tells whether unary tests hold of an input; `None` when that cannot be said.
pub(crate) fn answer(
    tests: &UnaryTests,
    input: &Value,
    scope: &dyn Scope,
    env: &mut Env,
) -> Result<Option<bool>, EvaluationError> {
    let mark = env.mark();
    match answer_once(tests, input, scope, env) {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let again = |env: &mut Env| answer_once(tests, input, scope, env).map(drop);
            env.find_stop(mark, &tests.inner.source, &again);
            Err(error)
        }
    }
}

/// Inlined as [`once`] is.
#[inline(always)]
fn answer_once(
    tests: &UnaryTests,
    input: &Value,
    scope: &dyn Scope,
    env: &mut Env,
) -> Result<Option<bool>, EvaluationError> {
    let Inner { source, parsed } = &*tests.inner;
    let span = Span { start: 0, end: source.len() as u32 };
    env.in_source(Some(source), |env| {
        Evaluator { env }.any_test(&parsed.tree, input, span, &Frame::root(scope))
    })
}

impl Expression {
    /// Parses an expression (without a leading `=`).
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Self::parse_with_names(source, &[])
    }

    /// Parses an expression that may use these names, which need not be plain words: `Applicant Age`, `tax-free`.
    pub fn parse_with_names(source: &str, names: &[&str]) -> Result<Self, ParseError> {
        let parsed = parse_expression(source, names)?;
        Ok(Self { inner: Arc::new(Inner { source: source.into(), parsed }) })
    }

    /// Returns the text it was parsed from.
    pub fn source(&self) -> &str {
        &self.inner.source
    }

    /// Returns it written in one way, whatever its source looks like: parsed again, it is the same expression.
    pub fn formatted(&self) -> String {
        print_expression(&self.inner.parsed.tree, &self.inner.source)
    }

    /// Tells whether it is a single constant, the same in every scope.
    pub fn is_literal(&self) -> bool {
        matches!(self.inner.parsed.tree.kind, Kind::Constant(_))
    }

    /// Returns the names it takes from the scope, each once, in order of appearance. Names used inside a filter
    /// are among them, though an entry of the filtered items may turn out to be meant.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.inner.parsed.variables
    }

    /// Tells the values of its first variables, the way messages about it end: `; amount = 3; status is not set`.
    pub fn values_in(&self, scope: &dyn Scope) -> String {
        let mut text = String::new();
        for name in self.variables().iter().take(VARIABLES_SHOWN_MAX) {
            match scope.variable(name) {
                Some(value) => text.push_str(&format!("; {name} = {}", json::brief(&value))),
                None => text.push_str(&format!("; {name} is not set")),
            }
        }
        text
    }
}

impl UnaryTests {
    /// Parses unary tests.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Self::parse_with_names(source, &[])
    }

    /// Parses unary tests that may use these names, which need not be plain words.
    pub fn parse_with_names(source: &str, names: &[&str]) -> Result<Self, ParseError> {
        let parsed = parse_unary_tests(source, names)?;
        Ok(Self { inner: Arc::new(Inner { source: source.into(), parsed }) })
    }

    /// Returns the text they were parsed from.
    pub fn source(&self) -> &str {
        &self.inner.source
    }

    /// Returns them written in one way, whatever their source looks like.
    pub fn formatted(&self) -> String {
        print_unary_tests(&self.inner.parsed.tree, &self.inner.source)
    }

    /// Returns the names they take from the scope, each once, in order of appearance.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.inner.parsed.variables
    }
}

impl Span {
    /// Returns the line and the column of its first character in its source, both counted from 1, the column in characters.
    pub fn line_and_column(self, source: &str) -> (u32, u32) {
        let before = split_before(source, self.start).0;
        let line = before.matches('\n').count() as u32;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
        (line.saturating_add(1), column.saturating_add(1))
    }
}

impl ParseError {
    /// Returns two lines: the line of the source where it went wrong, and a caret below the place.
    pub fn caret(&self, source: &str) -> String {
        let (before, after) = split_before(source, self.span.start);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        format!("{before}{after}\n{:width$}^", "", width = before.chars().count())
    }
}

/// How many variables a message shows.
const VARIABLES_SHOWN_MAX: usize = 8;

/// Splits a text before a byte, or before the character that the byte is in.
fn split_before(source: &str, place: u32) -> (&str, &str) {
    let mut place = (place as usize).min(source.len());
    while !source.is_char_boundary(place) {
        place -= 1;
    }
    source.split_at_checked(place).unwrap_or((source, ""))
}
