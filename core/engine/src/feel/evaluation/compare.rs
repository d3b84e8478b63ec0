//! Equality and order of values.

use core::cmp::Ordering;

use super::super::calendar::DateTime;
use super::super::context::Context;
use super::super::env::Dialect;
use super::super::value::{Range, RangeForm, Value};

/// Tells whether two values are equal; `None` when their types cannot be compared.
pub(in super::super) fn equal(left: &Value, right: &Value, dialect: Dialect) -> Option<bool> {
    match (left, right) {
        (Value::Null, right) => Some(right.is_null()),
        (left, Value::Null) => Some(left.is_null()),
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::String(left), Value::String(right)) => Some(left == right),
        (Value::List(left), Value::List(right)) => {
            let is_equal =
                |(left, right): (&Value, &Value)| equal(left, right, dialect) == Some(true);
            Some(left.len() == right.len() && left.iter().zip(right.iter()).all(is_equal))
        }
        (Value::Context(left), Value::Context(right)) => {
            Some(is_equal_context(left, right, dialect))
        }
        (Value::Range(left), Value::Range(right)) => Some(left == right),
        (Value::Function(_), Value::Function(_)) => Some(left == right),
        (Value::Time(_), Value::Time(_)) | (Value::DateTime(_), Value::DateTime(_))
            if dialect == Dialect::Dmn =>
        {
            // DMN compares the components, and seconds are whole there
            order(&whole_seconds(left), &whole_seconds(right)).map(Ordering::is_eq)
        }
        _ => order(left, right).map(Ordering::is_eq),
    }
}

/// Orders two values of an ordered type; `None` for all others.
pub(in super::super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => {
            let is_comparable = left.offset().is_some() == right.offset().is_some();
            is_comparable.then(|| left.utc_nanoseconds().cmp(&right.utc_nanoseconds()))
        }
        (Value::DateTime(left), Value::DateTime(right)) => left.compare(*right),
        (Value::DaysDuration(left), Value::DaysDuration(right)) => Some(left.cmp(right)),
        (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// Orders two times, or two dates and times, by what their clocks show.
pub(super) fn order_of_clocks(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Time(left), Value::Time(right)) => {
            Some(left.nanosecond_of_day().cmp(&right.nanosecond_of_day()))
        }
        (Value::DateTime(left), Value::DateTime(right)) => {
            let clock = |it: &DateTime| (it.date(), it.time().nanosecond_of_day());
            Some(clock(left).cmp(&clock(right)))
        }
        _ => None,
    }
}

/// Tells whether a value lies in a range; `None` when it cannot be compared with the ends.
pub(in super::super) fn range_contains(range: &Range, value: &Value) -> Option<bool> {
    if let (RangeForm::NotEqual, Some(only)) = (range.form, &range.start) {
        return order(value, only).map(Ordering::is_ne);
    }
    let above = match &range.start {
        Some(start) => {
            let order = order(value, start)?;
            order.is_gt() || range.is_start_included && order.is_eq()
        }
        None => true,
    };
    let below = match &range.end {
        Some(end) => {
            let order = order(value, end)?;
            order.is_lt() || range.is_end_included && order.is_eq()
        }
        None => true,
    };
    Some(above && below)
}

/// Returns a time, or a date and time, without the fraction of its second.
fn whole_seconds(value: &Value) -> Value {
    match value {
        Value::Time(time) => Value::Time(time.whole_seconds()),
        Value::DateTime(it) => Value::DateTime(DateTime::new(it.date(), it.time().whole_seconds())),
        other => other.clone(),
    }
}

fn is_equal_context(left: &Context, right: &Context, dialect: Dialect) -> bool {
    left.len() == right.len()
        && left.iter().all(|(name, value)| {
            right.get(name).is_some_and(|other| equal(value, other, dialect) == Some(true))
        })
}
