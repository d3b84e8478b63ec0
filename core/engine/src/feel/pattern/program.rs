//! From parts to steps.

use alloc::vec::Vec;

use super::parse::{Part, Repetition};
use super::set::Set;
use super::{Flags, Pattern, PatternError};

/// One step of a search.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Char(char),
    Set(u32),
    /// Any character.
    Any,
    /// Any character but the ends of lines.
    AnyOfLine,
    /// Goes on at both, the first one being better.
    Split(u32, u32),
    Jump(u32),
    /// Remembers the place.
    Save(u32),
    Start,
    End,
    Boundary(bool),
    Reference(u32),
    Match,
}

struct Compiler {
    steps: Vec<Step>,
    sets: Vec<Set>,
    flags: Flags,
    has_references: bool,
}

pub(super) fn compile(part: &Part, groups: u32, flags: Flags) -> Result<Pattern, PatternError> {
    let mut compiler =
        Compiler { steps: Vec::new(), sets: Vec::new(), flags, has_references: false };
    compiler.push(Step::Save(0))?;
    compiler.part(part)?;
    compiler.push(Step::Save(1))?;
    compiler.push(Step::Match)?;
    Ok(Pattern {
        steps: compiler.steps,
        sets: compiler.sets,
        groups,
        has_references: compiler.has_references,
        is_multiline: flags.is_multiline,
        is_insensitive: flags.is_insensitive,
    })
}

impl Compiler {
    // Recursion ends: parts nest as deep as the parentheses of the pattern, which are limited.
    fn part(&mut self, part: &Part) -> Result<(), PatternError> {
        match part {
            Part::Char(it) => self.push(Step::Char(*it)),
            Part::Any if self.flags.is_dot_all => self.push(Step::Any),
            Part::Any => self.push(Step::AnyOfLine),
            Part::Set(set) => {
                let place = self.sets.len() as u32;
                self.sets.push(set.clone());
                self.push(Step::Set(place))
            }
            Part::Start => self.push(Step::Start),
            Part::End => self.push(Step::End),
            Part::Boundary(is_there) => self.push(Step::Boundary(*is_there)),
            Part::Reference(group) => {
                self.has_references = true;
                self.push(Step::Reference(*group))
            }
            Part::Group(None, inner) => self.part(inner),
            Part::Group(Some(number), inner) => {
                self.push(Step::Save(number * 2))?;
                self.part(inner)?;
                self.push(Step::Save(number * 2 + 1))
            }
            Part::Sequence(parts) => parts.iter().try_for_each(|part| self.part(part)),
            Part::Either(branches) => self.either(branches),
            Part::Repeat(inner, repetition) => self.repeat(inner, *repetition),
        }
    }

    fn either(&mut self, branches: &[Part]) -> Result<(), PatternError> {
        let mut jumps = Vec::new();
        for (place, branch) in branches.iter().enumerate() {
            let is_last = place + 1 == branches.len();
            let split = self.here();
            if !is_last {
                self.push(Step::Split(split + 1, 0))?;
            }
            self.part(branch)?;
            if !is_last {
                jumps.push(self.here());
                self.push(Step::Jump(0))?;
                let next = self.here();
                self.put(split, Step::Split(split + 1, next));
            }
        }
        let end = self.here();
        jumps.iter().for_each(|jump| self.put(*jump, Step::Jump(end)));
        Ok(())
    }

    fn repeat(&mut self, inner: &Part, it: Repetition) -> Result<(), PatternError> {
        for _ in 0..it.min {
            self.part(inner)?;
        }
        let Some(max) = it.max else {
            let split = self.here();
            self.push(Step::Jump(0))?;
            self.part(inner)?;
            self.push(Step::Jump(split))?;
            let end = self.here();
            self.put(split, choice(split + 1, end, it.is_greedy));
            return Ok(());
        };
        let mut splits = Vec::new();
        for _ in it.min..max {
            splits.push(self.here());
            self.push(Step::Jump(0))?;
            self.part(inner)?;
        }
        let end = self.here();
        splits.iter().for_each(|split| self.put(*split, choice(split + 1, end, it.is_greedy)));
        Ok(())
    }

    fn here(&self) -> u32 {
        self.steps.len() as u32
    }

    fn push(&mut self, step: Step) -> Result<(), PatternError> {
        if self.steps.len() >= STEPS_MAX {
            return Err(PatternError("a pattern of at most 5,000 steps, repetitions written out"));
        }
        self.steps.push(step);
        Ok(())
    }

    fn put(&mut self, place: u32, step: Step) {
        if let Some(slot) = self.steps.get_mut(place as usize) {
            *slot = step;
        }
    }
}

/// Goes into a repetition or out of it, the better one first.
fn choice(inside: u32, outside: u32, is_greedy: bool) -> Step {
    if is_greedy { Step::Split(inside, outside) } else { Step::Split(outside, inside) }
}

const STEPS_MAX: usize = 5_000;
