//! JSON to value, strictly by RFC 8259; a name that occurs twice in one object is refused.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::context::Context;
use super::super::decimal::Dec34;
use super::super::value::Value;
use super::{JsonError, JsonLimits};

/// Parses one JSON text. Numbers are rounded half even to 34 digits.
pub fn parse(text: &str, limits: &JsonLimits) -> Result<Value, JsonError> {
    let mut parser = Parser { text, place: 0, depth: 0, depth_max: limits.depth_max };
    if text.len() > limits.bytes_max as usize {
        parser.place = limits.bytes_max as usize;
        return Err(parser.error("a shorter text"));
    }
    parser.skip_space();
    let value = parser.value()?;
    parser.skip_space();
    if parser.place < text.len() { Err(parser.error("the end")) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    place: usize,
    depth: u32,
    depth_max: u32,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::from),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.error("a value")),
        }
    }

    fn nested(
        &mut self,
        parse: fn(&mut Self) -> Result<Value, JsonError>,
    ) -> Result<Value, JsonError> {
        if self.depth >= self.depth_max {
            return Err(self.error("less nesting"));
        }
        self.depth += 1;
        self.place += 1;
        let value = parse(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut context = Context::new();
        self.skip_space();
        if self.take(b'}') {
            return Ok(context.into());
        }
        loop {
            self.skip_space();
            let start = self.place;
            if self.peek() != Some(b'"') {
                return Err(self.error("a name in quotes"));
            }
            let name = self.string()?;
            if context.contains(&name) {
                self.place = start;
                return Err(self.error("a name only once"));
            }
            self.skip_space();
            self.expect(b':', "a colon")?;
            self.skip_space();
            let value = self.value()?;
            context.insert(name, value);
            self.skip_space();
            if self.take(b'}') {
                return Ok(context.into());
            }
            self.expect(b',', "a comma or a closing brace")?;
        }
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(items.into());
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(items.into());
            }
            self.expect(b',', "a comma or a closing bracket")?;
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.place;
        self.take(b'-');
        let first = self.peek();
        let digits = self.digits()?;
        if digits > 1 && first == Some(b'0') {
            self.place = start;
            return Err(self.error("a number without leading zeros"));
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.place).unwrap_or_default();
        text.parse::<Dec34>().map(Value::Number).map_err(|_| {
            self.place = start;
            self.error("a number below 10^6145")
        })
    }

    fn digits(&mut self) -> Result<usize, JsonError> {
        let start = self.place;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.place += 1;
        }
        if self.place == start { Err(self.error("a digit")) } else { Ok(self.place - start) }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.place += 1;
        let mut string = String::new();
        loop {
            let rest = self.rest();
            let plain = rest
                .bytes()
                .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
                .ok_or_else(|| self.error_at(self.text.len(), "a closing quote"))?;
            string.push_str(rest.get(..plain).unwrap_or_default());
            self.place += plain;
            match self.peek() {
                Some(b'"') => {
                    self.place += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                _ => return Err(self.error("an escaped control character")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.place;
        self.place += 1;
        let escaped = self.peek();
        self.place += 1;
        Ok(match escaped {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let character = self.unicode();
                return character.ok_or_else(|| self.error_at(start, "a character as \\uXXXX"));
            }
            _ => return Err(self.error_at(start, "an escape of JSON")),
        })
    }

    /// Reads four hexadecimal digits, and four more after the first half of a surrogate pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hexadecimal()?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first);
        }
        let second = (self.take(b'\\') && self.take(b'u')).then(|| self.hexadecimal())??;
        let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
        let mut decoded = char::decode_utf16(units);
        let character = decoded.next()?.ok()?;
        decoded.next().is_none().then_some(character)
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.place += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, JsonError> {
        if !self.rest().starts_with(word) {
            return Err(self.error("a value"));
        }
        self.place += word.len();
        Ok(value)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.place += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let is_here = self.peek() == Some(wanted);
        self.place += usize::from(is_here);
        is_here
    }

    fn expect(&mut self, wanted: u8, name: &'static str) -> Result<(), JsonError> {
        if self.take(wanted) { Ok(()) } else { Err(self.error(name)) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or_default()
    }

    fn error(&self, expected: &'static str) -> JsonError {
        self.error_at(self.place, expected)
    }

    fn error_at(&self, place: usize, expected: &'static str) -> JsonError {
        let found = match self.text.get(place..).and_then(|rest| rest.chars().next()) {
            Some(character) => format!("'{}'", character.escape_default()),
            None => "the end".to_string(),
        };
        JsonError { offset: u32::try_from(place).unwrap_or(u32::MAX), expected, found }
    }
}
