//! Operators: logic of three values, comparison, arithmetic, ranges.

use alloc::borrow::Cow;
use alloc::format;
use alloc::sync::Arc;

use super::super::env::Dialect;
use super::super::error::EvaluationError;
use super::super::expression::Span;
use super::super::syntax::ast::{Arithmetic, Comparison, Node, RangeNode};
use super::super::value::{Range, RangeForm, Value};
use super::super::warning::WarningCode;
use super::arithmetic::{self, negate};
use super::compare::{equal, order, order_of_clocks};
use super::{Evaluator, Frame, Outcome, Truth};

/// Returns the other truth value; null for what is no truth value.
pub(in super::super) fn not(value: &Value) -> Value {
    value.as_bool().map(|it| !it).into()
}

impl Evaluator<'_> {
    /// Evaluates `and` (decided by false) or `or` (decided by true).
    pub(super) fn connected(
        &mut self,
        nodes: &[Node],
        decisive: bool,
        frame: &Frame<'_>,
    ) -> Result<Option<bool>, EvaluationError> {
        let mut result = Some(!decisive);
        for node in nodes {
            match self.truth(node, frame)? {
                Truth::Known(it) if it == decisive => return Ok(Some(decisive)),
                Truth::Known(_) => {}
                Truth::Null => result = None,
                Truth::Other(found) => {
                    let reason = format!("expected a boolean, found {found}");
                    self.env.warn(node.span, WarningCode::InvalidType, reason);
                    result = None;
                }
            }
        }
        Ok(result)
    }

    pub(super) fn compare(
        &mut self,
        operator: Comparison,
        pair: &(Node, Node),
        span: Span,
        frame: &Frame<'_>,
    ) -> Result<Option<bool>, EvaluationError> {
        self.with_operand(&pair.0, frame, |it, left| {
            it.with_operand(&pair.1, frame, |it, right| {
                it.compare_values(operator, left, right, span)
            })
        })
    }

    pub(super) fn compare_values(
        &mut self,
        operator: Comparison,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Result<Option<bool>, EvaluationError> {
        // most comparisons are of numbers, and cost nothing more
        if let (Value::Number(left), Value::Number(right)) = (left, right) {
            return Ok(Some(operator.accepts(left.cmp(right))));
        }
        self.pay(left, right)?;
        let result = match operator {
            Comparison::Equal => equal(left, right, self.env.dialect()),
            Comparison::NotEqual => equal(left, right, self.env.dialect()).map(|it| !it),
            Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual => order(left, right).map(|it| operator.accepts(it)),
        };
        let result = result.or_else(|| self.beside_offsets(operator, left, right));
        if result.is_none() {
            self.not_comparable(left, right, span);
        }
        Ok(result)
    }

    /// Orders a local time and one with an offset as DMN does, with one offset for both; whether they are equal is not
    /// known.
    #[cold]
    fn beside_offsets(&self, operator: Comparison, left: &Value, right: &Value) -> Option<bool> {
        if self.env.dialect() == Dialect::Camunda {
            return None;
        }
        let order = order_of_clocks(left, right)?;
        match operator {
            Comparison::Less => Some(order.is_lt()),
            Comparison::Greater => Some(order.is_gt()),
            Comparison::LessOrEqual => order.is_lt().then_some(true),
            Comparison::GreaterOrEqual => order.is_gt().then_some(true),
            Comparison::Equal | Comparison::NotEqual => None,
        }
    }

    #[cold]
    fn not_comparable(&mut self, left: &Value, right: &Value, span: Span) {
        let (left, right) = (left.type_name(), right.type_name());
        let reason = format!("expected comparable values, found {left} and {right}");
        self.env.warn(span, WarningCode::NotComparable, reason);
    }

    /// Compares two values, paying for the parts that are looked at.
    pub(in super::super) fn equal(
        &mut self,
        left: &Value,
        right: &Value,
    ) -> Result<Option<bool>, EvaluationError> {
        self.pay(left, right)?;
        Ok(equal(left, right, self.env.dialect()))
    }

    /// Pays for a comparison of two values.
    pub(in super::super) fn pay(
        &mut self,
        left: &Value,
        right: &Value,
    ) -> Result<(), EvaluationError> {
        match (left, right) {
            (Value::String(left), Value::String(right)) => {
                self.env.charge(left.len().min(right.len()) as u64 / COMPARED_BYTES)
            }
            _ if left.depth() > 0 && right.depth() > 0 => {
                self.env.charge(left.weight().min(right.weight()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn between(
        &mut self,
        operands: &(Node, Node, Node),
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let value = self.operand(&operands.0, frame)?;
        let low = self.operand(&operands.1, frame)?;
        let high = self.operand(&operands.2, frame)?;
        // DMN defines it as two comparisons and what `and` makes of them: beside null, the other one may tell
        let low = self.compare_values(Comparison::GreaterOrEqual, &value, &low, span)?;
        if low.is_none() && value.is_null() {
            return Ok(Value::Null);
        }
        let high = self.compare_values(Comparison::LessOrEqual, &value, &high, span)?;
        Ok(match (low, high) {
            (Some(true), Some(true)) => Value::Bool(true),
            (Some(false), _) | (_, Some(false)) => Value::Bool(false),
            _ => Value::Null,
        })
    }

    pub(super) fn negate(&mut self, operand: &Node, span: Span, frame: &Frame<'_>) -> Outcome {
        let value = self.operand(operand, frame)?;
        match negate(&value) {
            Some(result) => Ok(result),
            None => {
                let found = value.type_name();
                let reason = format!("expected a number or a duration, found {found}");
                self.null(span, WarningCode::InvalidType, reason)
            }
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        first: &Node,
        rest: &[(Arithmetic, Node)],
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let mut left = self.operand(first, frame)?;
        for (operator, node) in rest {
            let right = self.operand(node, frame)?;
            if let (Value::String(left), Value::String(right)) = (&*left, &*right) {
                self.env.charge((left.len() as u64).saturating_add(right.len() as u64))?;
            }
            if *operator == Arithmetic::Power {
                self.env.charge(POWER_FUEL)?;
            }
            let result = match arithmetic::calculate(*operator, &left, &right) {
                Ok(value) => value,
                Err(expected) => {
                    let (left, right) = (left.type_name(), right.type_name());
                    let span = Span { start: span.start, end: node.span.end };
                    let reason = format!("expected {expected}, found {left} and {right}");
                    self.null(span, WarningCode::InvalidType, reason)?
                }
            };
            left = Cow::Owned(result);
        }
        // nothing but text grows here
        if let Value::String(_) = *left {
            self.env.inspect(&left)?;
        }
        Ok(left.into_owned())
    }

    pub(super) fn range(&mut self, range: &RangeNode, span: Span, frame: &Frame<'_>) -> Outcome {
        if let Some(value) = &range.constant {
            return Ok(value.clone());
        }
        let mut end =
            |node: &Option<Node>| node.as_ref().map(|node| self.evaluate(node, frame)).transpose();
        let (start, end) = (end(&range.start)?, end(&range.end)?);
        match make_range(range, start, end) {
            Some(value) => self.env.check(value),
            None => {
                let reason = "expected two ends of one type, the lower one first";
                self.null(span, WarningCode::InvalidType, reason)
            }
        }
    }
}

/// Makes a range of its ends, if they are of one type and in order.
pub(in super::super) fn make_range(
    range: &RangeNode,
    start: Option<Value>,
    end: Option<Value>,
) -> Option<Value> {
    // both ends are the start unless it is written with its ends
    let end = if range.form == RangeForm::Ends { end } else { start.clone() };
    let is_ordered = match (&start, &end) {
        (Some(start), Some(end)) => order(start, end).is_some_and(|it| it.is_le()),
        (Some(only), None) | (None, Some(only)) => order(only, only).is_some(),
        (None, None) => false,
    };
    is_ordered.then(|| {
        Value::Range(Arc::new(Range {
            start,
            is_start_included: range.is_start_included,
            end,
            is_end_included: range.is_end_included,
            form: range.form,
        }))
    })
}

/// What up to 126 multiplications, or two series, cost.
const POWER_FUEL: u64 = 64;
/// How many bytes of text are compared for one unit of fuel.
const COMPARED_BYTES: u64 = 64;
