//! Ranges from text.

use super::super::context::Context;
use super::super::evaluation::{Call, Frame, Outcome};
use super::super::syntax::ast::Kind;
use super::super::syntax::parse_expression;
use super::super::value::Value;
use super::{Builtin, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[fixed("range", &[&["from"]], range)];

/// Reads a range as an expression would, without any variables.
fn range(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    match parse_expression(&text, &[]) {
        Ok(parsed) if matches!(parsed.tree.kind, Kind::Range(_)) => {
            let scope = Context::new();
            call.evaluator.evaluate(&parsed.tree, &Frame::root(&scope))
        }
        _ => call.expected(0, "a range such as [1..3]"),
    }
}
