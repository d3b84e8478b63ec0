//! Functions on booleans and on null.

use super::super::error::EvaluationErrorKind;
use super::super::evaluation::{Call, Outcome, not as negated};
use super::super::value::Value;
use super::{Builtin, extension, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("not", &[&["negand"]], not),
    extension("is defined", &[&["value"]], is_defined),
    extension("get or else", &[&["value", "default"]], get_or_else),
    extension("assert", &[&["value", "condition"], &["value", "condition", "cause"]], assert),
];

fn not(call: &mut Call<'_, '_>) -> Outcome {
    match call.single(0) {
        value @ (Value::Bool(_) | Value::Null) => Ok(negated(&value)),
        _ => call.expected(0, "a boolean"),
    }
}

fn is_defined(call: &mut Call<'_, '_>) -> Outcome {
    Ok(call.has(0).into())
}

fn get_or_else(call: &mut Call<'_, '_>) -> Outcome {
    Ok(call.value(if call.has(0) { 0 } else { 1 }))
}

fn assert(call: &mut Call<'_, '_>) -> Outcome {
    if call.value(1) == Value::Bool(true) {
        return Ok(call.value(0));
    }
    let cause = match call.value(2) {
        Value::String(cause) => Some(cause),
        _ => None,
    };
    Err(EvaluationErrorKind::Assertion { cause }.into())
}
