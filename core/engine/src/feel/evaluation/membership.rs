//! `in`, and the cells of decision tables.

use alloc::format;

use super::super::env::Dialect;
use super::super::expression::Span;
use super::super::syntax::ast::{Kind, Node, Test};
use super::super::value::Value;
use super::super::warning::WarningCode;
use super::compare::range_contains;
use super::{EvaluationError, Evaluator, Frame, Outcome};

/// Whether something holds, if that can be said.
type Answer = Result<Option<bool>, EvaluationError>;

impl Evaluator<'_> {
    pub(super) fn is_in(
        &mut self,
        value: &Node,
        tests: &[Test],
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let input = self.operand(value, frame)?;
        self.any_test(tests, &input, span, frame).map(Value::from)
    }

    /// Tells whether one of the tests holds; `None` when none does and one cannot be decided.
    pub(in super::super) fn any_test(
        &mut self,
        tests: &[Test],
        input: &Value,
        span: Span,
        frame: &Frame<'_>,
    ) -> Answer {
        let mut result = Some(false);
        for test in tests {
            match self.test(test, input, span, frame)? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => result = None,
            }
        }
        Ok(result)
    }

    fn test(&mut self, test: &Test, input: &Value, span: Span, frame: &Frame<'_>) -> Answer {
        match test {
            Test::Any => Ok(Some(true)),
            Test::Not(tests) => {
                let answer = self.deeper(|it| it.any_test(tests, input, span, frame))?;
                Ok(answer.map(|it| !it))
            }
            Test::Compare(operator, node) => {
                let frame = frame.with("?", input);
                self.with_operand(node, &frame, |it, value| {
                    it.compare_values(*operator, input, value, node.span)
                })
            }
            Test::Value { node, is_condition } => {
                let frame = frame.with("?", input);
                self.with_operand(node, &frame, |it, value| match value {
                    // a range that could not be built
                    Value::Null if matches!(node.kind, Kind::Range(_)) => Ok(None),
                    Value::Bool(value) if *is_condition => Ok(Some(*value)),
                    // the result of some other condition, since the input is no boolean it could equal
                    Value::Bool(value) if input.as_bool().is_none() && !input.is_null() => {
                        Ok(Some(*value))
                    }
                    // what is said of the input says nothing when it is no truth value
                    value if *is_condition && it.env.dialect() == Dialect::Camunda => {
                        if !value.is_null() {
                            let reason = format!("expected a boolean, found {}", value.type_name());
                            it.env.warn(node.span, WarningCode::InvalidType, reason);
                        }
                        Ok(None)
                    }
                    value => it.matches(value, input, node.span),
                })
            }
        }
    }

    /// Tells whether the input equals a value, lies in a range or is matched by an item of a list.
    fn matches(&mut self, value: &Value, input: &Value, span: Span) -> Answer {
        if let Value::Range(range) = value {
            range.start.iter().chain(&range.end).try_for_each(|end| self.pay(end, input))?;
        }
        let result = match value {
            Value::Range(range) if !matches!(input, Value::Range(_)) => {
                range_contains(range, input)
            }
            Value::List(list) => {
                if self.equal(value, input)? == Some(true) {
                    return Ok(Some(true));
                }
                return self.matches_any(list, input).map(Some);
            }
            value => self.equal(value, input)?,
        };
        if result.is_none() {
            let (value, input) = (value.type_name(), input.type_name());
            let reason = format!("expected a test of {input}, found {value}");
            self.env.warn(span, WarningCode::NotComparable, reason);
        }
        Ok(result)
    }

    fn matches_any(&mut self, items: &[Value], input: &Value) -> Result<bool, EvaluationError> {
        for item in items {
            self.env.charge(1)?;
            let is_match = match item {
                Value::Range(range) if !matches!(input, Value::Range(_)) => {
                    range_contains(range, input)
                }
                item => self.equal(item, input)?,
            };
            if is_match == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
