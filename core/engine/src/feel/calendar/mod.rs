//! Dates, times and durations of ISO 8601 as FEEL has them: a proleptic Gregorian calendar of the years
//! ±999,999,999, nanoseconds, offsets from UTC, named time zones.

mod cron;
mod cycle;
mod date;
mod date_time;
mod duration;
mod scan;
mod time;
mod zone;

#[cfg(test)]
mod tests;

pub use cron::Cron;
pub use cycle::Cycle;
pub use date::Date;
pub use date_time::DateTime;
pub use duration::{
    DaysDuration, Duration, Interval, MonthsDuration, parse_duration, parse_duration_loose,
    parse_interval,
};
pub use time::{Time, UtcOffset};
pub use zone::{TZDB_VERSION, Zone};

/// Why a text is not a date, time or duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// It is not written like one or does not exist in the calendar.
    #[error("expected {0}")]
    Expected(&'static str),
    /// It names a time zone that does not exist.
    #[error("expected the name of a time zone such as Europe/Berlin")]
    UnknownZone,
}

const DAY_SECONDS: i64 = 86_400;
const SECOND_NANOSECONDS: u64 = 1_000_000_000;
const DAY_NANOSECONDS: u64 = 86_400_000_000_000;
