//! Durations: of days (exact time) and of months (calendar time).

use core::fmt;
use core::str::FromStr;

use super::scan::Scanner;
use super::time::write_fraction;
use super::{CalendarError, DAY_SECONDS, SECOND_NANOSECONDS};

/// An exact amount of time; a day has 24 hours. FEEL calls it "days and time duration".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaysDuration {
    seconds: i64,
    // counts upwards from `seconds`, also below zero
    nanosecond: u32,
}

/// An amount of calendar months. FEEL calls it "years and months duration".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthsDuration {
    months: i64,
}

/// Months and days together, as ISO 8601 allows and timers use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The calendar part; added first.
    pub months: MonthsDuration,
    /// The exact part.
    pub days: DaysDuration,
}

/// One of the two durations of FEEL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// An exact amount of time.
    Days(DaysDuration),
    /// An amount of calendar months.
    Months(MonthsDuration),
}

/// Parses a duration of FEEL: either years and months or days and time, such as `P1Y2M` or `-P1DT12H`.
pub fn parse_duration(text: &str) -> Result<Duration, CalendarError> {
    let (interval, has_months, has_days) = scan_interval(text, false).ok_or(EXPECTED)?;
    one_of(interval, has_months, has_days)
}

/// Parses a duration of FEEL whose parts may have signs of their own, as Camunda allows: `PT-5M`.
pub fn parse_duration_loose(text: &str) -> Result<Duration, CalendarError> {
    let (interval, has_months, has_days) = scan_interval(text, true).ok_or(EXPECTED)?;
    one_of(interval, has_months, has_days)
}

/// Parses a duration of ISO 8601, which may have months and days, such as `P1Y2M10DT2H`.
pub fn parse_interval(text: &str) -> Result<Interval, CalendarError> {
    scan_interval(text, false).map(|(interval, _, _)| interval).ok_or(EXPECTED)
}

impl DaysDuration {
    /// Returns a duration of whole seconds.
    pub fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanosecond: 0 }
    }

    /// Returns a duration of nanoseconds, or `None` when it is longer than 2^63 seconds.
    pub fn from_nanoseconds(nanoseconds: i128) -> Option<Self> {
        let second = i128::from(SECOND_NANOSECONDS);
        let seconds = i64::try_from(nanoseconds.div_euclid(second)).ok()?;
        Some(Self { seconds, nanosecond: nanoseconds.rem_euclid(second) as u32 })
    }

    /// Returns the nanoseconds.
    pub fn nanoseconds(self) -> i128 {
        i128::from(self.seconds) * i128::from(SECOND_NANOSECONDS) + i128::from(self.nanosecond)
    }

    /// Returns the milliseconds, cut towards zero; `None` when they do not fit.
    pub fn to_ms(self) -> Option<i64> {
        i64::try_from(self.nanoseconds() / 1_000_000).ok()
    }

    /// Adds; `None` when the sum is too long.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_nanoseconds(self.nanoseconds() + other.nanoseconds())
    }

    /// Returns it in the other direction; `None` when that is too long.
    pub fn checked_neg(self) -> Option<Self> {
        Self::from_nanoseconds(-self.nanoseconds())
    }

    /// Tells whether it goes backwards.
    pub fn is_negative(self) -> bool {
        self.seconds < 0
    }

    /// Returns days, hours, minutes, seconds and nanoseconds of its magnitude.
    pub fn parts(self) -> (i64, u32, u32, u32, u32) {
        let nanoseconds = self.nanoseconds().unsigned_abs();
        let second = u128::from(SECOND_NANOSECONDS);
        let seconds = nanoseconds / second;
        let day = DAY_SECONDS as u128;
        let part = |unit: u128, count: u128| (seconds / unit % count) as u32;
        (
            (seconds / day) as i64,
            part(3600, 24),
            part(60, 60),
            part(1, 60),
            (nanoseconds % second) as u32,
        )
    }
}

impl MonthsDuration {
    /// Returns a duration of that many months.
    pub fn new(months: i64) -> Self {
        Self { months }
    }

    /// Returns all its months.
    pub fn months(self) -> i64 {
        self.months
    }

    /// Adds; `None` when the sum is too long.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.months.checked_add(other.months).map(Self::new)
    }

    /// Returns it in the other direction; `None` when that is too long.
    pub fn checked_neg(self) -> Option<Self> {
        self.months.checked_neg().map(Self::new)
    }
}

impl Interval {
    /// Tells whether it has no length at all.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl From<Duration> for Interval {
    fn from(duration: Duration) -> Self {
        match duration {
            Duration::Days(days) => Self { days, ..Self::default() },
            Duration::Months(months) => Self { months, ..Self::default() },
        }
    }
}

impl FromStr for DaysDuration {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        match parse_duration(text)? {
            Duration::Days(days) => Ok(days),
            Duration::Months(_) => Err(CalendarError::Expected("a duration such as P1DT12H")),
        }
    }
}

impl FromStr for MonthsDuration {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        match parse_duration(text)? {
            Duration::Months(months) => Ok(months),
            Duration::Days(_) => Err(CalendarError::Expected("a duration such as P1Y2M")),
        }
    }
}

impl fmt::Display for DaysDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, hours, minutes, seconds, nanosecond) = self.parts();
        formatter.write_str(if self.is_negative() { "-P" } else { "P" })?;
        if days != 0 {
            write!(formatter, "{days}D")?;
        }
        let has_seconds = seconds != 0 || nanosecond != 0;
        if hours != 0 || minutes != 0 || has_seconds || days == 0 {
            formatter.write_str("T")?;
        }
        if hours != 0 {
            write!(formatter, "{hours}H")?;
        }
        if minutes != 0 {
            write!(formatter, "{minutes}M")?;
        }
        if has_seconds || days == 0 && hours == 0 && minutes == 0 {
            write!(formatter, "{seconds}")?;
            write_fraction(formatter, nanosecond)?;
            formatter.write_str("S")?;
        }
        Ok(())
    }
}

impl fmt::Display for MonthsDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (years, months) = (self.months.unsigned_abs() / 12, self.months.unsigned_abs() % 12);
        formatter.write_str(if self.months < 0 { "-P" } else { "P" })?;
        if years != 0 {
            write!(formatter, "{years}Y")?;
        }
        if months != 0 || years == 0 {
            write!(formatter, "{months}M")?;
        }
        Ok(())
    }
}

/// Returns the one part that a duration of FEEL has.
fn one_of(interval: Interval, has_months: bool, has_days: bool) -> Result<Duration, CalendarError> {
    match (has_months, has_days) {
        (true, false) => Ok(Duration::Months(interval.months)),
        (false, true) => Ok(Duration::Days(interval.days)),
        _ => Err(EXPECTED),
    }
}

/// Reads an interval and which of its two parts the text has; loosely, each number may have a sign.
fn scan_interval(text: &str, is_loose: bool) -> Option<(Interval, bool, bool)> {
    let mut scanner = Scanner::new(text);
    let sign = if scanner.take('-') { -1 } else { 1 };
    scanner.take('P').then_some(())?;
    let (mut months, mut nanoseconds): (i64, i128) = (0, 0);
    let (mut has_months, mut has_days, mut is_time) = (false, false, false);
    let mut rank_min = 0;
    while !scanner.is_done() {
        if !is_time && scanner.take('T') {
            (is_time, rank_min) = (true, 4);
            // a `T` promises at least one part behind it
            (!scanner.is_done()).then_some(())?;
        }
        let part_sign = if is_loose && scanner.take('-') { -1 } else { 1 };
        let (amount, fraction, rank) = scan_part(&mut scanner, is_time)?;
        (rank >= rank_min && (fraction == 0 || rank == 6)).then_some(())?;
        rank_min = rank + 1;
        let unit = match rank {
            0 | 1 => {
                has_months = true;
                let factor = if rank == 0 { 12 } else { 1 };
                months = months.checked_add(amount.checked_mul(factor * part_sign)?)?;
                continue;
            }
            2 => 7 * DAY_SECONDS,
            3 => DAY_SECONDS,
            4 => 3600,
            5 => 60,
            _ => 1,
        };
        has_days = true;
        let part = i128::from(amount) * i128::from(unit) * i128::from(SECOND_NANOSECONDS);
        nanoseconds += (part + i128::from(fraction)) * i128::from(part_sign);
    }
    let months = MonthsDuration::new(months.checked_mul(sign)?);
    let days = DaysDuration::from_nanoseconds(nanoseconds * i128::from(sign))?;
    (has_months || has_days).then_some((Interval { months, days }, has_months, has_days))
}

/// Reads a number, its fraction in nanoseconds, and the rank of its unit in the order of ISO 8601.
fn scan_part(scanner: &mut Scanner<'_>, is_time: bool) -> Option<(i64, u64, u32)> {
    let amount = scanner.digits().parse().ok()?;
    // "0.S" is accepted, as the conformance tests demand
    let fraction = if scanner.take_before('.', 'S') { 0 } else { scanner.fraction()? };
    let units = if is_time { TIME_UNITS } else { DATE_UNITS };
    let (_, rank) = units.iter().find(|(unit, _)| scanner.take(*unit))?;
    Some((amount, fraction, *rank))
}

const DATE_UNITS: &[(char, u32)] = &[('Y', 0), ('M', 1), ('W', 2), ('D', 3)];
const TIME_UNITS: &[(char, u32)] = &[('H', 4), ('M', 5), ('S', 6)];
const EXPECTED: CalendarError = CalendarError::Expected("a duration such as P1DT12H or P1Y2M");
