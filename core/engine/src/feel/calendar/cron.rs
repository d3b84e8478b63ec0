//! Cron, the other way to write the cycle of a timer: the six fields of Spring's dialect.

use alloc::vec::Vec;
use core::str::FromStr;

use super::{CalendarError, DAY_SECONDS, Date};

/// Times that repeat by the calendar, in UTC: `0 30 9-17 * * MON-FRI`, `0 0 12 L * *`, `@daily`.
///
/// The fields are second, minute, hour, day of the month, month, and day of the week. Each is `*`, a value, a range `a-b`, a
/// list of these, each with `/step` if wanted. Months and days of the week have names of three letters; 0 and 7 are Sunday.
/// A day of the month is also `L` (the last), `L-3` (three before it), `15W` (the working day nearest to the 15th) and `LW`; a
/// day of the week `FRIL` (the last of the month) and `FRI#2` (the second). `?` is `*`. A day must fit both of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    seconds: u64,
    minutes: u64,
    hours: u64,
    months: u64,
    days: Days,
    weekdays: Days,
}

/// The days of a field: numbers as bits, and what only a calendar can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Days {
    numbers: u64,
    rules: Vec<Rule>,
}

/// A rule for days whose number depends on the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// So many days before the last one.
    BeforeLast(u32),
    /// The working day of the month that is nearest to a day.
    Workday(u32),
    /// The last working day.
    LastWorkday,
    /// The last such day of the week, 1 for Monday.
    LastWeekday(u32),
    /// The n-th such day of the week.
    NthWeekday(u32, u32),
}

impl Cron {
    /// Returns the first time after another, both in milliseconds since 1970; none if there is none within 40 years.
    pub fn next_after(&self, after_ms: i64) -> Option<i64> {
        let first = after_ms.div_euclid(1_000).checked_add(1)?;
        let (first_day, of_day) = (first.div_euclid(DAY_SECONDS), first.rem_euclid(DAY_SECONDS));
        for day in first_day..first_day.checked_add(DAYS_MAX)? {
            let from = if day == first_day { of_day as u32 } else { 0 };
            if self.fits(Date::from_epoch_days(day)?)
                && let Some(second) = self.second_of_day(from)
            {
                return day
                    .checked_mul(DAY_SECONDS)?
                    .checked_add(i64::from(second))?
                    .checked_mul(1_000);
            }
        }
        None
    }

    fn fits(&self, date: Date) -> bool {
        has(self.months, date.month())
            && self.days.fits(date.day(), date)
            && self.weekdays.fits(date.weekday(), date)
    }

    /// Returns the first second of a day that fits and is not before another.
    fn second_of_day(&self, from: u32) -> Option<u32> {
        let (hour, minute, second) = (from / 3_600, from / 60 % 60, from % 60);
        (hour..24).filter(|it| has(self.hours, *it)).find_map(|at_hour| {
            let begin = if at_hour == hour { minute } else { 0 };
            (begin..60).filter(|it| has(self.minutes, *it)).find_map(|at_minute| {
                let is_first = (at_hour, at_minute) == (hour, minute);
                let begin = if is_first { second } else { 0 };
                let at_second = (begin..60).find(|it| has(self.seconds, *it))?;
                Some(at_hour * 3_600 + at_minute * 60 + at_second)
            })
        })
    }
}

impl Days {
    fn fits(&self, number: u32, date: Date) -> bool {
        has(self.numbers, number) || self.rules.iter().any(|it| it.fits(date))
    }
}

impl Rule {
    fn fits(self, date: Date) -> bool {
        let (day, last) = (date.day(), date.last_day_of_month());
        match self {
            Self::BeforeLast(before) => day + before == last.day(),
            Self::LastWorkday => day + weekend(last) == last.day(),
            Self::Workday(near) => nearest_workday(near, last) == Some(day),
            Self::LastWeekday(weekday) => date.weekday() == weekday && day + 7 > last.day(),
            Self::NthWeekday(weekday, nth) => date.weekday() == weekday && (day - 1) / 7 + 1 == nth,
        }
    }
}

/// Returns how many days a day lies behind the Friday before it, if it is not a working day.
fn weekend(date: Date) -> u32 {
    date.weekday().saturating_sub(FRIDAY)
}

/// Returns the working day nearest to a day, in the same month; none if the month is shorter.
fn nearest_workday(near: u32, last: Date) -> Option<u32> {
    let before_end = last.day().checked_sub(near)?;
    let date = last.checked_add_days(-i64::from(before_end))?;
    Some(match (weekend(date), near) {
        (1, 1) => 3,
        (1, _) => near - 1,
        (2, _) if before_end == 0 => near - 2,
        (2, _) => near + 1,
        _ => near,
    })
}

impl FromStr for Cron {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let text = MACROS.iter().find(|(name, _)| *name == text).map_or(text, |it| it.1);
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        parse(&fields).ok_or(CalendarError::Expected(
            "a cron of six fields such as 0 30 9-17 * * MON-FRI, or @daily",
        ))
    }
}

fn parse(fields: &[&str]) -> Option<Cron> {
    let [second, minute, hour, day, month, weekday] = fields else { return None };
    let mut numbers = numbers(weekday, &WEEKDAY);
    if let Some(found) = &mut numbers
        && has(found.numbers, 0)
    {
        found.numbers |= 1 << SUNDAY;
    }
    Some(Cron {
        seconds: plain(second, &SIXTY)?,
        minutes: plain(minute, &SIXTY)?,
        hours: plain(hour, &HOUR)?,
        months: plain(month, &MONTH)?,
        days: self::numbers(day, &DAY)?,
        weekdays: numbers?,
    })
}

fn plain(text: &str, field: &Field) -> Option<u64> {
    numbers(text, field).map(|it| it.numbers)
}

fn numbers(text: &str, field: &Field) -> Option<Days> {
    let mut days = Days { numbers: 0, rules: Vec::new() };
    for part in text.split(',') {
        match (field.rule)(part) {
            Some(rule) => days.rules.push(rule),
            None => days.numbers |= range(part, field)?,
        }
    }
    Some(days)
}

/// Reads `*`, `a` or `a-b`, each with `/step`, as bits.
fn range(text: &str, field: &Field) -> Option<u64> {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(digits(step).filter(|it| *it > 0)?)),
        None => (text, None),
    };
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (field.number(first)?, field.number(last)?),
        None if range == "*" || (range == "?" && field.takes_any) => (field.least, field.greatest),
        None => {
            let first = field.number(range)?;
            (first, if step.is_some() { field.greatest } else { first })
        }
    };
    // A week may be written from Sunday on.
    let first = if field.takes_any && first == SUNDAY && last < first { 0 } else { first };
    let numbers = (first..=last).step_by(step.unwrap_or(1) as usize);
    (first <= last).then(|| numbers.fold(0, |bits, number| bits | 1 << number))
}

fn digits(text: &str) -> Option<u32> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

fn has(bits: u64, number: u32) -> bool {
    bits >> number & 1 == 1
}

/// What a field takes.
struct Field {
    least: u32,
    greatest: u32,
    names: &'static [&'static str],
    takes_any: bool,
    rule: fn(&str) -> Option<Rule>,
}

impl Field {
    fn number(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().zip(1..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        let number = named.map(|(_, number)| number).or_else(|| digits(text))?;
        (self.least..=self.greatest).contains(&number).then_some(number)
    }
}

fn no_rule(_: &str) -> Option<Rule> {
    None
}

fn day_rule(text: &str) -> Option<Rule> {
    let near = |it: &str| digits(it).filter(|day| (1..=31).contains(day));
    match text {
        "L" => Some(Rule::BeforeLast(0)),
        "LW" => Some(Rule::LastWorkday),
        _ => match text.strip_prefix("L-") {
            Some(before) => digits(before).filter(|it| *it < 31).map(Rule::BeforeLast),
            None => near(text.strip_suffix('W')?).map(Rule::Workday),
        },
    }
}

fn weekday_rule(text: &str) -> Option<Rule> {
    let weekday = |it: &str| WEEKDAY.number(it).map(|day| if day == 0 { SUNDAY } else { day });
    match text.split_once('#') {
        Some((day, nth)) => {
            let nth = digits(nth).filter(|it| (1..=5).contains(it))?;
            Some(Rule::NthWeekday(weekday(day)?, nth))
        }
        None => weekday(text.strip_suffix('L')?).map(Rule::LastWeekday),
    }
}

const SIXTY: Field = Field { least: 0, greatest: 59, names: &[], takes_any: false, rule: no_rule };
const HOUR: Field = Field { least: 0, greatest: 23, names: &[], takes_any: false, rule: no_rule };
const DAY: Field = Field { least: 1, greatest: 31, names: &[], takes_any: true, rule: day_rule };
const MONTH: Field = Field {
    least: 1,
    greatest: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    takes_any: false,
    rule: no_rule,
};
const WEEKDAY: Field = Field {
    least: 0,
    greatest: 7,
    names: &["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"],
    takes_any: true,
    rule: weekday_rule,
};

const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 0 1 1 *"),
    ("@annually", "0 0 0 1 1 *"),
    ("@monthly", "0 0 0 1 * *"),
    ("@weekly", "0 0 0 * * 0"),
    ("@daily", "0 0 0 * * *"),
    ("@midnight", "0 0 0 * * *"),
    ("@hourly", "0 0 * * * *"),
];

const FRIDAY: u32 = 5;
const SUNDAY: u32 = 7;
/// Long enough for a 29 February on a given day of the week, across a century without a leap year.
const DAYS_MAX: i64 = 14_610;

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::super::DateTime;
    use super::*;

    /// Cron | after | the first times.
    const TIMES: &str = "\
        0 0 * * * * | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z 2026-01-01T02:00:00Z
        */20 * * * * * | 2026-01-01T00:00:39.5Z | 2026-01-01T00:00:40Z 2026-01-01T00:01:00Z
        0 30 9-17/4 * * MON-FRI | 2026-01-02T14:00:00Z | 2026-01-02T17:30:00Z 2026-01-05T09:30:00Z
        0 5/25 8 1,15 FEB ? | 2026-02-01T08:05:00Z | 2026-02-01T08:30:00Z 2026-02-01T08:55:00Z 2026-02-15T08:05:00Z
        0 0 12 L * * | 2026-01-31T12:00:00Z | 2026-02-28T12:00:00Z 2026-03-31T12:00:00Z
        0 0 0 L-3 * * | 2026-02-01T00:00:00Z | 2026-02-25T00:00:00Z
        0 0 0 15W * * | 2026-02-01T00:00:00Z | 2026-02-16T00:00:00Z 2026-03-16T00:00:00Z 2026-04-15T00:00:00Z
        0 0 0 1W * * | 2026-07-15T00:00:00Z | 2026-08-03T00:00:00Z
        0 0 0 31W * * | 2026-05-01T00:00:00Z | 2026-05-29T00:00:00Z 2026-07-31T00:00:00Z
        0 0 0 LW * * | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z
        0 0 0 ? * FRIL | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z
        0 0 0 ? * MON#2 | 2026-01-01T00:00:00Z | 2026-01-12T00:00:00Z 2026-02-09T00:00:00Z
        0 0 0 * * SUN-MON | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z 2026-01-05T00:00:00Z 2026-01-11T00:00:00Z
        0 0 0 13 * fri | 2026-01-01T00:00:00Z | 2026-02-13T00:00:00Z 2026-03-13T00:00:00Z
        0 0 0 29 2 7 | 2026-01-01T00:00:00Z | 2032-02-29T00:00:00Z 2060-02-29T00:00:00Z
        @weekly | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z
        @yearly | 1969-05-01T00:00:00Z | 1970-01-01T00:00:00Z 1971-01-01T00:00:00Z";

    /// Returns the first times after one.
    fn times(cron: &str, after: &str, count: usize) -> Vec<String> {
        let cron: Cron = cron.parse().unwrap();
        let mut at = after.parse::<DateTime>().unwrap().to_epoch_ms().unwrap();
        let mut next = || {
            at = cron.next_after(at)?;
            Some(DateTime::from_epoch_ms(at).to_string())
        };
        core::iter::from_fn(&mut next).take(count).collect()
    }

    #[test]
    fn times_follow_the_fields() {
        assert_eq!(TIMES.lines().count(), 17);
        for line in TIMES.lines() {
            let parts: Vec<_> = line.split('|').map(str::trim).collect();
            let expected: Vec<_> = parts[2].split(' ').collect();
            assert_eq!(times(parts[0], parts[1], expected.len()), expected, "{line}");
        }
    }

    #[test]
    fn what_never_comes_ends() {
        assert_eq!(times("0 0 0 31 2 *", "2026-01-01T00:00:00Z", 1), [""; 0]);
        assert_eq!("0 0 * * * *".parse::<Cron>().unwrap().next_after(i64::MAX), None);
    }

    #[test]
    fn other_texts_are_refused() {
        let texts = "|@often|* * * * *|* * * * * * *|60 * * * * *|0 0 24 * * *|0 0 0 0 * *|0 0 0 32 * *\
            |0 0 0 1 13 *|0 0 0 * * 8|0 5-3 * * * *|*/0 * * * * *|? 0 0 * * *|0 0 0 * FOO *|0 0 0 W * *\
            |0 0 0 * * L|0 0 0 * * MON#6|0 0 0 L-31 * *|0,, 0 0 * * *|+1 0 0 * * *|0 0 0 5W2 * *|é 0 0 * * *";
        for text in texts.split('|') {
            assert!(text.parse::<Cron>().is_err(), "{text}");
        }
    }
}
