//! When timers are due: dates, durations and cycles of ISO 8601, and cron.

use alloc::sync::Arc;

use super::expressions::{self, Asked};
use super::{Incident, Process};
use crate::bpmn::TimerSpec;
use crate::feel::calendar::{Cron, Cycle, Interval, parse_interval};
use crate::feel::{DateTime, Value};
use crate::kernel::Cx;
use crate::record::{Key, Timestamp};

/// When a timer is due, and how it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub at: Timestamp,
    /// The repetition; none for a single time.
    pub cycle: Option<Arc<str>>,
    /// How often, this time included; none means without end.
    pub repetitions: Option<u32>,
}

/// Evaluates when a timer is due.
pub(crate) fn due(
    cx: &mut Cx<'_, Process>,
    scope: Option<Key>,
    asked: Asked<'_>,
    spec: &TimerSpec,
) -> Result<Due, Incident> {
    let now = cx.now();
    match spec {
        TimerSpec::Date(it) => {
            let expected = "a date and time such as 2026-01-01T09:00:00Z";
            expressions::convert(cx, scope, asked, it, expected, date).map(Due::once)
        }
        TimerSpec::Duration(it) => {
            let expected = "a duration such as PT15M or P1D";
            let make = |value: &Value| after(now, interval(value)?);
            expressions::convert(cx, scope, asked, it, expected, make).map(Due::once)
        }
        TimerSpec::Cycle(it) => {
            let expected = "a repetition such as R3/PT10S, or a cron such as 0 0 9 * * MON-FRI";
            expressions::convert(cx, scope, asked, it, expected, |value| {
                first(value.as_str()?, now)
            })
        }
    }
}

/// Returns when a repeating timer is due after it was; none if that was the last time. Counts from when it was due, not
/// from when it was triggered, so that it does not drift; a cron, whose times do not, leaves out those that were missed.
pub(crate) fn next(
    cycle: &Arc<str>,
    repetitions: Option<u32>,
    due: Timestamp,
    now: Timestamp,
) -> Option<Due> {
    if let Ok(cron) = cycle.parse::<Cron>() {
        return by_calendar(&cron, cycle, due.max(now));
    }
    let repetitions = match repetitions {
        Some(0 | 1) => return None,
        Some(count) => Some(count.saturating_sub(1)),
        None => None,
    };
    let parsed = Cycle::parse(cycle).ok()?;
    let at = after(due, parsed.interval)?;
    Some(Due { at, cycle: Some(cycle.clone()), repetitions })
}

impl Due {
    const fn once(at: Timestamp) -> Self {
        Self { at, cycle: None, repetitions: None }
    }
}

fn date(value: &Value) -> Option<Timestamp> {
    let date = match value {
        Value::DateTime(date) => *date,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    date.to_epoch_ms_as_utc().map(Timestamp)
}

fn interval(value: &Value) -> Option<Interval> {
    match value {
        Value::String(text) => parse_interval(text.trim()).ok(),
        Value::DaysDuration(days) => Some(Interval { days: *days, ..Interval::default() }),
        Value::MonthsDuration(months) => Some(Interval { months: *months, ..Interval::default() }),
        _ => None,
    }
}

fn first(text: &str, now: Timestamp) -> Option<Due> {
    if let Ok(cron) = text.trim().parse::<Cron>() {
        return by_calendar(&cron, text.trim(), now);
    }
    let cycle = Cycle::parse(text.trim()).ok()?;
    if cycle.repetitions == Some(0) {
        return None;
    }
    let at = match cycle.start {
        Some(start) => begin(Timestamp(start.to_epoch_ms_as_utc()?), &cycle, now)?,
        None => after(now, cycle.interval)?,
    };
    Some(Due { at, cycle: Some(text.trim().into()), repetitions: cycle.repetitions })
}

fn by_calendar(cron: &Cron, text: &str, after: Timestamp) -> Option<Due> {
    let at = Timestamp(cron.next_after(after.0)?);
    Some(Due { at, cycle: Some(text.into()), repetitions: None })
}

/// A repetition with an end is done in full, late or not; one without an end begins with what is still to come.
fn begin(start: Timestamp, cycle: &Cycle, now: Timestamp) -> Option<Timestamp> {
    if start >= now || cycle.repetitions.is_some() {
        return Some(start);
    }
    if cycle.interval.months.months() == 0 {
        let step = cycle.interval.days.to_ms().filter(|ms| *ms > 0)?;
        let missed = now.0.saturating_sub(start.0).saturating_add(step - 1) / step;
        return Some(start.plus_ms(missed.saturating_mul(step)));
    }
    let mut at = start;
    for _ in 0..MISSED_MONTHS_MAX {
        if at >= now {
            break;
        }
        at = after(at, cycle.interval)?;
    }
    Some(at)
}

/// A duration below zero is due at once.
fn after(from: Timestamp, interval: Interval) -> Option<Timestamp> {
    DateTime::from_epoch_ms(from.0).checked_add_interval(interval)?.to_epoch_ms().map(Timestamp)
}

/// Months since the first year that anybody would write.
const MISSED_MONTHS_MAX: u32 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_counts_from_when_it_was_due() {
        let due = first("R3/PT10S", Timestamp(1_000)).unwrap();
        assert_eq!((due.at, due.repetitions), (Timestamp(11_000), Some(3)));
        let (cycle, second) = (due.cycle.unwrap(), Timestamp(21_000));
        let again = next(&cycle, Some(3), due.at, Timestamp(90_000)).unwrap();
        assert_eq!((again.at, again.repetitions), (second, Some(2)));
        assert_eq!(next(&cycle, Some(1), second, second), None);
    }

    #[test]
    fn a_cron_leaves_out_what_was_missed() {
        let cron: Arc<str> = "*/10 * * * * *".into();
        assert_eq!(first(&cron, Timestamp(1_000)).map(|due| due.at.0), Some(10_000));
        let next = |due, now| next(&cron, None, Timestamp(due), Timestamp(now)).map(|it| it.at.0);
        assert_eq!(next(10_000, 10_005), Some(20_000));
        assert_eq!(next(10_000, 47_000), Some(50_000));
        assert_eq!(first("0 0 0 31 2 *", Timestamp(0)), None);
    }

    #[test]
    fn a_cycle_without_end_begins_with_what_is_to_come() {
        let now = Timestamp(25_000);
        let at = |text| first(text, now).map(|due| due.at.0);
        assert_eq!(at("R/1970-01-01T00:00:00Z/PT10S"), Some(30_000));
        assert_eq!(at("R2/1970-01-01T00:00:00Z/PT10S"), Some(0));
        assert_eq!(at("R/1970-01-01T00:00:00Z/P1M"), Some(31 * 86_400_000));
        assert_eq!(at("R0/PT10S"), None);
    }
}
