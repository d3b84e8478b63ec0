//! From the text of a pattern to its parts.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::env::Dialect;
use super::class;
use super::set::Set;
use super::{Flags, PatternError};

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Part {
    Char(char),
    /// Any character, or any that does not end a line.
    Any,
    Set(Set),
    Start,
    End,
    /// Between a character of a word and another one, or not there.
    Boundary(bool),
    /// The text of a group again.
    Reference(u32),
    /// In parentheses; with a number when it is to be remembered.
    Group(Option<u32>, Box<Part>),
    Sequence(Vec<Part>),
    Either(Vec<Part>),
    Repeat(Box<Part>, Repetition),
}

/// How often a part may stand one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repetition {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    /// Whether more is better.
    pub(super) is_greedy: bool,
}

/// Parses a pattern; returns it and the number of its groups, or else the place where something else was expected, in bytes.
pub(super) fn parse(
    text: &str,
    flags: Flags,
    dialect: Dialect,
) -> Result<(Part, u32), (PatternError, usize)> {
    if flags.is_literal {
        return Ok((Part::Sequence(text.chars().map(Part::Char).collect()), 0));
    }
    let text = if flags.is_spaced { without_space(text) } else { String::from(text) };
    let mut parser = Parser {
        rest: &text,
        is_insensitive: flags.is_insensitive,
        dialect,
        groups: 0,
        categories: 0,
        closed: Vec::new(),
        depth: 0,
    };
    let part = parser.alternatives();
    let place = text.len().saturating_sub(parser.rest.len());
    let part = part.map_err(|error| (error, place))?;
    match parser.peek() {
        None => Ok((part, parser.groups)),
        Some(_) => Err((PatternError("a parenthesis to be opened before it is closed"), place)),
    }
}

pub(super) struct Parser<'a> {
    rest: &'a str,
    pub(super) is_insensitive: bool,
    pub(super) dialect: Dialect,
    groups: u32,
    categories: u32,
    closed: Vec<u32>,
    depth: u32,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Part, PatternError> {
        self.enter()?;
        let mut branches = alloc::vec![self.branch()?];
        while self.take('|') {
            branches.push(self.branch()?);
        }
        self.leave();
        match branches.pop() {
            Some(only) if branches.is_empty() => Ok(only),
            last => {
                branches.extend(last);
                Ok(Part::Either(branches))
            }
        }
    }

    fn branch(&mut self) -> Result<Part, PatternError> {
        let mut parts = Vec::new();
        while let Some(next) = self.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let atom = self.atom()?;
            parts.push(match self.repetition()? {
                Some(repetition) => Part::Repeat(Box::new(atom), repetition),
                None => atom,
            });
        }
        Ok(Part::Sequence(parts))
    }

    fn atom(&mut self) -> Result<Part, PatternError> {
        let start = self.rest;
        let Some(it) = self.advance() else { return Err(PatternError("a character")) };
        Ok(match it {
            '(' => self.group()?,
            '[' => Part::Set(class::bracket(self)?),
            '.' => Part::Any,
            '^' => Part::Start,
            '$' => Part::End,
            '\\' => {
                let escaped = self.escape();
                if escaped.is_err() {
                    self.rest = start;
                }
                return escaped;
            }
            '?' | '*' | '+' | '{' => {
                self.rest = start;
                return Err(PatternError("something to repeat before a quantifier"));
            }
            ']' | '}' if self.dialect == Dialect::Dmn => {
                self.rest = start;
                return Err(PatternError("brackets that are opened before they are closed"));
            }
            other => Part::Char(other),
        })
    }

    fn group(&mut self) -> Result<Part, PatternError> {
        let number = match self.take('?') {
            true if self.take(':') => None,
            true => return Err(PatternError("no group with '(?' but '(?:'")),
            false => {
                self.groups += 1;
                Some(self.groups)
            }
        };
        if self.groups > GROUPS_MAX {
            return Err(PatternError("at most 99 groups"));
        }
        let inner = self.alternatives()?;
        if !self.take(')') {
            return Err(PatternError("a closing parenthesis"));
        }
        self.closed.extend(number);
        Ok(Part::Group(number, Box::new(inner)))
    }

    fn escape(&mut self) -> Result<Part, PatternError> {
        let Some(it) = self.advance() else {
            return Err(PatternError("a character behind the backslash"));
        };
        match it {
            '1'..='9' => self.reference(it),
            'b' | 'B' if self.dialect == Dialect::Camunda => Ok(Part::Boundary(it == 'b')),
            _ => Ok(match class::escaped(self, it)? {
                class::Escaped::Char(it) => Part::Char(it),
                class::Escaped::Set(set) => Part::Set(set),
            }),
        }
    }

    /// Parses the number of a group that is closed; digits belong to it as long as there is such a group.
    fn reference(&mut self, first: char) -> Result<Part, PatternError> {
        let mut number = first.to_digit(10).unwrap_or_default();
        while let Some(digit) = self.peek().and_then(|it| it.to_digit(10)) {
            let longer = number * 10 + digit;
            if longer > self.groups {
                break;
            }
            number = longer;
            self.advance();
        }
        match self.closed.contains(&number) {
            true => Ok(Part::Reference(number)),
            false => Err(PatternError("a reference to a group that is closed")),
        }
    }

    fn repetition(&mut self) -> Result<Option<Repetition>, PatternError> {
        let (min, max) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                self.advance();
                return self.counted().map(Some);
            }
            _ => return Ok(None),
        };
        self.advance();
        Ok(Some(Repetition { min, max, is_greedy: !self.take('?') }))
    }

    fn counted(&mut self) -> Result<Repetition, PatternError> {
        let expected = PatternError("a quantifier such as {2}, {2,} or {2,5} up to 1000");
        let min = self.integer().ok_or(expected)?;
        let max = match self.take(',') {
            true if self.peek() == Some('}') => None,
            true => Some(self.integer().ok_or(expected)?),
            false => Some(min),
        };
        if !self.take('}') || max.is_some_and(|max| max < min) {
            return Err(expected);
        }
        Ok(Repetition { min, max, is_greedy: !self.take('?') })
    }

    fn integer(&mut self) -> Option<u32> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(length)?;
        let value = digits.parse().ok().filter(|it| *it <= REPETITIONS_MAX)?;
        self.rest = rest;
        Some(value)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn second(&self) -> Option<char> {
        self.rest.chars().nth(1)
    }

    pub(super) fn advance(&mut self) -> Option<char> {
        let mut rest = self.rest.chars();
        let it = rest.next();
        self.rest = rest.as_str();
        it
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let is_here = self.peek() == Some(wanted);
        if is_here {
            self.advance();
        }
        is_here
    }

    /// Steps over everything up to `wanted` and over that; returns what was before it.
    pub(super) fn until(&mut self, wanted: char) -> Option<&str> {
        let (before, rest) = self.rest.split_once(wanted)?;
        self.rest = rest;
        Some(before)
    }

    /// Counts a class that takes time to look up.
    pub(super) fn count_category(&mut self) -> Result<(), PatternError> {
        self.categories += 1;
        match self.categories > CATEGORIES_MAX {
            true => Err(PatternError("at most 100 categories, blocks and classes")),
            false => Ok(()),
        }
    }

    pub(super) fn enter(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            Err(PatternError("at most 32 levels of nesting"))
        } else {
            Ok(())
        }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// Removes white space, but not inside brackets.
fn without_space(text: &str) -> String {
    let is_space = |it: &char| matches!(it, ' ' | '\t' | '\n' | '\r');
    let mut kept = String::with_capacity(text.len());
    let (mut rest, mut depth) = (text.chars(), 0u32);
    while let Some(it) = rest.next() {
        match it {
            _ if depth == 0 && is_space(&it) => continue,
            '\\' => {
                kept.push(it);
                kept.extend(rest.find(|it| depth > 0 || !is_space(it)));
                continue;
            }
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        kept.push(it);
    }
    kept
}

const DEPTH_MAX: u32 = 32;
const GROUPS_MAX: u32 = 99;
const CATEGORIES_MAX: u32 = 100;
const REPETITIONS_MAX: u32 = 1000;
