//! A time of day.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use super::scan::Scanner;
use super::zone::Zone;
use super::{CalendarError, DAY_NANOSECONDS, DaysDuration, SECOND_NANOSECONDS};

/// A fixed distance from UTC, in seconds, at most 18 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcOffset {
    seconds: i32,
}

/// A time of day, in nanoseconds, with or without an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    nanosecond: u64,
    offset: Offset,
}

/// Where a time stands to UTC; small, because many values have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Offset {
    Local,
    Fixed(UtcOffset),
    // with the seconds that hold, split to fit beside the zone
    Zoned(Zone, i16, i16),
}

impl UtcOffset {
    /// UTC itself.
    pub const UTC: Self = Self { seconds: 0 };

    /// Returns the offset, or `None` when it is more than 18 hours.
    pub fn from_seconds(seconds: i32) -> Option<Self> {
        (seconds.unsigned_abs() <= OFFSET_SECONDS_MAX).then_some(Self { seconds })
    }

    /// Returns the seconds, positive to the east.
    pub fn seconds(self) -> i32 {
        self.seconds
    }
}

impl Time {
    /// Midnight without an offset.
    pub const MIDNIGHT: Self = Self { nanosecond: 0, offset: Offset::Local };

    /// Returns the time, or `None` when it does not exist.
    pub fn new(hour: u32, minute: u32, second: u32, nanosecond: u32) -> Option<Self> {
        if hour >= 24 || minute >= 60 || second >= 60 || nanosecond >= 1_000_000_000 {
            return None;
        }
        let seconds = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
        let nanosecond = seconds * SECOND_NANOSECONDS + u64::from(nanosecond);
        Some(Self { nanosecond, offset: Offset::Local })
    }

    /// Returns the time that many nanoseconds after midnight, or `None` when the day is shorter.
    pub fn from_nanosecond(nanosecond: u64, offset: Option<UtcOffset>) -> Option<Self> {
        (nanosecond < DAY_NANOSECONDS)
            .then_some(Self { nanosecond, offset: Offset::Local }.with_offset(offset))
    }

    /// Returns the same time of day with another offset.
    pub fn with_offset(self, offset: Option<UtcOffset>) -> Self {
        Self { offset: offset.map_or(Offset::Local, Offset::Fixed), ..self }
    }

    /// Returns the same time of day in a time zone, with the offset that holds there.
    pub fn with_zone(self, zone: Zone, offset: UtcOffset) -> Self {
        // an offset is at most 18 hours
        let (minutes, rest) = (offset.seconds / 60, offset.seconds % 60);
        Self { offset: Offset::Zoned(zone, minutes as i16, rest as i16), ..self }
    }

    /// Returns the same time without the fraction of its second.
    pub fn whole_seconds(self) -> Self {
        Self { nanosecond: self.nanosecond - self.nanosecond % SECOND_NANOSECONDS, ..self }
    }

    /// Returns the nanoseconds since midnight.
    pub fn nanosecond_of_day(self) -> u64 {
        self.nanosecond
    }

    /// Returns the offset, if it has one.
    pub fn offset(self) -> Option<UtcOffset> {
        match self.offset {
            Offset::Local => None,
            Offset::Fixed(offset) => Some(offset),
            Offset::Zoned(_, minutes, rest) => {
                Some(UtcOffset { seconds: i32::from(minutes) * 60 + i32::from(rest) })
            }
        }
    }

    /// Returns the time zone, if it has one by name. A time of day without a day has the zone's offset in winter.
    pub fn zone(self) -> Option<Zone> {
        match self.offset {
            Offset::Zoned(zone, ..) => Some(zone),
            Offset::Local | Offset::Fixed(_) => None,
        }
    }

    /// Returns the hour, 0 to 23.
    pub fn hour(self) -> u32 {
        (self.nanosecond / (3600 * SECOND_NANOSECONDS)) as u32
    }

    /// Returns the minute, 0 to 59.
    pub fn minute(self) -> u32 {
        (self.nanosecond / (60 * SECOND_NANOSECONDS) % 60) as u32
    }

    /// Returns the second, 0 to 59, without its fraction.
    pub fn second(self) -> u32 {
        (self.nanosecond / SECOND_NANOSECONDS % 60) as u32
    }

    /// Returns the fraction of the second in nanoseconds.
    pub fn nanosecond(self) -> u32 {
        (self.nanosecond % SECOND_NANOSECONDS) as u32
    }

    /// Adds a duration, going around midnight.
    pub fn wrapping_add(self, duration: DaysDuration) -> Self {
        let day = i128::from(DAY_NANOSECONDS);
        let sum = i128::from(self.nanosecond) + duration.nanoseconds() % day;
        Self { nanosecond: sum.rem_euclid(day) as u64, ..self }
    }

    /// Returns the nanoseconds since midnight UTC; without an offset since its own midnight.
    pub fn utc_nanoseconds(self) -> i128 {
        let offset = self.offset().map_or(0, |it| i128::from(it.seconds));
        i128::from(self.nanosecond) - offset * i128::from(SECOND_NANOSECONDS)
    }

    /// Parses a time whose seconds may be missing, as Camunda allows: `10:30`.
    pub fn parse_loose(text: &str) -> Result<Self, CalendarError> {
        with_seconds(text).as_deref().unwrap_or(text).parse()
    }

    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Result<Self, CalendarError> {
        let time = Self::scan_local(scanner).ok_or(EXPECTED)?;
        let offset = match scanner.rest().starts_with('@') {
            true => None,
            false => scan_offset(scanner).ok_or(EXPECTED)?,
        };
        match scan_zone(scanner, offset)? {
            Some(zone) => Ok(time.with_zone(zone, zone.standard_offset())),
            None => Ok(time.with_offset(offset)),
        }
    }

    fn scan_local(scanner: &mut Scanner<'_>) -> Option<Self> {
        let hour = scanner.two_digits()?;
        let minute = scanner.take(':').then(|| scanner.two_digits())??;
        let second = scanner.take(':').then(|| scanner.two_digits())??;
        Self::new(hour, minute, second, scanner.fraction()? as u32)
    }
}

impl FromStr for Time {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text);
        scanner.take('T');
        let time = Self::scan(&mut scanner)?;
        if scanner.is_done() { Ok(time) } else { Err(EXPECTED) }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        write_fraction(formatter, self.nanosecond())?;
        match self.zone() {
            Some(zone) => write!(formatter, "@{}", zone.name()),
            None => self.offset().map_or(Ok(()), |offset| offset.fmt(formatter)),
        }
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds == 0 {
            return formatter.write_str("Z");
        }
        let sign = if self.seconds < 0 { '-' } else { '+' };
        let seconds = self.seconds.unsigned_abs();
        write!(formatter, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        match seconds % 60 {
            0 => Ok(()),
            rest => write!(formatter, ":{rest:02}"),
        }
    }
}

/// Writes `.` and the digits of a fraction without trailing zeros, or nothing for zero.
pub(super) fn write_fraction(formatter: &mut fmt::Formatter<'_>, nanosecond: u32) -> fmt::Result {
    if nanosecond == 0 {
        return Ok(());
    }
    let (mut fraction, mut width) = (nanosecond, 9);
    while fraction % 10 == 0 {
        fraction /= 10;
        width -= 1;
    }
    write!(formatter, ".{fraction:0width$}")
}

/// Reads `Z`, `+hh:mm` or `+hh:mm:ss`, or nothing.
fn scan_offset(scanner: &mut Scanner<'_>) -> Option<Option<UtcOffset>> {
    if scanner.take('Z') || scanner.take('z') {
        return Some(Some(UtcOffset::UTC));
    }
    let sign = if scanner.take('+') {
        1
    } else if scanner.take('-') {
        -1
    } else {
        return Some(None);
    };
    let hours = scanner.two_digits()?;
    let minutes = scanner.take(':').then(|| scanner.two_digits())?.filter(|it| *it < 60)?;
    let seconds = if scanner.take(':') { scanner.two_digits().filter(|it| *it < 60)? } else { 0 };
    let seconds = i32::try_from(hours * 3600 + minutes * 60 + seconds).ok()?;
    UtcOffset::from_seconds(sign * seconds).map(Some)
}

/// Reads `@Europe/Berlin` or, behind an offset, `[Europe/Berlin]`; or nothing.
fn scan_zone(
    scanner: &mut Scanner<'_>,
    offset: Option<UtcOffset>,
) -> Result<Option<Zone>, CalendarError> {
    let is_bracketed = offset.is_some() && scanner.take('[');
    if !is_bracketed && (offset.is_some() || !scanner.take('@')) {
        return Ok(None);
    }
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '_' | '-' | '+');
    let name = scanner.take_while(is_name);
    if name.is_empty() || is_bracketed && !scanner.take(']') {
        return Err(EXPECTED);
    }
    Zone::find(name).map(Some).ok_or(CalendarError::UnknownZone)
}

/// Inserts `:00` behind a time of day that ends with its minutes; `None` when there is nothing to insert.
pub(super) fn with_seconds(text: &str) -> Option<String> {
    let start = text.find('T').map_or(0, |place| place + 1);
    let (minutes, rest) = text.split_at_checked(start + 5)?;
    let is_short = !rest.starts_with([':', '.']) && minutes.get(start + 2..)?.starts_with(':');
    is_short.then(|| [minutes, ":00", rest].concat())
}

const OFFSET_SECONDS_MAX: u32 = 18 * 3600;
const EXPECTED: CalendarError =
    CalendarError::Expected("a time such as 10:30:00, 10:30:00Z or 10:30:00+02:00");
