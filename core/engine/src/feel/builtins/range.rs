//! Ranges from text.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use super::super::context::Context;
use super::super::evaluation::{Call, Evaluator, Frame, Outcome};
use super::super::syntax::ast::{Arguments, Callee, Kind, Node};
use super::super::syntax::parse_expression;
use super::super::value::Value;
use super::{Builtin, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[fixed("range", &[&["from"]], range)];

/// Reads a range as an expression would, without any variables.
fn range(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    let text: Arc<str> = half_open(&text).map_or(text.clone(), Arc::from);
    match parse_expression(&text, &[]) {
        Ok(parsed) if is_literal_range(&parsed.tree) => {
            let scope = Context::new();
            let before = call.evaluator.env.warnings.len();
            let value = call.evaluator.env.in_source(Some(&text), |env| {
                Evaluator { env }.evaluate(&parsed.tree, &Frame::root(&scope))
            });
            // the places of the text are none of the expression
            for warning in call.evaluator.env.warnings.iter_mut().skip(before) {
                warning.span = call.span;
            }
            value
        }
        _ => call.expected(0, "a range such as [1..3]"),
    }
}

/// Rewrites a range without one of its ends, such as `[2..)`, as a comparison.
fn half_open(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let (first, last) = (trimmed.chars().next()?, trimmed.chars().next_back()?);
    let (start, end) = trimmed.get(1..trimmed.len().checked_sub(1)?)?.split_once("..")?;
    match (start.trim(), end.trim()) {
        ("", end) if matches!(first, '(' | ']') => {
            Some(format!("(<{}{end})", if last == ']' { "=" } else { "" }))
        }
        (start, "") if matches!(last, ')' | '[') => {
            Some(format!("(>{}{start})", if first == '[' { "=" } else { "" }))
        }
        _ => None,
    }
}

/// Tells whether the ends are literals, or dates, times and durations from literals.
fn is_literal_range(node: &Node) -> bool {
    let is_constant = |node: &Node| matches!(node.kind, Kind::Constant(_));
    let is_end = |end: &Option<Node>| match end.as_ref().map(|end| &end.kind) {
        None | Some(Kind::Constant(_)) => true,
        Some(Kind::Negate(operand)) => is_constant(operand),
        Some(Kind::Call(it)) => match &**it {
            (Callee::Builtin(builtin), Arguments::Positional(nodes)) => {
                MAKERS.contains(&builtin.name) && nodes.iter().all(is_constant)
            }
            (Callee::Node(_), _) | (_, Arguments::Named(_)) => false,
        },
        Some(_) => false,
    };
    match &node.kind {
        Kind::Range(range) => is_end(&range.start) && is_end(&range.end),
        _ => false,
    }
}

const MAKERS: &[&str] = &["date", "time", "date and time", "duration"];
