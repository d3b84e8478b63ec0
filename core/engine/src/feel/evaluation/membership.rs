//! `in`, and the cells of decision tables.

use alloc::borrow::Cow;

use super::super::expression::Span;
use super::super::syntax::ast::{Kind, Node, Test};
use super::super::value::Value;
use super::super::warning::WarningCode;
use super::compare::range_contains;
use super::operators::not;
use super::{EvaluationError, Evaluator, Frame, Outcome};

impl Evaluator<'_> {
    pub(super) fn is_in(
        &mut self,
        value: &Node,
        tests: &[Test],
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let input = self.operand(value, frame)?;
        self.any_test(tests, &input, span, frame)
    }

    /// Tells whether one of the tests holds; null when none does and one cannot be decided.
    pub(in super::super) fn any_test(
        &mut self,
        tests: &[Test],
        input: &Value,
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let mut result = Value::Bool(false);
        for test in tests {
            match self.test(test, input, span, frame)? {
                Value::Bool(true) => return Ok(Value::Bool(true)),
                Value::Bool(false) => {}
                _ => result = Value::Null,
            }
        }
        Ok(result)
    }

    fn test(&mut self, test: &Test, input: &Value, span: Span, frame: &Frame<'_>) -> Outcome {
        match test {
            Test::Any => Ok(Value::Bool(true)),
            Test::Not(tests) => {
                self.env.enter()?;
                let value = self.any_test(tests, input, span, frame);
                self.env.leave();
                value.map(|value| not(&value))
            }
            Test::Compare(operator, node) => {
                let frame = frame.with("?", input);
                let value = self.operand(node, &frame)?;
                self.compare_values(*operator, input, &value, node.span)
            }
            Test::Value { node, is_condition } => {
                let frame = frame.with("?", input);
                let value = self.operand(node, &frame).map(Cow::into_owned)?;
                match (value, input) {
                    // a range that could not be built
                    (Value::Null, _) if matches!(node.kind, Kind::Range(_)) => Ok(Value::Null),
                    (Value::Bool(value), _) if *is_condition => Ok(value.into()),
                    // the result of some other condition, since the input is no boolean it could equal
                    (Value::Bool(value), input)
                        if input.as_bool().is_none() && !input.is_null() =>
                    {
                        Ok(value.into())
                    }
                    (value, input) => self.matches(&value, input, node.span),
                }
            }
        }
    }

    /// Tells whether the input equals a value, lies in a range or is matched by an item of a list.
    fn matches(&mut self, value: &Value, input: &Value, span: Span) -> Outcome {
        if let Value::Range(range) = value {
            range.start.iter().chain(&range.end).try_for_each(|end| self.pay(end, input))?;
        }
        let result = match value {
            Value::Range(range) if !matches!(input, Value::Range(_)) => {
                range_contains(range, input)
            }
            Value::List(list) => {
                if self.equal(value, input)? == Some(true) {
                    return Ok(Value::Bool(true));
                }
                return self.matches_any(list, input);
            }
            value => self.equal(value, input)?,
        };
        match result {
            Some(result) => Ok(result.into()),
            None => {
                let (value, input) = (value.type_name(), input.type_name());
                let reason = alloc::format!("expected a test of {input}, found {value}");
                self.null(span, WarningCode::NotComparable, reason)
            }
        }
    }

    fn matches_any(&mut self, items: &[Value], input: &Value) -> Result<Value, EvaluationError> {
        for item in items {
            self.env.charge(1)?;
            let is_match = match item {
                Value::Range(range) if !matches!(input, Value::Range(_)) => {
                    range_contains(range, input)
                }
                item => self.equal(item, input)?,
            };
            if is_match == Some(true) {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }
}
