//! Functions that make values of one type from another.

use alloc::string::String;

use super::super::calendar::{
    CalendarError, Date, DateTime, Time, UtcOffset, Zone, parse_duration, parse_duration_loose,
};
use super::super::decimal::Dec34;
use super::super::evaluation::{Call, Outcome};
use super::super::text;
use super::super::value::Value;
use super::{Builtin, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("string", &[&["from"]], string),
    fixed("number", NUMBER, number),
    fixed("date", &[&["from"], &["year", "month", "day"]], date),
    fixed(
        "time",
        &[&["from"], &["hour", "minute", "second"], &["hour", "minute", "second", "offset"]],
        time,
    ),
    fixed("date and time", &[&["from"], &["date", "time"], &["date", "timezone"]], date_and_time),
    fixed("duration", &[&["from"]], duration),
    fixed("years and months duration", &[&["from", "to"]], years_and_months_duration),
];

const NUMBER: &[&[&str]] = &[
    &["from"],
    &["from", "grouping separator"],
    &["from", "grouping separator", "decimal separator"],
];

fn string(call: &mut Call<'_, '_>) -> Outcome {
    match call.value(0) {
        value @ (Value::Null | Value::String(_)) => Ok(value),
        value => {
            // the weight bounds the length of the text
            call.evaluator.env.charge(value.weight())?;
            let text = match call.is_strict() {
                true => text::print(&value),
                false => text::print_as_camunda(&value),
            };
            call.charge(text.len())?;
            Ok(text.into())
        }
    }
}

fn number(call: &mut Call<'_, '_>) -> Outcome {
    if call.len() == 2 && call.is_strict() {
        return call.fail("expected the arguments (from) or all three");
    }
    if let (1, Value::Number(number)) = (call.len(), call.value(0)) {
        return Ok(number.into());
    }
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    let mut plain = String::from(&*text);
    if call.has(1) {
        match call.value(1).as_str() {
            Some(separator @ (" " | "," | ".")) => plain = plain.replace(separator, ""),
            _ => return call.expected(1, "a space, a comma or a point"),
        }
    }
    if call.has(2) {
        match call.value(2).as_str() {
            Some(".") if call.value(1) != call.value(2) => {}
            Some(",") if call.value(1) != call.value(2) && !plain.contains('.') => {
                plain = plain.replace(',', ".")
            }
            _ => return call.expected(2, "another separator, a comma or a point"),
        }
    }
    match plain.trim().parse::<Dec34>() {
        Ok(number) => Ok(number.into()),
        Err(error) => call.fail(&alloc::format!("{error}, found \"{}\"", shortened(&text))),
    }
}

fn date(call: &mut Call<'_, '_>) -> Outcome {
    if call.len() == 3 {
        let parts = (call.integer(0), call.integer(1), call.integer(2));
        let (Some(year), Some(month), Some(day)) = parts else { return Ok(Value::Null) };
        let date = u32::try_from(month).ok().zip(u32::try_from(day).ok());
        return match date.and_then(|(month, day)| Date::new(year, month, day)) {
            Some(date) => Ok(Value::Date(date)),
            None => call.fail("expected year, month and day of the calendar, found others"),
        };
    }
    match call.single(0) {
        value @ Value::Date(_) => Ok(value),
        Value::DateTime(it) => Ok(Value::Date(it.date())),
        Value::String(text) => parsed(call, &text, text.parse().map(Value::Date)),
        _ => call.expected(0, "a string, a date or a date and time"),
    }
}

fn time(call: &mut Call<'_, '_>) -> Outcome {
    if call.len() > 1 {
        return time_of_parts(call);
    }
    match call.single(0) {
        value @ Value::Time(_) => Ok(value),
        Value::DateTime(it) => Ok(Value::Time(it.time())),
        Value::Date(_) => Ok(Value::Time(Time::MIDNIGHT.with_offset(Some(UtcOffset::UTC)))),
        Value::String(text) => {
            let time = if call.is_strict() { text.parse() } else { Time::parse_loose(&text) };
            parsed(call, &text, time.map(Value::Time))
        }
        _ => call.expected(0, "a string, a time, a date or a date and time"),
    }
}

fn time_of_parts(call: &mut Call<'_, '_>) -> Outcome {
    let parts = (call.integer(0), call.integer(1), call.number(2));
    let (Some(hour), Some(minute), Some(second)) = parts else { return Ok(Value::Null) };
    let offset = match call.value(3) {
        Value::Null => None,
        Value::DaysDuration(duration) => {
            let seconds = i32::try_from(duration.nanoseconds() / 1_000_000_000).ok();
            match seconds.and_then(UtcOffset::from_seconds) {
                Some(offset) => Some(offset),
                None => return call.expected(3, "an offset of 18 hours at most"),
            }
        }
        _ => return call.expected(3, "a days and time duration"),
    };
    match time_of(hour, minute, second) {
        Some(time) => Ok(Value::Time(time.with_offset(offset))),
        None => call.fail("expected hour, minute and second of a day, found others"),
    }
}

fn time_of(hour: i64, minute: i64, second: Dec34) -> Option<Time> {
    let billion = Dec34::from(1_000_000_000);
    let nanoseconds = u64::try_from(second.checked_mul(billion)?.floor()?.to_i64()?).ok()?;
    let second = u32::try_from(nanoseconds / 1_000_000_000).ok()?;
    let nanosecond = (nanoseconds % 1_000_000_000) as u32;
    Time::new(u32::try_from(hour).ok()?, u32::try_from(minute).ok()?, second, nanosecond)
}

fn date_and_time(call: &mut Call<'_, '_>) -> Outcome {
    if call.len() == 2 {
        let date = match call.single(0) {
            Value::Date(date) => date,
            Value::DateTime(it) => it.date(),
            _ => return call.expected(0, "a date or a date and time"),
        };
        return match call.single(1) {
            Value::Time(time) => Ok(Value::DateTime(DateTime::new(date, time))),
            Value::String(zone) if !call.is_strict() => at_zone(call, &zone),
            _ => call.expected(1, "a time"),
        };
    }
    match call.single(0) {
        value @ Value::DateTime(_) => Ok(value),
        Value::Date(date) => Ok(Value::DateTime(date.into())),
        Value::String(text) => {
            let it = if call.is_strict() { text.parse() } else { DateTime::parse_loose(&text) };
            parsed(call, &text, it.map(Value::DateTime))
        }
        _ => call.expected(0, "a string, a date or a date and time"),
    }
}

/// Returns a date and time at another zone or offset; a local one is taken as UTC.
fn at_zone(call: &mut Call<'_, '_>, zone: &str) -> Outcome {
    let moment = match call.value(0) {
        Value::DateTime(it) => it,
        Value::Date(date) => date.into(),
        _ => return call.expected(0, "a date or a date and time"),
    };
    let moment = match moment.offset() {
        Some(_) => moment,
        None => DateTime::new(moment.date(), moment.time().with_offset(Some(UtcOffset::UTC))),
    };
    // an offset is written like the end of a time
    let offset = alloc::format!("00:00:00{zone}").parse::<Time>().ok().and_then(Time::offset);
    let moved = match (Zone::find(zone), offset) {
        (Some(zone), _) => moment.at_zone(zone),
        (None, Some(offset)) => moment.at_offset(offset),
        (None, None) => return call.expected(1, "the name of a time zone or an offset"),
    };
    match moved {
        Some(moved) => Ok(Value::DateTime(moved)),
        None => call.fail("expected a result in range"),
    }
}

fn duration(call: &mut Call<'_, '_>) -> Outcome {
    match call.single(0) {
        value @ (Value::DaysDuration(_) | Value::MonthsDuration(_)) => Ok(value),
        Value::String(text) => {
            let parse = if call.is_strict() { parse_duration } else { parse_duration_loose };
            parsed(call, &text, parse(&text).map(Value::from))
        }
        _ => call.expected(0, "a string or a duration"),
    }
}

fn years_and_months_duration(call: &mut Call<'_, '_>) -> Outcome {
    let date = |value: Value| match value {
        Value::Date(date) => Some(date),
        Value::DateTime(it) => Some(it.date()),
        _ => None,
    };
    match (date(call.single(0)), date(call.single(1))) {
        (Some(from), Some(to)) => Ok(Value::MonthsDuration(to.months_since(from))),
        (None, _) => call.expected(0, "a date or a date and time"),
        (_, None) => call.expected(1, "a date or a date and time"),
    }
}

/// Turns a text that could not be read into null.
fn parsed(call: &mut Call<'_, '_>, text: &str, value: Result<Value, CalendarError>) -> Outcome {
    match value {
        Ok(value) => Ok(value),
        Err(error) => call.fail(&alloc::format!("{error}, found \"{}\"", shortened(text))),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS_MAX).collect()
}

const SHOWN_CHARACTERS_MAX: usize = 60;
