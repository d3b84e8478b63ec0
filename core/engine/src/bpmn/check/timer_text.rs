//! The text of a timer that is known before anything runs.

use alloc::format;
use alloc::string::String;

use crate::bpmn::excerpt;
use crate::bpmn::spec::{StaticOrExpression, TimerSpec};
use crate::feel::DateTime;
use crate::feel::calendar::{CalendarError, Cron, Cycle, parse_interval};

/// Says why the text of a timer is no date, duration or cycle; an expression is known too late.
pub(in crate::bpmn) fn problem(timer: &TimerSpec) -> Option<String> {
    let (value, parse): (_, fn(&str) -> Option<CalendarError>) = match timer {
        TimerSpec::Date(it) => (it, |it| it.parse::<DateTime>().err()),
        TimerSpec::Duration(it) => (it, |it| parse_interval(it).err()),
        TimerSpec::Cycle(it) => (it, cycle_problem),
    };
    let StaticOrExpression::Static(text) = value else { return None };
    Some(format!("{}, found '{}'", parse(text)?, excerpt::clip(text)))
}

fn cycle_problem(text: &str) -> Option<CalendarError> {
    if !is_cron(text) {
        return Cycle::parse(text).err();
    }
    match text.parse::<Cron>() {
        Ok(cron) if cron.next_after(0).is_some() => None,
        Ok(_) => Some(CalendarError::Expected("a cron that comes some day")),
        Err(error) => Some(error),
    }
}

fn is_cron(text: &str) -> bool {
    text.starts_with('@') || text.split_ascii_whitespace().count() > 4
}
