//! Dates, times and durations of ISO 8601 as FEEL has them: a proleptic Gregorian calendar of the years
//! ±999,999,999, nanoseconds, fixed offsets from UTC. Named time zones are recognised and refused.

mod cycle;
mod date;
mod date_time;
mod duration;
mod scan;
mod time;

#[cfg(test)]
mod tests;

pub use cycle::Cycle;
pub use date::Date;
pub use date_time::DateTime;
pub use duration::{
    DaysDuration, Duration, Interval, MonthsDuration, parse_duration, parse_interval,
};
pub use time::{Time, UtcOffset};

/// Why a text is not a date, time or duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// It is not written like one or does not exist in the calendar.
    #[error("expected {0}")]
    Expected(&'static str),
    /// It names a time zone.
    #[error("named time zones are not supported yet")]
    NamedZone,
}

const DAY_SECONDS: i64 = 86_400;
const SECOND_NANOSECONDS: u64 = 1_000_000_000;
const DAY_NANOSECONDS: u64 = 86_400_000_000_000;
