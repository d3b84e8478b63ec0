//! Repeating intervals, the cycles of timers.

use core::fmt;
use core::str::FromStr;

use super::{CalendarError, DateTime, Interval, parse_interval};

/// An interval that repeats: `R3/PT10S`, `R/P1D` (without end), `R/2026-04-01T10:00:00Z/P1M`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// How often; `None` means without end.
    pub repetitions: Option<u32>,
    /// When the first interval starts; `None` means now.
    pub start: Option<DateTime>,
    /// How long one takes; longer than zero.
    pub interval: Interval,
}

impl Cycle {
    /// Parses `R[n]/[start/]duration`.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl FromStr for Cycle {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let expected = CalendarError::Expected("a repeating interval such as R3/PT10S");
        let (count, rest) =
            text.strip_prefix('R').and_then(|it| it.split_once('/')).ok_or(expected)?;
        let repetitions = match count {
            "" => None,
            _ if count.bytes().all(|it| it.is_ascii_digit()) => {
                Some(count.parse().map_err(|_| expected)?)
            }
            _ => return Err(expected),
        };
        // `R//P1D` has an empty start, which means none
        let (start, interval) = match rest.rsplit_once('/') {
            Some(("", interval)) => (None, interval),
            Some((start, interval)) => (Some(start.parse()?), interval),
            None => (None, rest),
        };
        let interval = parse_interval(interval)?;
        let is_forward = interval.months.months() >= 0 && !interval.days.is_negative();
        if interval.is_zero() || !is_forward {
            return Err(CalendarError::Expected("a repeating interval longer than zero"));
        }
        Ok(Self { repetitions, start, interval })
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use alloc::string::ToString;
        if self.months.months() == 0 {
            return self.days.fmt(formatter);
        }
        self.months.fmt(formatter)?;
        match self.days == Default::default() {
            true => Ok(()),
            false => formatter.write_str(self.days.to_string().trim_start_matches(['-', 'P'])),
        }
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("R")?;
        if let Some(repetitions) = self.repetitions {
            write!(formatter, "{repetitions}")?;
        }
        if let Some(start) = self.start {
            write!(formatter, "/{start}")?;
        }
        write!(formatter, "/{}", self.interval)
    }
}
