//! Named time zones, from the table of `zones.bin`: the tz database since 1970, nothing of the machine.
//!
//! `UPDATE=1 cargo test -p dacapo-tests --test feel_zones` makes the table from the files of the IANA.

use super::{DAY_SECONDS, Date, UtcOffset};

/// The version of the tz database, as the log records it.
pub const TZDB_VERSION: &str = "2026e";

/// A named time zone, such as Europe/Berlin: a line of the table of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(u16);

/// What the table says about a zone.
struct Rules {
    first: i64,
    standard: i64,
    summer: Option<Summer>,
    changes: Reader,
}

/// The time in summer of all years behind the last change.
struct Summer {
    offset: i64,
    start: Day,
    end: Day,
}

/// The n-th weekday of a month (5 for the last), and the seconds of local time behind its midnight.
struct Day {
    month: u32,
    week: i64,
    weekday: i64,
    time: i64,
}

/// A cursor over the table.
#[derive(Clone, Copy)]
struct Reader {
    rest: &'static [u8],
}

impl Zone {
    /// Returns the zone of that name.
    pub fn find(name: &str) -> Option<Self> {
        let place = NAMES.lines().position(|it| it == name)?;
        u16::try_from(place).ok().map(Self)
    }

    /// Returns its name.
    pub fn name(self) -> &'static str {
        NAMES.lines().nth(self.0.into()).unwrap_or_default()
    }

    /// Returns the offset at an instant, in seconds since 1970-01-01T00:00:00Z.
    pub fn offset_at(self, instant: i64) -> UtcOffset {
        let rules = Rules::of(self);
        offset(rules.map_or(0, |rules| rules.offset_at(instant)))
    }

    /// Returns the offset of a local time, in seconds since 1970-01-01T00:00:00 there. A time that comes twice is the
    /// first one; a time that is skipped goes by the offset before the gap.
    pub fn offset_of_local(self, local: i64) -> UtcOffset {
        let Some(rules) = Rules::of(self) else { return UtcOffset::UTC };
        let before = rules.offset_at(local.saturating_sub(DAY_SECONDS));
        let after = rules.offset_at(local.saturating_add(DAY_SECONDS));
        let is_after = rules.offset_at(local.saturating_sub(before)) != before
            && rules.offset_at(local.saturating_sub(after)) == after;
        offset(if is_after { after } else { before })
    }

    /// Returns the offset in winter, for times of day without a day.
    pub fn standard_offset(self) -> UtcOffset {
        offset(Rules::of(self).map_or(0, |rules| rules.standard))
    }
}

impl Rules {
    fn of(zone: Zone) -> Option<Self> {
        let place = usize::from(zone.0) * 2;
        let mut reader = Reader { rest: TABLE.get(place..)? };
        let rules = reader.short()?;
        let mut reader = Reader { rest: TABLE.get(NAMES.lines().count() * 2..)? };
        for _ in 0..rules {
            let length = reader.short()?;
            reader.rest = reader.rest.get(usize::from(length)..)?;
        }
        let length = reader.short()?;
        let mut changes = Reader { rest: reader.rest.get(..usize::from(length))? };
        let (first, standard) = (changes.span()?, changes.span()?);
        let summer = match changes.byte()? {
            0 => None,
            _ => {
                Some(Summer { offset: changes.span()?, start: changes.day()?, end: changes.day()? })
            }
        };
        Some(Self { first, standard, summer, changes })
    }

    fn offset_at(&self, instant: i64) -> i64 {
        let mut changes = self.changes;
        let (mut offset, mut day) = (self.first, 0);
        while let Some((days, time, shift)) = changes.change() {
            day += days;
            if instant < day * DAY_SECONDS + time - offset {
                return offset;
            }
            offset += shift;
        }
        // in the year of the last change the rule may have another past
        self.summer.as_ref().map_or(offset, |summer| summer.offset_at(instant, self.standard))
    }
}

impl Summer {
    fn offset_at(&self, instant: i64, standard: i64) -> i64 {
        let days = instant.saturating_add(standard).div_euclid(DAY_SECONDS);
        let Some(date) = Date::from_epoch_days(days) else { return standard };
        let starts = self.start.of_year(date.year()).map(|it| it - standard);
        let ends = self.end.of_year(date.year()).map(|it| it - self.offset);
        let (Some(starts), Some(ends)) = (starts, ends) else { return standard };
        let is_summer = match starts < ends {
            true => (starts..ends).contains(&instant),
            // south of the equator
            false => !(ends..starts).contains(&instant),
        };
        if is_summer { self.offset } else { standard }
    }
}

impl Day {
    /// Returns the seconds of local time since 1970 until the moment in a year.
    fn of_year(&self, year: i64) -> Option<i64> {
        let first = Date::new(year, self.month, 1)?;
        let last = first.last_day_of_month().epoch_days();
        let weekday = i64::from(first.weekday() % 7);
        let mut day = first.epoch_days() + (self.weekday - weekday).rem_euclid(7);
        day += 7 * (self.week - 1);
        if day > last {
            day -= 7;
        }
        Some(day * DAY_SECONDS + self.time)
    }
}

impl Reader {
    /// Reads a change: days since the one before, seconds of local time behind midnight, by how much.
    fn change(&mut self) -> Option<(i64, i64, i64)> {
        let (mut days, mut shift) = (0i64, 0);
        loop {
            let byte = self.byte()?;
            days |= i64::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                break;
            }
        }
        Some((days, self.span()?, self.span()?))
    }

    fn day(&mut self) -> Option<Day> {
        let (month, place) = (self.byte()?, self.byte()?);
        let (week, weekday) = (i64::from(place / 8), i64::from(place % 8));
        Some(Day { month: month.into(), week, weekday, time: self.span()? })
    }

    /// Reads seconds: quarters of an hour in one byte, anything else behind a mark.
    fn span(&mut self) -> Option<i64> {
        let quarters = self.byte()?.cast_signed();
        if quarters != i8::MIN {
            return Some(i64::from(quarters) * 900);
        }
        let (bytes, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(i32::from_le_bytes(*bytes).into())
    }

    fn short(&mut self) -> Option<u16> {
        let (bytes, rest) = self.rest.split_first_chunk::<2>()?;
        self.rest = rest;
        Some(u16::from_le_bytes(*bytes))
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }
}

fn offset(seconds: i64) -> UtcOffset {
    i32::try_from(seconds).ok().and_then(UtcOffset::from_seconds).unwrap_or(UtcOffset::UTC)
}

const NAMES: &str = include_str!("zones.txt");
const TABLE: &[u8] = include_bytes!("zones.bin");
