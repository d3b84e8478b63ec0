//! Text to tokens. Names with spaces are put together by the parser, which knows the names.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::expression::{ParseError, Span};

/// A token and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// What a token is. Its text is looked up in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A name in backticks.
    Quoted,
    /// A number without sign.
    Number,
    /// A text in double quotes.
    Text,
    /// An `@` and a text in double quotes.
    Temporal,
    /// An operator or a bracket.
    Symbol(&'static str),
    /// A character that FEEL does not use.
    Unknown,
    /// The end of the source.
    End,
}

/// Splits a source into tokens, the last one being the end.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer { source, place: 0 };
    let mut tokens = Vec::with_capacity(source.len() / 4 + 4);
    loop {
        lexer.skip_space()?;
        let start = lexer.place;
        let kind = lexer.token()?;
        tokens.push(Token { kind, span: span(start, lexer.place) });
        if kind == TokenKind::End {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    source: &'a str,
    place: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<TokenKind, ParseError> {
        let Some(first) = self.peek() else { return Ok(TokenKind::End) };
        if is_name_start(first) {
            self.skip_while(is_name_part);
            return Ok(TokenKind::Word);
        }
        if first == '"' {
            return self.delimited('"', "a closing quote").map(|()| TokenKind::Text);
        }
        if first == '`' {
            return self.delimited('`', "a closing backtick").map(|()| TokenKind::Quoted);
        }
        if first == '@' && self.rest().starts_with("@\"") {
            self.place += 1;
            return self.delimited('"', "a closing quote").map(|()| TokenKind::Temporal);
        }
        let is_fraction = first == '.' && self.second().is_some_and(|it| it.is_ascii_digit());
        if first.is_ascii_digit() || is_fraction {
            self.number();
            return Ok(TokenKind::Number);
        }
        if let Some(symbol) = symbol(first, self.second()) {
            self.place += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        self.place += first.len_utf8();
        Ok(TokenKind::Unknown)
    }

    fn number(&mut self) {
        self.skip_while(|it| it.is_ascii_digit());
        if self.peek() == Some('.') && self.second().is_some_and(|it| it.is_ascii_digit()) {
            self.place += 1;
            self.skip_while(|it| it.is_ascii_digit());
        }
        let mut exponent = self.rest().chars();
        if matches!(exponent.next(), Some('e' | 'E')) {
            let sign = match exponent.next() {
                Some('+' | '-') => 1,
                _ => 0,
            };
            let digits = self.rest().get(1 + sign..).unwrap_or_default();
            if digits.starts_with(|it: char| it.is_ascii_digit()) {
                self.place += 1 + sign;
                self.skip_while(|it| it.is_ascii_digit());
            }
        }
    }

    /// Steps over a text and its delimiters; a backslash protects the character behind it.
    fn delimited(&mut self, delimiter: char, expected: &'static str) -> Result<(), ParseError> {
        let start = self.place;
        self.place += 1;
        while let Some(it) = self.peek() {
            self.place += it.len_utf8();
            if it == delimiter {
                return Ok(());
            }
            if it == '\\' && delimiter == '"' {
                self.place += self.peek().map_or(0, char::len_utf8);
            }
        }
        Err(self.unclosed(start, expected))
    }

    fn skip_space(&mut self) -> Result<(), ParseError> {
        loop {
            self.skip_while(is_space);
            let start = self.place;
            if self.peek() != Some('/') {
                return Ok(());
            }
            if self.rest().starts_with("//") {
                self.skip_while(|it| it != '\n');
            } else if self.rest().starts_with("/*") {
                let length = self.rest().find("*/");
                let length =
                    length.ok_or_else(|| self.unclosed(start, "the end of the comment"))?;
                self.place += length + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn skip_while(&mut self, is_inside: impl Fn(char) -> bool) {
        let bytes = self.source.as_bytes();
        while let Some(byte) = bytes.get(self.place) {
            if !byte.is_ascii() {
                break;
            }
            if !is_inside(char::from(*byte)) {
                return;
            }
            self.place += 1;
        }
        let length = self.rest().find(|it| !is_inside(it)).unwrap_or(self.rest().len());
        self.place += length;
    }

    fn peek(&self) -> Option<char> {
        let first = self.source.as_bytes().get(self.place).copied()?;
        if first.is_ascii() {
            return Some(char::from(first));
        }
        self.rest().chars().next()
    }

    fn second(&self) -> Option<char> {
        let mut rest = self.rest().chars();
        rest.next();
        rest.next()
    }

    fn rest(&self) -> &str {
        self.source.get(self.place..).unwrap_or_default()
    }

    fn unclosed(&self, start: usize, expected: &'static str) -> ParseError {
        let span = span(start, self.source.len());
        ParseError { span, expected: expected.into(), found: String::from("the end") }
    }
}

/// Tells whether a name may start with the character.
fn is_name_start(it: char) -> bool {
    if it.is_ascii() {
        return it.is_ascii_alphabetic() || matches!(it, '_' | '?');
    }
    it.is_alphabetic() || matches!(it, '_' | '?') || is_beyond_letters(it)
}

fn is_name_part(it: char) -> bool {
    if it.is_ascii() {
        return it.is_ascii_alphanumeric() || matches!(it, '_' | '?');
    }
    it.is_alphanumeric()
        || matches!(it, '_' | '?' | '\u{B7}' | '\u{203F}'..='\u{2040}')
        || is_combining(it)
        || is_beyond_letters(it)
}

fn is_combining(it: char) -> bool {
    matches!(it, '\u{300}'..='\u{36F}')
}

/// Characters that DMN allows in names though they are no letters, emoji for example.
fn is_beyond_letters(it: char) -> bool {
    let is_listed = matches!(it,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
            | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}');
    is_listed && !is_space(it)
}

fn is_space(it: char) -> bool {
    it.is_whitespace() || matches!(it, '\u{180E}' | '\u{200B}' | '\u{FEFF}')
}

fn span(start: usize, end: usize) -> Span {
    // sources are far shorter than 4 GiB
    Span { start: start as u32, end: end as u32 }
}

/// Returns the longest operator or bracket that begins with these characters.
fn symbol(first: char, second: Option<char>) -> Option<&'static str> {
    Some(match (first, second) {
        ('*', Some('*')) => "**",
        ('.', Some('.')) => "..",
        ('!', Some('=')) => "!=",
        ('<', Some('=')) => "<=",
        ('>', Some('=')) => ">=",
        ('-', Some('>')) => "->",
        ('(', _) => "(",
        (')', _) => ")",
        ('[', _) => "[",
        (']', _) => "]",
        ('{', _) => "{",
        ('}', _) => "}",
        (',', _) => ",",
        (':', _) => ":",
        ('.', _) => ".",
        ('=', _) => "=",
        ('<', _) => "<",
        ('>', _) => ">",
        ('+', _) => "+",
        ('-', _) => "-",
        ('*', _) => "*",
        ('/', _) => "/",
        _ => return None,
    })
}
