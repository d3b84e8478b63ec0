//! `for`, `some` and `every`. Ranges are walked, never written out.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::calendar::Date;
use super::super::decimal::Dec34;
use super::super::env::Dialect;
use super::super::error::EvaluationError;
use super::super::syntax::ast::{Domain, For, Iterator, Node, Quantifier};
use super::super::value::{List, Range, RangeForm, Value};
use super::super::warning::WarningCode;
use super::{Evaluator, Frame, Outcome};

/// What to do with each combination of items; tells whether to go on.
type Visit<'v, 'e> =
    &'v mut dyn FnMut(&mut Evaluator<'e>, &Frame<'_>) -> Result<bool, EvaluationError>;

/// The items that a name goes through.
pub(crate) enum Walk {
    Items(Arc<List>, usize),
    Numbers { next: Dec34, last: Dec34, is_up: bool },
    Dates { next: i64, last: i64, is_up: bool },
    Done,
}

impl<'e> Evaluator<'e> {
    pub(super) fn collect(
        &mut self,
        iterators: &[Iterator],
        it: &For,
        frame: &Frame<'_>,
    ) -> Outcome {
        if it.uses_partial {
            return self.collect_partial(iterators, it, frame);
        }
        let mut items = Vec::new();
        let done = self.walk(iterators, frame, &mut |evaluator, frame| {
            items.push(evaluator.evaluate(&it.body, frame)?);
            Ok(true)
        })?;
        if done.is_none() { Ok(Value::Null) } else { self.env.check(items.into()) }
    }

    /// Collects while the body sees the results so far. They are copied only if the body keeps them.
    fn collect_partial(&mut self, iterators: &[Iterator], it: &For, frame: &Frame<'_>) -> Outcome {
        let mut partial = Value::List(Arc::default());
        let done = self.walk(iterators, frame, &mut |evaluator, frame| {
            let value = evaluator.evaluate(&it.body, &frame.with("partial", &partial))?;
            if let Value::List(list) = &mut partial {
                if Arc::get_mut(list).is_none() {
                    evaluator.env.charge(list.len() as u64)?;
                }
                Arc::make_mut(list).push(value);
            }
            // at once: what grows with each round must not grow beyond what can be dropped
            evaluator.env.inspect(&partial)?;
            Ok(true)
        })?;
        Ok(if done.is_none() { Value::Null } else { partial })
    }

    pub(super) fn quantified(
        &mut self,
        quantifier: Quantifier,
        iterators: &[Iterator],
        condition: &Node,
        frame: &Frame<'_>,
    ) -> Outcome {
        let decisive = quantifier == Quantifier::Some;
        let mut result = Value::Bool(!decisive);
        let done = self.walk(iterators, frame, &mut |evaluator, frame| {
            match evaluator.evaluate(condition, frame)? {
                Value::Bool(value) if value == decisive => {
                    result = Value::Bool(decisive);
                    return Ok(false);
                }
                Value::Bool(_) => {}
                other => {
                    let found = other.type_name();
                    let reason = format!("expected a boolean, found {found}");
                    evaluator.env.warn(condition.span, WarningCode::InvalidType, reason);
                    result = Value::Null;
                }
            }
            Ok(true)
        })?;
        Ok(if done.is_none() { Value::Null } else { result })
    }

    /// Visits all combinations of items; tells whether it went to the end, or `None` when there is nothing to go through.
    fn walk(
        &mut self,
        iterators: &[Iterator],
        frame: &Frame<'_>,
        visit: Visit<'_, 'e>,
    ) -> Result<Option<bool>, EvaluationError> {
        let Some((iterator, inner)) = iterators.split_first() else {
            return visit(self, frame).map(Some);
        };
        let Some(mut walk) = self.start(&iterator.domain, frame)? else { return Ok(None) };
        while let Some(item) = walk.advance() {
            self.env.charge(1)?;
            let frame = frame.with(&iterator.name, &item);
            let is_going_on = if inner.is_empty() {
                Some(visit(self, &frame)?)
            } else {
                self.env.enter()?;
                let is_going_on = self.walk(inner, &frame, visit);
                self.env.leave();
                is_going_on?
            };
            if is_going_on != Some(true) {
                return Ok(is_going_on);
            }
        }
        Ok(Some(true))
    }

    fn start(
        &mut self,
        domain: &Domain,
        frame: &Frame<'_>,
    ) -> Result<Option<Walk>, EvaluationError> {
        let (walk, span) = match domain {
            Domain::Items(node) => {
                let items = self.evaluate(node, frame)?;
                (Walk::over(items, self.env.dialect()), node.span)
            }
            Domain::Span(start, end) => {
                let (first, last) = (self.evaluate(start, frame)?, self.evaluate(end, frame)?);
                (Walk::between(&first, &last), start.span)
            }
        };
        if walk.is_none() {
            let reason = "expected a list or a range of integers or dates";
            self.env.warn(span, WarningCode::InvalidType, reason);
        }
        Ok(walk)
    }
}

impl Walk {
    /// Walks through a list or a range; in DMN any other value but null is a list of one.
    pub(crate) fn over(value: Value, dialect: Dialect) -> Option<Self> {
        match value {
            Value::List(list) => Some(Self::Items(list, 0)),
            Value::Range(range) => Self::through(&range),
            Value::Null => None,
            _ if dialect == Dialect::Camunda => None,
            other => Some(Self::Items(Arc::new(alloc::vec![other].into()), 0)),
        }
    }

    fn between(first: &Value, last: &Value) -> Option<Self> {
        match (first, last) {
            (Value::Number(next), Value::Number(last))
                if next.is_integer() && last.is_integer() =>
            {
                Some(Self::Numbers { next: *next, last: *last, is_up: next <= last })
            }
            (Value::Date(next), Value::Date(last)) => Some(Self::Dates {
                next: next.epoch_days(),
                last: last.epoch_days(),
                is_up: next <= last,
            }),
            _ => None,
        }
    }

    /// Walks through a range upwards, without the ends that do not belong to it.
    fn through(range: &Range) -> Option<Self> {
        if range.form == RangeForm::NotEqual {
            return None;
        }
        let mut walk = Self::between(range.start.as_ref()?, range.end.as_ref()?)?;
        if !range.is_start_included {
            walk.advance();
        }
        if !range.is_end_included {
            match &mut walk {
                Self::Numbers { last, .. } => *last = last.checked_sub(Dec34::ONE)?,
                Self::Dates { last, .. } => *last -= 1,
                Self::Items(..) | Self::Done => {}
            }
        }
        let is_empty = match &walk {
            Self::Numbers { next, last, .. } => next > last,
            Self::Dates { next, last, .. } => next > last,
            Self::Items(..) | Self::Done => false,
        };
        Some(if is_empty { Self::Done } else { walk })
    }

    pub(crate) fn advance(&mut self) -> Option<Value> {
        match self {
            Self::Items(list, place) => {
                let item = list.get(*place)?.clone();
                *place += 1;
                Some(item)
            }
            Self::Numbers { next, last, is_up } => {
                let item = *next;
                let step = if *is_up { Dec34::ONE } else { Dec34::ONE.negate() };
                match item.checked_add(step) {
                    // where one more is not another number any more, the walk would never end
                    Some(following) if item != *last && following != item => *next = following,
                    _ => *self = Self::Done,
                }
                Some(item.into())
            }
            Self::Dates { next, last, is_up } => {
                let item = Date::from_epoch_days(*next)?;
                match *next == *last {
                    true => *self = Self::Done,
                    false => *next += if *is_up { 1 } else { -1 },
                }
                Some(Value::Date(item))
            }
            Self::Done => None,
        }
    }
}
