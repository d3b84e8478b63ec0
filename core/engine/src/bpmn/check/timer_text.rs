//! The text of a timer that is known before anything runs.

use alloc::string::String;

use crate::bpmn::spec::TimerSpec;

/// Says why the text of a timer is no date, duration or cycle; an expression is known too late.
pub(in crate::bpmn) fn problem(timer: &TimerSpec) -> Option<String> {
    match timer {
        TimerSpec::Date(_) | TimerSpec::Duration(_) | TimerSpec::Cycle(_) => None,
    }
}
