//! Arithmetic on numbers, texts, dates, times and durations.

use alloc::string::String;

use super::super::calendar::{DateTime, DaysDuration, MonthsDuration, Time, UtcOffset};
use super::super::decimal::{Dec34, Rounding};
use super::super::syntax::ast::Arithmetic;
use super::super::value::Value;

/// A result, or what was expected of the operands.
type Calculated = Result<Value, &'static str>;

/// Calculates; fails with what was expected.
pub(super) fn calculate(operator: Arithmetic, left: &Value, right: &Value) -> Calculated {
    match operator {
        Arithmetic::Add => add(left, right),
        Arithmetic::Subtract => subtract(left, right),
        Arithmetic::Multiply => multiply(left, right),
        Arithmetic::Divide => divide(left, right),
        Arithmetic::Power => power(left, right),
    }
}

/// Returns a number or duration with the other sign.
pub(super) fn negate(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => Some(number.negate().into()),
        Value::DaysDuration(duration) => duration.checked_neg().map(Value::DaysDuration),
        Value::MonthsDuration(duration) => duration.checked_neg().map(Value::MonthsDuration),
        _ => None,
    }
}

fn add(left: &Value, right: &Value) -> Calculated {
    let sum = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.checked_add(*right).map(Value::Number),
        (Value::String(left), Value::String(right)) => {
            let mut text = String::with_capacity(left.len().saturating_add(right.len()));
            text.push_str(left);
            text.push_str(right);
            Some(text.into())
        }
        (Value::DaysDuration(left), Value::DaysDuration(right)) => {
            left.checked_add(*right).map(Value::DaysDuration)
        }
        (Value::MonthsDuration(left), Value::MonthsDuration(right)) => {
            left.checked_add(*right).map(Value::MonthsDuration)
        }
        (moment, Value::DaysDuration(duration)) | (Value::DaysDuration(duration), moment) => {
            return add_days(moment, *duration);
        }
        (moment, Value::MonthsDuration(duration)) | (Value::MonthsDuration(duration), moment) => {
            return add_months(moment, *duration);
        }
        _ => return Err(OPERANDS),
    };
    sum.ok_or(IN_RANGE)
}

fn subtract(left: &Value, right: &Value) -> Calculated {
    let difference = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.checked_sub(*right).map(Value::Number),
        (Value::Time(left), Value::Time(right)) => {
            if left.offset().is_some() != right.offset().is_some() {
                return Err(SAME_OFFSETS);
            }
            DaysDuration::from_nanoseconds(left.utc_nanoseconds() - right.utc_nanoseconds())
                .map(Value::DaysDuration)
        }
        (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_)) => {
            let (Some(left), Some(right)) = (moment(left), moment(right)) else {
                return Err(OPERANDS);
            };
            return left.since(right).map(Value::DaysDuration).ok_or(SAME_OFFSETS);
        }
        (_, Value::DaysDuration(_) | Value::MonthsDuration(_)) => {
            return add(left, &negate(right).ok_or(IN_RANGE)?).and_then(|sum| {
                if is_duration(left) != is_duration(&sum) { Err(OPERANDS) } else { Ok(sum) }
            });
        }
        _ => return Err(OPERANDS),
    };
    difference.ok_or(IN_RANGE)
}

fn multiply(left: &Value, right: &Value) -> Calculated {
    let product = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.checked_mul(*right).map(Value::Number),
        (duration, Value::Number(factor)) | (Value::Number(factor), duration) => {
            let amount = amount(duration).ok_or(OPERANDS)?;
            amount.checked_mul(*factor).and_then(|product| duration_like(duration, product))
        }
        _ => return Err(OPERANDS),
    };
    product.ok_or(IN_RANGE)
}

fn divide(left: &Value, right: &Value) -> Calculated {
    let (dividend, divisor) = match (left, right) {
        (Value::Number(left), Value::Number(right)) => (*left, *right),
        (Value::DaysDuration(_), Value::DaysDuration(_))
        | (Value::MonthsDuration(_), Value::MonthsDuration(_))
        | (Value::DaysDuration(_) | Value::MonthsDuration(_), Value::Number(_)) => {
            (amount(left).ok_or(IN_RANGE)?, amount(right).ok_or(IN_RANGE)?)
        }
        _ => return Err(OPERANDS),
    };
    if divisor.is_zero() {
        return Err("a divisor other than zero");
    }
    let quotient = dividend.checked_div(divisor).ok_or(IN_RANGE)?;
    match (left, right) {
        (Value::DaysDuration(_) | Value::MonthsDuration(_), Value::Number(_)) => {
            duration_like(left, quotient).ok_or(IN_RANGE)
        }
        _ => Ok(quotient.into()),
    }
}

fn power(left: &Value, right: &Value) -> Calculated {
    let (Value::Number(base), Value::Number(exponent)) = (left, right) else {
        return Err(OPERANDS);
    };
    if let Some(exponent) = exponent.to_i64() {
        return base.checked_pow(exponent).map(Value::Number).ok_or(IN_RANGE);
    }
    let half = Dec34::from_parts(false, 5, -1);
    if Some(*exponent) == half {
        return base
            .square_root()
            .map(Value::Number)
            .ok_or("an integer exponent for a negative base");
    }
    if exponent.is_integer() {
        // too large for 64 bits
        let is_odd = exponent.checked_rem(Dec34::from(2)).is_some_and(|rest| !rest.is_zero());
        let power = base.absolute().raised(*exponent).ok_or(IN_RANGE)?;
        return Ok(if is_odd && base.is_negative() { power.negate() } else { power }.into());
    }
    if base.is_negative() {
        return Err("an integer exponent for a negative base");
    }
    base.raised(*exponent).map(Value::Number).ok_or(IN_RANGE)
}

fn add_days(value: &Value, duration: DaysDuration) -> Calculated {
    let sum = match value {
        Value::Date(date) => {
            DateTime::from(*date).checked_add(duration).map(|sum| Value::Date(sum.date()))
        }
        Value::Time(time) => Some(Value::Time(time.wrapping_add(duration))),
        Value::DateTime(date_time) => date_time.checked_add(duration).map(Value::DateTime),
        _ => return Err(OPERANDS),
    };
    sum.ok_or(IN_RANGE)
}

fn add_months(value: &Value, duration: MonthsDuration) -> Calculated {
    let sum = match value {
        Value::Date(date) => date.checked_add_months(duration).map(Value::Date),
        Value::DateTime(date_time) => date_time.checked_add_months(duration).map(Value::DateTime),
        _ => return Err(OPERANDS),
    };
    sum.ok_or(IN_RANGE)
}

/// Returns the moment that a date (its midnight in UTC) or a date and time is.
fn moment(value: &Value) -> Option<DateTime> {
    match value {
        Value::Date(date) => {
            Some(DateTime::new(*date, Time::MIDNIGHT.with_offset(Some(UtcOffset::UTC))))
        }
        Value::DateTime(date_time) => Some(*date_time),
        _ => None,
    }
}

fn is_duration(value: &Value) -> bool {
    matches!(value, Value::DaysDuration(_) | Value::MonthsDuration(_))
}

/// Returns a number, or a duration in its smallest unit.
fn amount(value: &Value) -> Option<Dec34> {
    match value {
        Value::Number(number) => Some(*number),
        Value::DaysDuration(duration) => {
            let nanoseconds = duration.nanoseconds();
            Dec34::from_parts(nanoseconds < 0, nanoseconds.unsigned_abs(), 0)
        }
        Value::MonthsDuration(duration) => Some(duration.months().into()),
        _ => None,
    }
}

/// Returns a duration of the type of `model`, cut to whole units.
fn duration_like(model: &Value, amount: Dec34) -> Option<Value> {
    let amount = amount.round(0, Rounding::Down)?;
    match model {
        Value::DaysDuration(_) => {
            DaysDuration::from_nanoseconds(amount.to_i128()?).map(Value::DaysDuration)
        }
        _ => Some(Value::MonthsDuration(MonthsDuration::new(amount.to_i64()?))),
    }
}

const OPERANDS: &str = "operands that go together";
const IN_RANGE: &str = "operands with a result in range";
const SAME_OFFSETS: &str = "both with an offset from UTC or none";
