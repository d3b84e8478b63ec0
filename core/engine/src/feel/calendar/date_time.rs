//! A day with a time of day.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use super::scan::Scanner;
use super::time::with_seconds;
use super::{
    CalendarError, DAY_NANOSECONDS, Date, DaysDuration, Interval, MonthsDuration, Time, UtcOffset,
    Zone,
};

/// A day with a time of day; with an offset it is an instant, without one it is local.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    date: Date,
    time: Time,
}

impl DateTime {
    /// Joins a day and a time of day. In a time zone it gets the offset of that day; a time that is skipped there
    /// moves behind the gap.
    pub fn new(date: Date, time: Time) -> Self {
        match time.zone() {
            Some(zone) => Self { date, time: time.with_offset(None) }.in_zone(zone),
            None => Self { date, time },
        }
    }

    /// Parses a date and time whose seconds may be missing, as Camunda allows: `2026-04-01T10:30Z`.
    pub fn parse_loose(text: &str) -> Result<Self, CalendarError> {
        with_seconds(text).as_deref().unwrap_or(text).parse()
    }

    /// Joins a day and a time of day as they are, with the offset that the time has.
    pub(crate) fn with_known_offset(date: Date, time: Time) -> Self {
        Self { date, time }
    }

    /// Returns the instant in UTC, of milliseconds since 1970-01-01T00:00:00Z.
    pub fn from_epoch_ms(epoch_ms: i64) -> Self {
        let days = epoch_ms.div_euclid(DAY_MS);
        let nanosecond = epoch_ms.rem_euclid(DAY_MS) as u64 * MS_NANOSECONDS as u64;
        let time =
            Time::from_nanosecond(nanosecond, Some(UtcOffset::UTC)).unwrap_or(Time::MIDNIGHT);
        // the range of i64 milliseconds is a third of the calendar's: the fallback is never taken
        Self { date: Date::from_epoch_days(days).unwrap_or(Date::EPOCH), time }
    }

    /// Returns milliseconds since 1970-01-01T00:00:00Z; `None` without an offset or out of range.
    pub fn to_epoch_ms(self) -> Option<i64> {
        self.time.offset()?;
        self.to_epoch_ms_as_utc()
    }

    /// Returns milliseconds since 1970-01-01T00:00:00Z, a local time taken as UTC; `None` when out of range.
    pub fn to_epoch_ms_as_utc(self) -> Option<i64> {
        i64::try_from(self.utc_nanoseconds().div_euclid(MS_NANOSECONDS)).ok()
    }

    /// Returns the day.
    pub fn date(self) -> Date {
        self.date
    }

    /// Returns the time of day, with the offset.
    pub fn time(self) -> Time {
        self.time
    }

    /// Returns the offset, if it has one.
    pub fn offset(self) -> Option<UtcOffset> {
        self.time.offset()
    }

    /// Compares as FEEL does: two instants or two local times; `None` for one of each.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let comparable = self.offset().is_some() == other.offset().is_some();
        comparable.then(|| self.utc_nanoseconds().cmp(&other.utc_nanoseconds()))
    }

    /// Returns the time from `from` to this; `None` when only one of both has an offset.
    pub fn since(self, from: Self) -> Option<DaysDuration> {
        if self.offset().is_some() != from.offset().is_some() {
            return None;
        }
        DaysDuration::from_nanoseconds(self.utc_nanoseconds() - from.utc_nanoseconds())
    }

    /// Adds a duration; `None` when the result is out of range.
    pub fn checked_add(self, duration: DaysDuration) -> Option<Self> {
        if let Some(zone) = self.time.zone() {
            let instant = self.at_offset(UtcOffset::UTC)?.checked_add(duration)?;
            return instant.at_zone(zone);
        }
        let day = i128::from(DAY_NANOSECONDS);
        let sum = i128::from(self.time.nanosecond_of_day()) + duration.nanoseconds();
        let date = self.date.checked_add_days(i64::try_from(sum.div_euclid(day)).ok()?)?;
        Some(Self { date, time: Time::from_nanosecond(sum.rem_euclid(day) as u64, self.offset())? })
    }

    /// Adds months; a day that the month does not have becomes its last. `None` when out of range.
    pub fn checked_add_months(self, duration: MonthsDuration) -> Option<Self> {
        Some(Self::new(self.date.checked_add_months(duration)?, self.time))
    }

    /// Adds the months, then the rest; `None` when out of range.
    pub fn checked_add_interval(self, interval: Interval) -> Option<Self> {
        self.checked_add_months(interval.months)?.checked_add(interval.days)
    }

    /// Returns the same instant at another offset; `None` without an offset or out of range.
    pub fn at_offset(self, offset: UtcOffset) -> Option<Self> {
        let current = self.offset()?;
        let shift = i64::from(offset.seconds()) - i64::from(current.seconds());
        let local = Self { time: self.time.with_offset(None), ..self };
        let moved = local.checked_add(DaysDuration::from_seconds(shift))?;
        Some(Self { time: moved.time.with_offset(Some(offset)), ..moved })
    }

    /// Returns the same without the name of its time zone.
    pub fn with_plain_offset(self) -> Self {
        Self { time: self.time.with_offset(self.offset()), ..self }
    }

    /// Returns the same instant in a time zone; `None` without an offset or out of range.
    pub fn at_zone(self, zone: Zone) -> Option<Self> {
        let utc = self.at_offset(UtcOffset::UTC)?;
        let seconds = i64::try_from(utc.utc_nanoseconds().div_euclid(SECOND)).ok()?;
        let offset = zone.offset_at(seconds);
        let moved = utc.at_offset(offset)?;
        Some(Self { time: moved.time.with_zone(zone, offset), ..moved })
    }

    /// Returns a local time as one of a time zone.
    fn in_zone(self, zone: Zone) -> Self {
        let local = i64::try_from(self.utc_nanoseconds().div_euclid(SECOND)).unwrap_or_default();
        let offset = zone.offset_of_local(local);
        let fixed = Self { time: self.time.with_offset(Some(offset)), ..self };
        // at the ends of the calendar nothing can move
        fixed.at_zone(zone).unwrap_or(fixed)
    }

    /// Returns nanoseconds since 1970-01-01T00:00:00Z, a local time taken as UTC.
    pub fn utc_nanoseconds(self) -> i128 {
        i128::from(self.date.epoch_days()) * i128::from(DAY_NANOSECONDS)
            + self.time.utc_nanoseconds()
    }
}

impl FromStr for DateTime {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let expected = CalendarError::Expected("a date and time such as 2026-04-01T10:30:00Z");
        let mut scanner = Scanner::new(text);
        let date = Date::scan(&mut scanner).ok_or(expected)?;
        if scanner.is_done() {
            return Ok(Self { date, time: Time::MIDNIGHT });
        }
        if !scanner.take('T') {
            return Err(expected);
        }
        let time = Time::scan(&mut scanner).map_err(|error| match error {
            CalendarError::UnknownZone => error,
            CalendarError::Expected(_) => expected,
        })?;
        if scanner.is_done() { Ok(Self::new(date, time)) } else { Err(expected) }
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{}", self.date, self.time)
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self { date, time: Time::MIDNIGHT }
    }
}

const SECOND: i128 = 1_000_000_000;
const DAY_MS: i64 = 86_400_000;
const MS_NANOSECONDS: i128 = 1_000_000;
