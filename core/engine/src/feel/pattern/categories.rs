//! The general categories of Unicode 16. The table is made by `UPDATE=1 cargo test -p dacapo-tests --test feel_tables`.

use alloc::vec::Vec;

use super::set::Set;

/// Returns the characters of a category (`Lu`) or of all that start with its letter (`L`).
pub(super) fn category(name: &str) -> Option<Set> {
    categories(&[name])
}

/// Returns the characters of several categories in one go through the table, if each of them is one.
pub(super) fn categories(names: &[&str]) -> Option<Set> {
    let mut wanted = 0;
    for name in names {
        let found = places(name);
        if found == 0 {
            return None;
        }
        wanted |= found;
    }
    let (is_upper, is_lower) = (wanted & places("Lu") != 0, wanted & places("Ll") != 0);
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for run in Runs::default() {
        let last = run.first + run.length - 1;
        if run.name >= COUNT {
            // one upper and one lower case letter after the other
            match (is_upper, is_lower) {
                (true, true) => push(&mut ranges, run.first, last),
                (false, false) => {}
                (_, is_lower) => {
                    let first = run.first + u32::from(is_lower);
                    (first..=last).step_by(2).for_each(|it| push(&mut ranges, it, it));
                }
            }
        } else if wanted & (1 << run.name) != 0 {
            push(&mut ranges, run.first, last);
        }
    }
    Some(Set::Ranges(ranges))
}

/// Returns the places in the list of names that a name means, a bit for each.
fn places(name: &str) -> u32 {
    let is_wanted = |it: &str| it == name || name.len() == 1 && it.starts_with(name);
    let all = (0..).zip(NAMES.split(' ')).filter(|(_, it)| is_wanted(it));
    all.fold(0, |found, (place, _)| found | 1 << place)
}

/// Characters of one category after the other.
struct Run {
    first: u32,
    length: u32,
    name: usize,
}

#[derive(Default)]
struct Runs {
    place: usize,
    first: u32,
}

impl Iterator for Runs {
    type Item = Run;

    /// Reads five bits of name and three of length, or a longer length in groups of seven bits.
    fn next(&mut self) -> Option<Run> {
        let byte = self.byte()?;
        let mut length = u32::from(byte & 7);
        if length == 0 {
            let mut shift = 0;
            loop {
                let byte = self.byte()?;
                length |= u32::from(byte & 127) << shift;
                shift += 7;
                if byte < 128 {
                    break;
                }
            }
            length += 8;
        }
        let run = Run { first: self.first, length, name: usize::from(byte >> 3) };
        self.first += length;
        Some(run)
    }
}

impl Runs {
    fn byte(&mut self) -> Option<u8> {
        let byte = TABLE.get(self.place).copied();
        self.place += 1;
        byte
    }
}

fn push(ranges: &mut Vec<(u32, u32)>, first: u32, last: u32) {
    match ranges.last_mut() {
        Some((_, end)) if *end + 1 == first => *end = last,
        _ => ranges.push((first, last)),
    }
}

/// In the order of the table; the number behind the last means upper and lower case letters in turn.
const NAMES: &str =
    "Cc Cf Cn Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs";
/// How many they are.
const COUNT: usize = 30;
const TABLE: &[u8] = include_bytes!("categories.bin");
