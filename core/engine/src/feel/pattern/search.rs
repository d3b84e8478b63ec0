//! Regular expressions that people look for in many texts.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::env::Dialect;
use super::super::error::{EvaluationError, EvaluationErrorKind};
use super::parse::Part;
use super::{Pattern, PatternError, compiled, machine};

/// A regular expression without references to its groups: a search takes as long as the text is, times the expression.
#[derive(Clone, Debug)]
pub struct Regex {
    pattern: Pattern,
    letters: Vec<String>,
}

/// What was expected of a regular expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at character {at} of the regular expression")]
pub struct RegexError {
    /// What was expected.
    pub expected: &'static str,
    /// Where, in characters from 1 on.
    pub at: u64,
}

impl Regex {
    /// Compiles a regular expression with the flags `s`, `m` and `i` of the function `matches`.
    ///
    /// # Errors
    ///
    /// It is none, it refers to its groups, or it is too long.
    pub fn parse(text: &str, flags: &str) -> Result<Self, RegexError> {
        regex(text, flags).map_err(|(PatternError(expected), place)| {
            let before = text.get(..place).unwrap_or(text).chars().count() as u64;
            RegexError { expected, at: before.saturating_add(1) }
        })
    }

    /// Tells whether it matches somewhere in a text.
    ///
    /// # Errors
    ///
    /// The fuel does not suffice.
    pub fn is_in(&self, text: &str, fuel: u64) -> Result<bool, EvaluationError> {
        let mut left = fuel;
        let mut pay = |amount: u64| {
            let paid = left.checked_sub(amount);
            left = paid.ok_or(EvaluationErrorKind::FuelExhausted { limit: fuel })?;
            Ok(())
        };
        Ok(machine::find(&self.pattern, text, 0, 2, &mut pay)?.is_some())
    }

    /// Returns runs of letters of ASCII that stand, each without a break, in every text in which it matches.
    pub fn letters(&self) -> &[String] {
        &self.letters
    }
}

fn regex(text: &str, flags: &str) -> Result<Regex, (PatternError, usize)> {
    if text.len() > BYTES_MAX {
        return Err((PatternError("no more than 500 bytes, but the end"), BYTES_MAX));
    }
    let (pattern, part) = compiled(text, flags, Dialect::Camunda)?;
    if pattern.has_references {
        return Err((PatternError("no references to groups"), text.len()));
    }
    // Of letters in any case some are not of ASCII.
    let letters = if pattern.is_insensitive { Vec::new() } else { letters(&part) };
    Ok(Regex { pattern, letters })
}

/// Collects the runs of letters among the parts that have to be there, one after the other.
fn letters(part: &Part) -> Vec<String> {
    let (mut runs, mut run) = (Vec::new(), String::new());
    let parts = match part {
        Part::Sequence(parts) => parts.as_slice(),
        other => core::slice::from_ref(other),
    };
    for part in parts {
        match part {
            Part::Char(it) if it.is_ascii_alphabetic() => run.push(*it),
            Part::Char(_)
            | Part::Any
            | Part::Set(_)
            | Part::Start
            | Part::End
            | Part::Boundary(_)
            | Part::Reference(_)
            | Part::Group(..)
            | Part::Sequence(_)
            | Part::Either(_)
            | Part::Repeat(..) => runs.push(core::mem::take(&mut run)),
        }
    }
    runs.push(run);
    runs
}

const BYTES_MAX: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_regular_expression_is_told_with_its_place() {
        for (text, at, expected) in [
            ("a(b", 4, "a closing parenthesis"),
            ("ä**", 3, "something to repeat before a quantifier"),
            (r"ab\", 3, "a character behind the backslash"),
            ("ab)", 3, "a parenthesis to be opened before it is closed"),
            (r"(a)\1", 6, "no references to groups"),
            (&"a".repeat(501), 501, "no more than 500 bytes, but the end"),
            ("((a{1000}){9})", 15, "a pattern of at most 5,000 steps, repetitions written out"),
        ] {
            let error = Regex::parse(text, "").expect_err("it is none");
            assert_eq!((error.at, error.expected), (at, expected), "{text}");
        }
        assert!(Regex::parse("a", "y").is_err());
    }

    #[test]
    fn letters_that_must_stand_in_a_text_are_known() {
        let letters = |text: &str, flags: &str| {
            let found = Regex::parse(text, flags).expect("a regular expression");
            found.letters().iter().filter(|it| !it.is_empty()).cloned().collect::<Vec<_>>()
        };
        assert_eq!(letters(r"order \d+ paid?", ""), ["order", "pai"]);
        assert_eq!(letters("^order$", ""), ["order"]);
        assert_eq!(letters("or(d|e)er[xyz]{2}", ""), ["or", "er"]);
        assert!(letters("order|paid", "").is_empty());
        assert!(letters("order", "i").is_empty());
    }

    #[test]
    fn a_search_ends_when_its_fuel_does() {
        let regex = Regex::parse("(a|b)*c", "").expect("a regular expression");
        assert_eq!(regex.is_in("ababc", 1_000), Ok(true));
        assert_eq!(regex.is_in("abab", 1_000), Ok(false));
        assert!(regex.is_in(&"ab".repeat(1_000), 100).is_err());
    }
}
