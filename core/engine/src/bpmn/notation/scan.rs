//! Walks over a notation, character by character.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::NotationError;

/// A place in a notation.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// A piece of the notation and the byte where it begins.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks, and line ends too.
    pub(super) fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Skips blanks within the line.
    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        self.at += blanks;
    }

    /// Takes `token` if it comes next.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// Takes a word of letters, digits and `_`.
    pub(super) fn word(&mut self, expected: &str) -> Result<Piece<'a>, NotationError> {
        let rest = self.rest();
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || !it.is_ascii();
        let text = rest.get(..rest.find(|it| !is_part(it)).unwrap_or(rest.len()));
        let text = text.unwrap_or_default();
        if text.is_empty() || text.starts_with(|it: char| it.is_ascii_digit()) {
            return Err(self.error(self.at, expected));
        }
        let at = self.at;
        self.at += text.len();
        Ok(Piece { text, at })
    }

    /// Takes all up to the bracket `close` that ends what was just opened, and the bracket too.
    pub(super) fn until(&mut self, close: char) -> Result<Piece<'a>, NotationError> {
        let (rest, at) = (self.rest(), self.at);
        let mut nesting = Nesting::default();
        for (end, character) in rest.char_indices() {
            if character == close && nesting.is_outside() {
                self.at += end + character.len_utf8();
                return Ok(Piece { text: rest.get(..end).unwrap_or_default(), at }.trim());
            }
            nesting.step(character);
        }
        Err(self.error(self.text.len(), &format!("'{close}'")))
    }

    /// Says that something else was expected at a byte.
    pub(super) fn error(&self, at: usize, expected: &str) -> NotationError {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|it| *it != '\n').count() + 1;
        let found = self.text.get(at..).unwrap_or_default();
        let found = match found.split_ascii_whitespace().next() {
            None => "the end".to_owned(),
            Some(_) if found.starts_with('\n') => "the end of the line".to_owned(),
            Some(word) => format!("'{}'", word.chars().take(FOUND_MAX).collect::<String>()),
        };
        NotationError {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            expected: expected.to_owned(),
            found,
        }
    }
}

impl<'a> Piece<'a> {
    /// Drops blanks around it.
    pub(super) fn trim(self) -> Self {
        let start = self.text.trim_start();
        Self { text: start.trim_end(), at: self.at + self.text.len() - start.len() }
    }

    /// Splits it at commas outside of brackets and quotes.
    pub(super) fn split_commas(self) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut nesting = Nesting::default();
        let mut start = 0;
        for (at, character) in self.text.char_indices() {
            if character == ',' && nesting.is_outside() {
                pieces.push(self.slice(start, at));
                start = at + 1;
            }
            nesting.step(character);
        }
        pieces.push(self.slice(start, self.text.len()));
        pieces
    }

    /// Splits it at the first `=`.
    pub(super) fn split_equals(self) -> Option<(Piece<'a>, Piece<'a>)> {
        let at = self.text.find('=')?;
        Some((self.slice(0, at), self.slice(at + 1, self.text.len())))
    }

    /// Splits its first word off.
    pub(super) fn split_word(self) -> (&'a str, Piece<'a>) {
        let end = self.text.find(char::is_whitespace).unwrap_or(self.text.len());
        (self.text.get(..end).unwrap_or_default(), self.slice(end, self.text.len()))
    }

    fn slice(self, start: usize, end: usize) -> Self {
        Self { text: self.text.get(start..end).unwrap_or_default(), at: self.at + start }.trim()
    }
}

/// Brackets and quotes that are open.
#[derive(Default)]
struct Nesting {
    depth: u32,
    is_quoted: bool,
    is_escaped: bool,
}

impl Nesting {
    fn is_outside(&self) -> bool {
        self.depth == 0 && !self.is_quoted
    }

    fn step(&mut self, character: char) {
        match character {
            _ if self.is_escaped => self.is_escaped = false,
            '\\' if self.is_quoted => self.is_escaped = true,
            '"' => self.is_quoted = !self.is_quoted,
            '(' | '[' | '{' if !self.is_quoted => self.depth += 1,
            ')' | ']' | '}' if !self.is_quoted => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

const FOUND_MAX: usize = 20;
