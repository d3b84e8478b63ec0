//! Regular expressions of XML Schema and XPath (`matches`, `replace`, `split`, `extract`).
//!
//! A search follows all alternatives at once, so its time is the length of the text times the length of the
//! pattern. Only patterns with back-references try one alternative after the other; fuel bounds them.

mod backtrack;
mod blocks;
mod categories;
mod class;
mod machine;
mod parse;
mod program;
mod search;
mod set;

use alloc::vec::Vec;

use super::env::Dialect;
use super::error::EvaluationError;
use parse::Part;
use program::Step;
use set::Set;

pub use search::{Regex, RegexError};

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    steps: Vec<Step>,
    sets: Vec<Set>,
    groups: u32,
    has_references: bool,
    is_multiline: bool,
    is_insensitive: bool,
}

/// Where the match, then each of its groups, starts and ends, in bytes; `None` for a group that took no part.
pub(super) type Slots = Vec<Option<usize>>;

/// How a search pays.
pub(super) type Pay<'p> = &'p mut dyn FnMut(u64) -> Result<(), EvaluationError>;

/// What is wrong with a pattern or its flags: what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PatternError(pub(super) &'static str);

/// What the flags say.
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    /// `.` means any character.
    is_dot_all: bool,
    /// `^` and `$` also stand at the ends of lines.
    is_multiline: bool,
    is_insensitive: bool,
    is_spaced: bool,
    is_literal: bool,
}

impl Pattern {
    /// Compiles a pattern with the flags `s`, `m`, `i`, `x` and `q`.
    pub(super) fn compile(
        text: &str,
        flags: &str,
        dialect: Dialect,
        pay: Pay<'_>,
    ) -> Result<Result<Self, PatternError>, EvaluationError> {
        let categories = categories_in(text, dialect).saturating_mul(CATEGORY_FUEL);
        pay((text.len() as u64).saturating_add(COMPILE_FUEL).saturating_add(categories))?;
        let compiled = compiled(text, flags, dialect);
        let compiled = compiled.map(|(pattern, _)| pattern).map_err(|(error, _)| error);
        if let Ok(pattern) = &compiled {
            pay(pattern.steps.len() as u64 / STEPS_FUEL)?;
        }
        Ok(compiled)
    }

    /// Returns the number of groups in parentheses.
    pub(super) fn groups(&self) -> u32 {
        self.groups
    }

    /// Finds the first match that starts at `start` or behind it; of the groups only as many as asked for.
    pub(super) fn find(
        &self,
        text: &str,
        start: usize,
        groups: u32,
        pay: Pay<'_>,
    ) -> Result<Option<Slots>, EvaluationError> {
        let slots = (groups as usize).saturating_add(1).saturating_mul(2);
        match self.has_references {
            true => backtrack::find(self, text, start, pay),
            false => machine::find(self, text, start, slots, pay),
        }
    }
}

/// Compiles a pattern, which is returned with its parts, or tells what was expected at a place in bytes.
fn compiled(
    text: &str,
    flags: &str,
    dialect: Dialect,
) -> Result<(Pattern, Part), (PatternError, usize)> {
    let end = text.len();
    let flags = Flags::parse(flags).map_err(|error| (error, end))?;
    let (part, groups) = parse::parse(text, flags, dialect)?;
    let pattern = program::compile(&part, groups, flags).map_err(|error| (error, end))?;
    Ok((pattern, part))
}

impl Flags {
    fn parse(text: &str) -> Result<Self, PatternError> {
        let mut flags = Self::default();
        for flag in text.chars() {
            match flag {
                's' => flags.is_dot_all = true,
                'm' => flags.is_multiline = true,
                'i' => flags.is_insensitive = true,
                'x' => flags.is_spaced = true,
                'q' => flags.is_literal = true,
                _ => return Err(PatternError("flags among s, m, i, x and q")),
            }
        }
        Ok(flags)
    }
}

/// Counts what a pattern looks up in the table of categories, or a little more.
fn categories_in(text: &str, dialect: Dialect) -> u64 {
    let signs = match dialect {
        Dialect::Dmn => "pPwWdD",
        Dialect::Camunda => "pP",
    };
    text.split('\\').skip(1).filter(|it| it.starts_with(|it| signs.contains(it))).count() as u64
}

const COMPILE_FUEL: u64 = 4;
/// For each there is a walk through a table of some thousand entries.
const CATEGORY_FUEL: u64 = 200;
const STEPS_FUEL: u64 = 8;
