//! `instance of`.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use super::super::calendar::{DateTime, Time, UtcOffset};
use super::super::env::Types;
use super::super::expression::Span;
use super::super::syntax::ast::{Node, Type};
use super::super::syntax::write_type;
use super::super::value::Value;
use super::super::warning::WarningCode;
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
        match is_instance(&value, wanted, self.env.types()) {
            Some(result) => Ok(result.into()),
            None => {
                let mut found = String::new();
                // writing to a string does not fail
                let _ = write_type(&mut found, wanted);
                let reason = format!("expected a type, found '{found}'");
                self.null(span, WarningCode::InvalidType, reason)
            }
        }
    }
}

impl Evaluator<'_> {
    /// Returns a value as it is passed where a type is wanted (DMN 1.5, 10.3.2.9.4): a list of one as its item, a
    /// value as a list of one, a date as its midnight in UTC. `None` when it does not fit.
    pub(super) fn converted(&self, value: &Value, wanted: &Type) -> Option<Value> {
        let is_fit = |value: &Value| is_instance(value, wanted, self.env.types()) == Some(true);
        if value.is_null() || is_fit(value) {
            return Some(value.clone());
        }
        let converted = match (value, wanted) {
            (Value::Date(date), Type::DateTime) => {
                let midnight = Time::MIDNIGHT.with_offset(Some(UtcOffset::UTC));
                return Some(Value::DateTime(DateTime::new(*date, midnight)));
            }
            (Value::List(list), _) if list.len() == 1 => list.first().cloned()?,
            (value, Type::List(_)) => alloc::vec![value.clone()].into(),
            _ => return None,
        };
        is_fit(&converted).then_some(converted)
    }
}

/// Tells whether a value has a type; `None` when the type does not exist.
pub(super) fn is_instance(
    value: &Value,
    wanted: &Type,
    types: Option<&Arc<dyn Types>>,
) -> Option<bool> {
    let all = |values: &[Value], wanted: &Type| {
        values.iter().try_fold(true, |all, value| {
            Some(all && (value.is_null() || is_instance(value, wanted, types)?))
        })
    };
    Some(match (wanted, value) {
        (Type::Named(name), value) => return types?.is_instance(name, value),
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
                end.as_ref().map_or(Some(true), |end| is_instance(end, wanted, types))
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
