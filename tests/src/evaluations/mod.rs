//! What the native core says about expressions and decisions, as lines of JSON: the npm package must say the same.
//!
//! The cases are those of the specs and random changes and combinations of them, so every built-in function is among them.

mod decisions;
mod feel;
mod plain;

use std::io::{self, Write};

/// Writes the outcomes of all specs, and of as many random cases; the same seed gives the same cases.
///
/// # Errors
///
/// The output is closed.
pub fn write(out: &mut impl Write, seed: u64, count: usize) -> io::Result<()> {
    let mut numbers = Numbers(seed | 1);
    feel::write(out, &mut numbers, count)?;
    decisions::write(out, &mut numbers, count / 10)
}

/// xorshift64*: the same numbers for the same seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Cuts, doubles or inserts a piece of a text.
    fn changed(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let start = self.below(characters.len() + 1);
        let end = (start + 1 + self.below(6)).min(characters.len());
        match self.below(3) {
            0 => drop(characters.drain(start..end)),
            1 => {
                let piece = characters[start..end].to_vec();
                characters.splice(start..start, piece);
            }
            _ => {
                let piece = self.pick(PIECES).chars();
                characters.splice(start..start, piece);
            }
        }
        characters.into_iter().collect()
    }
}

/// 2026-04-01T10:00:00Z, a Wednesday.
const NOW_MS: i64 = 1_775_037_600_000;
const FUEL: u64 = 20_000;
const PIECES: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ",", ".", "\"", "-", "null", " x ", "1", " for ", "é", "😀",
    "\u{0}", "@",
];
