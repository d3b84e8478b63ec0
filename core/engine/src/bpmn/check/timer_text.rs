//! The text of a timer that is known before anything runs.

use alloc::format;
use alloc::string::String;

use crate::bpmn::excerpt;
use crate::bpmn::spec::{StaticOrExpression, TimerSpec};
use crate::feel::DateTime;
use crate::feel::calendar::{CalendarError, Cycle, parse_interval};

/// Says why the text of a timer is no date, duration or cycle; an expression is known too late.
pub(in crate::bpmn) fn problem(timer: &TimerSpec) -> Option<String> {
    let (value, parse): (_, fn(&str) -> Option<CalendarError>) = match timer {
        TimerSpec::Date(it) => (it, |it| it.parse::<DateTime>().err()),
        TimerSpec::Duration(it) => (it, |it| parse_interval(it).err()),
        TimerSpec::Cycle(it) => (it, |it| Cycle::parse(it).err()),
    };
    let StaticOrExpression::Static(text) = value else { return None };
    let error = parse(text)?;
    let is_cron = matches!(timer, TimerSpec::Cycle(_)) && is_cron(text);
    let hint = if is_cron { "; cron is not supported yet" } else { "" };
    Some(format!("{error}, found '{}'{hint}", excerpt::clip(text)))
}

fn is_cron(text: &str) -> bool {
    text.starts_with('@') || text.split_ascii_whitespace().count() > 4
}
