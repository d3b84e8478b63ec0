//! `instance of`.

use alloc::format;

use super::super::expression::Span;
use super::super::syntax::ast::{Node, Type};
use super::super::value::Value;
use super::{Evaluator, Frame, Outcome};

impl Evaluator<'_> {
    pub(super) fn instance_of(
        &mut self,
        operand: &Node,
        wanted: &Type,
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let value = self.operand(operand, frame)?;
        self.env.charge(value.weight())?;
        match is_instance(&value, wanted) {
            Some(result) => Ok(result.into()),
            None => self.null(span, format!("expected a type, found {wanted:?}")),
        }
    }
}

/// Tells whether a value has a type; `None` when the type does not exist.
pub(super) fn is_instance(value: &Value, wanted: &Type) -> Option<bool> {
    let all = |values: &[Value], wanted: &Type| {
        values.iter().try_fold(true, |all, value| {
            Some(all && (value.is_null() || is_instance(value, wanted)?))
        })
    };
    Some(match (wanted, value) {
        (Type::Unknown(_), _) => return None,
        (Type::Null, value) => value.is_null(),
        (_, Value::Null) => false,
        (Type::Any, _)
        | (Type::Boolean, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String, Value::String(_))
        | (Type::Date, Value::Date(_))
        | (Type::Time, Value::Time(_))
        | (Type::DateTime, Value::DateTime(_))
        | (Type::DaysDuration, Value::DaysDuration(_))
        | (Type::MonthsDuration, Value::MonthsDuration(_)) => true,
        (Type::List(wanted), Value::List(list)) => all(list, wanted)?,
        (Type::Range(wanted), Value::Range(range)) => {
            let is_end = |end: &Option<Value>| {
                end.as_ref().map_or(Some(true), |end| is_instance(end, wanted))
            };
            is_end(&range.start)? && is_end(&range.end)?
        }
        (Type::Context(entries), Value::Context(context)) => {
            entries.iter().try_fold(true, |all_have, (name, wanted)| {
                let entry = context.get(name);
                Some(
                    all_have
                        && entry.map_or(Some(false), |entry| {
                            all(core::slice::from_ref(entry), wanted)
                        })?,
                )
            })?
        }
        (Type::Function(parameters, _), Value::Function(function)) => {
            parameters.is_empty() || parameters.len() == function.parameters().len()
        }
        _ => false,
    })
}
