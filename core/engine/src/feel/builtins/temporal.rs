//! Functions on dates and times.

use alloc::format;
use alloc::string::String;

use super::super::calendar::{Date, DateTime};
use super::super::evaluation::{Call, Outcome};
use super::super::value::Value;
use super::{Builtin, extension, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("now", &[&[]], now),
    fixed("today", &[&[]], today),
    fixed("day of year", &[&["date"]], |call| of_date(call, |date| date.day_of_year().into())),
    fixed("day of week", &[&["date"]], |call| of_date(call, |date| name(DAYS, date.weekday()))),
    fixed("month of year", &[&["date"]], |call| of_date(call, |date| name(MONTHS, date.month()))),
    fixed("week of year", &[&["date"]], |call| of_date(call, |date| date.week().into())),
    extension("last day of month", &[&["date"]], |call| {
        of_date(call, |date| Value::Date(date.last_day_of_month()))
    }),
    extension("cycle", &[&["interval"], &["repetitions", "interval"]], cycle),
];

fn now(call: &mut Call<'_, '_>) -> Outcome {
    Ok(DateTime::from_epoch_ms(call.evaluator.env.now_ms()).into())
}

fn today(call: &mut Call<'_, '_>) -> Outcome {
    Ok(Value::Date(DateTime::from_epoch_ms(call.evaluator.env.now_ms()).date()))
}

fn of_date(call: &mut Call<'_, '_>, map: fn(Date) -> Value) -> Outcome {
    match call.single(0) {
        Value::Date(date) => Ok(map(date)),
        Value::DateTime(it) => Ok(map(it.date())),
        _ => call.expected(0, "a date or a date and time"),
    }
}

/// Writes a repeating interval, as timers take it; without repetitions it never ends.
fn cycle(call: &mut Call<'_, '_>) -> Outcome {
    let last = call.len().saturating_sub(1);
    let interval = match call.value(last) {
        it @ (Value::DaysDuration(_) | Value::MonthsDuration(_)) => it,
        _ => return call.expected(last, "a duration"),
    };
    let repetitions = match last > 0 && call.has(0) {
        true => match call.integer(0) {
            Some(repetitions) => format!("{repetitions}"),
            None => return Ok(Value::Null),
        },
        false => String::new(),
    };
    Ok(format!("R{repetitions}/{interval}").into())
}

fn name(names: &[&str], number: u32) -> Value {
    let place = number.checked_sub(1).and_then(|place| usize::try_from(place).ok());
    place.and_then(|place| names.get(place)).copied().into()
}

const DAYS: &[&str] =
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
