//! A day of the calendar.

use core::fmt;
use core::str::FromStr;

use super::scan::Scanner;
use super::{CalendarError, MonthsDuration};

/// A day of the proleptic Gregorian calendar, of a year within ±999,999,999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i64,
}

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Self = Self { days: 0 };

    /// Returns the day, or `None` when it does not exist.
    pub fn new(year: i64, month: u32, day: u32) -> Option<Self> {
        let exists = (-YEAR_MAX..=YEAR_MAX).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day);
        exists.then(|| Self { days: days_before(year, month) + i64::from(day) - 1 })
    }

    /// Returns the day that many days after 1970-01-01, or `None` when it is out of range.
    pub fn from_epoch_days(days: i64) -> Option<Self> {
        (DAYS_MIN..=DAYS_MAX).contains(&days).then_some(Self { days })
    }

    /// Returns the days since 1970-01-01.
    pub fn epoch_days(self) -> i64 {
        self.days
    }

    /// Returns the year; the year before 1 is 0.
    pub fn year(self) -> i64 {
        self.parts().0
    }

    /// Returns the month, 1 to 12.
    pub fn month(self) -> u32 {
        self.parts().1
    }

    /// Returns the day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.parts().2
    }

    /// Returns year, month and day.
    pub fn parts(self) -> (i64, u32, u32) {
        // civil-from-days: years begin in March, so the leap day is the last day of a year
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// Returns the day of the week, 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> u32 {
        (self.days + 3).rem_euclid(7) as u32 + 1
    }

    /// Returns the day of the year, 1 to 366.
    pub fn day_of_year(self) -> u32 {
        (self.days - days_before(self.year(), 1)) as u32 + 1
    }

    /// Returns the week of ISO 8601, 1 to 53.
    pub fn week(self) -> u32 {
        // the week belongs to the year of its Thursday
        let thursday = Self { days: self.days + 4 - i64::from(self.weekday()) };
        (thursday.day_of_year() - 1) / 7 + 1
    }

    /// Returns the last day of its month.
    pub fn last_day_of_month(self) -> Self {
        let (year, month, day) = self.parts();
        Self { days: self.days + i64::from(days_of_month(year, month)) - i64::from(day) }
    }

    /// Adds days; `None` when the result is out of range.
    pub fn checked_add_days(self, days: i64) -> Option<Self> {
        Self::from_epoch_days(self.days.checked_add(days)?)
    }

    /// Adds months; a day that the month does not have becomes its last. `None` when out of range.
    pub fn checked_add_months(self, duration: MonthsDuration) -> Option<Self> {
        let (year, month, day) = self.parts();
        let months = year.checked_mul(12)?.checked_add(i64::from(month) - 1)?;
        let months = months.checked_add(duration.months())?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
        Self::new(year, month, day.min(days_of_month(year, month)))
    }

    /// Returns the whole months from `from` to this day.
    pub fn months_since(self, from: Self) -> MonthsDuration {
        let (year, month, day) = self.parts();
        let (from_year, from_month, from_day) = from.parts();
        let months = (year - from_year) * 12 + i64::from(month) - i64::from(from_month);
        let correction = match months.signum() {
            1 if day < from_day => -1,
            -1 if day > from_day => 1,
            _ => 0,
        };
        MonthsDuration::new(months + correction)
    }

    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Option<Self> {
        let negative = scanner.take('-');
        let digits = scanner.digits();
        // more than four digits only where they are needed
        if !(4..=9).contains(&digits.len()) || digits.len() > 4 && digits.starts_with('0') {
            return None;
        }
        let year: i64 = digits.parse().ok()?;
        let month = scanner.take('-').then(|| scanner.two_digits())??;
        let day = scanner.take('-').then(|| scanner.two_digits())??;
        Self::new(if negative { -year } else { year }, month, day)
    }
}

impl FromStr for Date {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text);
        let date = Self::scan(&mut scanner).filter(|_| scanner.is_done());
        date.ok_or(CalendarError::Expected("a date such as 2026-04-01"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        let sign = if year < 0 { "-" } else { "" };
        write!(formatter, "{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs())
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_month(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Returns the days from 1970-01-01 to the first of the month.
fn days_before(year: i64, month: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let of_year = (153 * month_from_march + 2) / 5;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

const YEAR_MAX: i64 = 999_999_999;
// -999999999-01-01 and 999999999-12-31
const DAYS_MIN: i64 = -365_243_219_162;
const DAYS_MAX: i64 = 365_241_780_471;
