//! The properties of dates, times, durations and ranges.

use super::super::calendar::{Date, DaysDuration, Time, Zone};
use super::super::decimal::Dec34;
use super::super::value::{Range, Value};

/// Returns a property, or `None` when the value has none of that name.
pub(super) fn property(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Date(date) => of_date(*date, name),
        Value::Time(time) => of_time(*time, name),
        Value::DateTime(it) => of_date(it.date(), name).or_else(|| of_time(it.time(), name)),
        Value::DaysDuration(duration) => of_days(*duration, name),
        Value::MonthsDuration(duration) => match name {
            "years" => Some((duration.months() / 12).into()),
            "months" => Some((duration.months() % 12).into()),
            _ => None,
        },
        Value::Range(range) => of_range(range, name),
        _ => None,
    }
}

fn of_date(date: Date, name: &str) -> Option<Value> {
    match name {
        "year" => Some(date.year().into()),
        "month" => Some(date.month().into()),
        "day" => Some(date.day().into()),
        "weekday" => Some(date.weekday().into()),
        _ => None,
    }
}

fn of_time(time: Time, name: &str) -> Option<Value> {
    match name {
        "hour" => Some(time.hour().into()),
        "minute" => Some(time.minute().into()),
        "second" => Some(time.second().into()),
        "time offset" => {
            let offset = time.offset().map(|it| DaysDuration::from_seconds(it.seconds().into()));
            Some(offset.map_or(Value::Null, Value::DaysDuration))
        }
        "timezone" => Some(time.zone().map(Zone::name).into()),
        _ => None,
    }
}

fn of_days(duration: DaysDuration, name: &str) -> Option<Value> {
    let (days, hours, minutes, seconds, nanosecond) = duration.parts();
    let magnitude = match name {
        "days" => Dec34::from(days),
        "hours" => Dec34::from(hours),
        "minutes" => Dec34::from(minutes),
        "seconds" => {
            let nanoseconds = u128::from(seconds) * 1_000_000_000 + u128::from(nanosecond);
            Dec34::from_parts(false, nanoseconds, -9)?
        }
        _ => return None,
    };
    Some(if duration.is_negative() { magnitude.negate() } else { magnitude }.into())
}

fn of_range(range: &Range, name: &str) -> Option<Value> {
    match name {
        "start" => Some(range.start.clone().unwrap_or_default()),
        "end" => Some(range.end.clone().unwrap_or_default()),
        "start included" => Some(range.is_start_included.into()),
        "end included" => Some(range.is_end_included.into()),
        _ => None,
    }
}
