//! Reads MessagePack strictly: shortest forms only, every length checked against what is there, bounded depth.

use rmp::Marker;

use super::token::{
    DEPTH_MAX, EXTENSION_BLOB, EXTENSION_DECIMAL, EXTENSION_SEALED, EXTENSION_TIME, Token, describe,
};
use super::{WireError, WireProblem};

/// Reads values from bytes, one after the other.
pub(super) struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    keys: Vec<&'a [u8]>,
    /// Whether whole values are passed over by their lengths.
    skips: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, keys: Vec::new(), skips: false }
    }

    /// Reads bytes whose form was checked before: values that are read over are not looked into.
    pub(super) fn checked(bytes: &'a [u8]) -> Self {
        Self { skips: true, ..Self::new(bytes) }
    }

    /// Returns the bytes that are left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn error(&self, problem: WireProblem) -> WireError {
        WireError::new(self.at, problem)
    }

    /// Reads the next value or head.
    pub(super) fn token(&mut self) -> Result<Token<'a>, WireError> {
        let start = self.at;
        let [byte] = self.array()?;
        match Marker::from_u8(byte) {
            Marker::Null => Ok(Token::Nil),
            Marker::False => Ok(Token::Boolean(false)),
            Marker::True => Ok(Token::Boolean(true)),
            Marker::FixPos(value) => Ok(Token::Unsigned(u64::from(value))),
            Marker::FixNeg(value) => Ok(Token::Negative(i64::from(value))),
            Marker::FixStr(length) => self.text(u64::from(length)),
            Marker::FixArray(count) => self.items(u64::from(count), 1).map(Token::List),
            Marker::FixMap(count) => self.items(u64::from(count), 2).map(Token::Map),
            Marker::FixExt1 => self.extension(1),
            Marker::FixExt2 => self.extension(2),
            Marker::FixExt4 => self.extension(4),
            Marker::FixExt8 => self.extension(8),
            Marker::FixExt16 => self.extension(16),
            Marker::F32 | Marker::F64 | Marker::Reserved => {
                self.at = start;
                Err(self.unexpected("a value without floating point"))
            }
            marker => self.wide(marker),
        }
    }

    /// Reads over one whole value and returns its bytes.
    pub(super) fn value(&mut self) -> Result<&'a [u8], WireError> {
        let start = self.at;
        if self.skips {
            self.skip()?;
        } else {
            self.walk(DEPTH_MAX)?;
        }
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    /// Reads over a map and returns its bytes.
    pub(super) fn body(&mut self) -> Result<&'a [u8], WireError> {
        match self.bytes.get(self.at).map(|byte| Marker::from_u8(*byte)) {
            Some(Marker::FixMap(_) | Marker::Map16 | Marker::Map32) => self.value(),
            _ => Err(self.unexpected("a body")),
        }
    }

    /// Reads the head of a map.
    pub(super) fn map(&mut self) -> Result<u32, WireError> {
        match self.token()? {
            Token::Map(count) => Ok(count),
            other => Err(self.found("a map", other)),
        }
    }

    /// Reads the head of a list.
    pub(super) fn list(&mut self) -> Result<u32, WireError> {
        match self.token()? {
            Token::List(count) => Ok(count),
            other => Err(self.found("a list", other)),
        }
    }

    /// Reads a field's name.
    pub(super) fn field(&mut self, name: &'static str) -> Result<(), WireError> {
        if self.has_field(name) {
            return Ok(());
        }
        let found = self.describe_next();
        Err(self.error(WireProblem::Field { expected: name, found }))
    }

    /// Reads a field's name if it is the next one. Names are shorter than 32 bytes.
    pub(super) fn has_field(&mut self, name: &'static str) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some((&head, rest)) = rest.split_first() else { return false };
        let is_next = usize::from(head) == 0xa0 + name.len() && rest.starts_with(name.as_bytes());
        if is_next {
            self.at += 1 + name.len();
        }
        is_next
    }

    /// Reads nil if it is the next value.
    pub(super) fn take_nil(&mut self) -> bool {
        let is_nil = self.bytes.get(self.at) == Some(&0xc0);
        self.at += usize::from(is_nil);
        is_nil
    }

    /// Reads a number that is never negative, up to a greatest value.
    pub(super) fn unsigned(&mut self, max: u64) -> Result<u64, WireError> {
        match self.token()? {
            Token::Unsigned(value) if value <= max => Ok(value),
            other => Err(self.found("a number in the range of the field", other)),
        }
    }

    /// Reads a number.
    pub(super) fn signed(&mut self) -> Result<i64, WireError> {
        match self.token()? {
            Token::Negative(value) => Ok(value),
            Token::Unsigned(value) if value <= i64::MAX as u64 => Ok(value as i64),
            other => Err(self.found("a number in the range of the field", other)),
        }
    }

    /// Reads a text.
    pub(super) fn string(&mut self) -> Result<&'a str, WireError> {
        match self.token()? {
            Token::Text(text) => Ok(text),
            other => Err(self.found("a text", other)),
        }
    }

    /// Reads bytes.
    pub(super) fn binary(&mut self) -> Result<&'a [u8], WireError> {
        match self.token()? {
            Token::Bytes(bytes) => Ok(bytes),
            other => Err(self.found("bytes", other)),
        }
    }

    /// Reads `true`, the only value of a field that is left out otherwise.
    pub(super) fn truth(&mut self) -> Result<(), WireError> {
        match self.token()? {
            Token::Boolean(true) => Ok(()),
            other => Err(self.found("true", other)),
        }
    }

    /// Checks that nothing is left.
    pub(super) fn end(&self) -> Result<(), WireError> {
        match self.left() {
            0 => Ok(()),
            left => Err(self.error(WireProblem::Trailing(left))),
        }
    }

    pub(super) fn found(&self, expected: &'static str, token: Token<'_>) -> WireError {
        self.error(WireProblem::Unexpected { expected, found: describe(token) })
    }

    fn unexpected(&mut self, expected: &'static str) -> WireError {
        let found = self.describe_next();
        self.error(WireProblem::Unexpected { expected, found })
    }

    fn describe_next(&mut self) -> String {
        let start = self.at;
        let is_float = matches!(self.bytes.get(start), Some(0xc1 | 0xca | 0xcb));
        let found = match self.bytes.get(start) {
            None => "the end".to_owned(),
            Some(byte) if is_float => format!("byte 0x{byte:02x}"),
            Some(_) => self.token().map_or_else(|error| error.problem.to_string(), describe),
        };
        self.at = start;
        found
    }

    /// Reads what follows a marker that does not hold its number or length itself.
    fn wide(&mut self, marker: Marker) -> Result<Token<'a>, WireError> {
        match marker {
            Marker::U8 => self.length::<1>(1 << 7).map(Token::Unsigned),
            Marker::U16 => self.length::<2>(1 << 8).map(Token::Unsigned),
            Marker::U32 => self.length::<4>(1 << 16).map(Token::Unsigned),
            Marker::U64 => self.length::<8>(1 << 32).map(Token::Unsigned),
            Marker::I8 => self.array().map(i8::from_be_bytes).and_then(|it| self.below(it, -32)),
            Marker::I16 => {
                self.array().map(i16::from_be_bytes).and_then(|it| self.below(it, i8::MIN))
            }
            Marker::I32 => {
                self.array().map(i32::from_be_bytes).and_then(|it| self.below(it, i16::MIN))
            }
            Marker::I64 => {
                self.array().map(i64::from_be_bytes).and_then(|it| self.below(it, i32::MIN))
            }
            Marker::Str8 => self.length::<1>(32).and_then(|it| self.text(it)),
            Marker::Str16 => self.length::<2>(1 << 8).and_then(|it| self.text(it)),
            Marker::Str32 => self.length::<4>(1 << 16).and_then(|it| self.text(it)),
            Marker::Bin8 => self.length::<1>(0).and_then(|it| self.take(it)).map(Token::Bytes),
            Marker::Bin16 => {
                self.length::<2>(1 << 8).and_then(|it| self.take(it)).map(Token::Bytes)
            }
            Marker::Bin32 => {
                self.length::<4>(1 << 16).and_then(|it| self.take(it)).map(Token::Bytes)
            }
            Marker::Array16 => {
                self.length::<2>(16).and_then(|it| self.items(it, 1)).map(Token::List)
            }
            Marker::Array32 => {
                self.length::<4>(1 << 16).and_then(|it| self.items(it, 1)).map(Token::List)
            }
            Marker::Map16 => self.length::<2>(16).and_then(|it| self.items(it, 2)).map(Token::Map),
            Marker::Map32 => {
                self.length::<4>(1 << 16).and_then(|it| self.items(it, 2)).map(Token::Map)
            }
            Marker::Ext8 => match self.length::<1>(0)? {
                1 | 2 | 4 | 8 | 16 => Err(self.error(WireProblem::Form)),
                length => self.extension(length),
            },
            Marker::Ext16 => self.length::<2>(1 << 8).and_then(|it| self.extension(it)),
            Marker::Ext32 => self.length::<4>(1 << 16).and_then(|it| self.extension(it)),
            _ => Err(self.error(WireProblem::Form)),
        }
    }

    fn walk(&mut self, depth_left: u32) -> Result<(), WireError> {
        match self.token()? {
            Token::List(count) => {
                let depth_left = self.deeper(depth_left)?;
                for _ in 0..count {
                    self.walk(depth_left)?;
                }
            }
            Token::Map(count) => {
                let depth_left = self.deeper(depth_left)?;
                let first = self.keys.len();
                for _ in 0..count {
                    self.key()?;
                    self.walk(depth_left)?;
                }
                self.check_keys(first)?;
            }
            Token::Extension(code, _) => self.check_extension(code)?,
            Token::Nil
            | Token::Boolean(_)
            | Token::Unsigned(_)
            | Token::Negative(_)
            | Token::Text(_)
            | Token::Bytes(_) => {}
        }
        Ok(())
    }

    fn deeper(&self, depth_left: u32) -> Result<u32, WireError> {
        depth_left.checked_sub(1).ok_or_else(|| self.error(WireProblem::Depth(DEPTH_MAX)))
    }

    fn key(&mut self) -> Result<(), WireError> {
        let start = self.at;
        match self.token()? {
            Token::Text(_) | Token::Unsigned(_) | Token::Negative(_) | Token::Boolean(_) => {}
            other => return Err(self.found("a key", other)),
        }
        self.keys.push(self.bytes.get(start..self.at).unwrap_or_default());
        Ok(())
    }

    /// Checks that the keys of one map differ. Few keys are compared with each other, many are sorted first.
    fn check_keys(&mut self, first: usize) -> Result<(), WireError> {
        let keys = self.keys.get_mut(first..).unwrap_or_default();
        let duplicate = if keys.len() <= FEW_KEYS {
            let mut rest = &*keys;
            let mut found = None;
            while let Some((key, others)) = rest.split_first() {
                found = found.or_else(|| others.contains(key).then_some(*key));
                rest = others;
            }
            found
        } else {
            keys.sort();
            keys.windows(2).find_map(|pair| match pair {
                [a, b] if a == b => Some(*a),
                _ => None,
            })
        };
        self.keys.truncate(first);
        match duplicate {
            None => Ok(()),
            Some(key) => {
                let name = Scan::new(key).token().map_or_else(|_| String::new(), describe);
                Err(self.error(WireProblem::Duplicate(name)))
            }
        }
    }

    fn check_extension(&self, code: i8) -> Result<(), WireError> {
        match code {
            EXTENSION_DECIMAL | EXTENSION_TIME => Ok(()),
            EXTENSION_SEALED => Err(self.error(WireProblem::Reserved("sealed value"))),
            EXTENSION_BLOB => Err(self.error(WireProblem::Reserved("blob reference"))),
            other => Err(self.error(WireProblem::Extension(other))),
        }
    }

    fn left(&self) -> u64 {
        self.bytes.len().saturating_sub(self.at) as u64
    }

    pub(super) fn take(&mut self, length: u64) -> Result<&'a [u8], WireError> {
        let end = usize::try_from(length).ok().and_then(|it| self.at.checked_add(it));
        let Some(bytes) = end.and_then(|end| self.bytes.get(self.at..end)) else {
            let left = self.left();
            return Err(self.error(WireProblem::Truncated { needed: length, left }));
        };
        self.at += bytes.len();
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(bytes) = rest.first_chunk::<N>() else {
            return Err(self.error(WireProblem::Truncated { needed: N as u64, left: self.left() }));
        };
        self.at += N;
        Ok(*bytes)
    }

    /// Reads a big-endian number of `N` bytes that no shorter form could hold.
    pub(super) fn length<const N: usize>(&mut self, least: u64) -> Result<u64, WireError> {
        let value = self.array::<N>()?.into_iter().fold(0, |sum, byte| sum << 8 | u64::from(byte));
        if value < least { Err(self.error(WireProblem::Form)) } else { Ok(value) }
    }

    /// Checks that no shorter form could hold a negative number.
    fn below(
        &self,
        value: impl Into<i64>,
        shorter_least: impl Into<i64>,
    ) -> Result<Token<'a>, WireError> {
        match value.into() {
            value if value >= shorter_least.into() => Err(self.error(WireProblem::Form)),
            value => Ok(Token::Negative(value)),
        }
    }

    fn text(&mut self, length: u64) -> Result<Token<'a>, WireError> {
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Token::Text(text)),
            Err(_) => Err(self.found("UTF-8", Token::Bytes(bytes))),
        }
    }

    /// Checks a count of items, each of which needs at least `least` bytes.
    fn items(&self, count: u64, least: u64) -> Result<u32, WireError> {
        let (needed, left) = (count.saturating_mul(least), self.left());
        match u32::try_from(count) {
            Ok(count) if needed <= left => Ok(count),
            _ => Err(self.error(WireProblem::Truncated { needed, left })),
        }
    }

    fn extension(&mut self, length: u64) -> Result<Token<'a>, WireError> {
        let code = i8::from_be_bytes(self.array()?);
        Ok(Token::Extension(code, self.take(length)?))
    }
}

const FEW_KEYS: usize = 16;
