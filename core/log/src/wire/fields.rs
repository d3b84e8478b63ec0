//! The body of a command that people wrote, as serde reads it: long names become those on the wire.

use std::fmt;

use dacapo_engine::feel::{Context, Value, json};
use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, Error as _, Expected, IntoDeserializer, Unexpected, Visitor};

use super::Names;
use super::read::{Extension, ask_alike, mismatched};
use super::scan::Scan;
use super::token::Token;

/// A value of a body. Types decide what a text is: a key, bytes, or a text.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) value: &'a Value,
    pub(super) names: &'a Names,
    /// Names inside it are the user's own, not long ones.
    pub(super) is_data: bool,
}

/// What is wrong with a body, its fields by their names on the wire.
#[derive(Debug)]
pub(super) enum BodyProblem {
    Unknown(String, &'static [&'static str]),
    Missing(&'static str),
    Other(String),
}

impl BodyProblem {
    /// Says it with the names that people read.
    pub(super) fn text(self, names: &Names) -> String {
        let long = |short: &str| names.field(short, false).map_or("?", |field| field.long);
        match self {
            Self::Unknown(field, expected) => {
                let expected: Vec<_> = expected.iter().map(|short| long(short)).collect();
                format!("unknown field `{field}`, expected one of {}", expected.join(", "))
            }
            Self::Missing(short) => format!("missing field `{}`", long(short)),
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for BodyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(field, _) => write!(f, "unknown field `{field}`"),
            Self::Missing(field) => write!(f, "missing field `{field}`"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for BodyProblem {}

impl de::Error for BodyProblem {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::Other(problem.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Other(mismatched(&found, expected))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Other(mismatched(&found, expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown(field.to_owned(), expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

impl<'de> IntoDeserializer<'de, BodyProblem> for Fields<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Fields<'de> {
    fn of(self, value: &'de Value) -> Self {
        Self { value, ..self }
    }

    fn map<V: Visitor<'de>>(
        self,
        context: &'de Context,
        visitor: V,
    ) -> Result<V::Value, BodyProblem> {
        let fields = context.iter().map(|(name, value)| {
            let field = if self.is_data { None } else { self.names.short(name) };
            let is_data = self.is_data || field.is_some_and(|field| field.is_data);
            (field.map_or(&**name, |field| field.short), Self { value, is_data, ..self })
        });
        visitor.visit_map(MapDeserializer::new(fields))
    }

    fn list<V: Visitor<'de>>(
        self,
        list: &'de [Value],
        visitor: V,
    ) -> Result<V::Value, BodyProblem> {
        visitor.visit_seq(SeqDeserializer::new(list.iter().map(|item| self.of(item))))
    }
}

/// Each type asks for what it wants and gets only that: see [`super::read`].
impl<'de> Deserializer<'de> for Fields<'de> {
    type Error = BodyProblem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::List(list) => self.list(list, visitor),
            Value::Context(context) => self.map(context, visitor),
            other => scalar(other, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        let whole = self.value.as_number().and_then(|number| number.to_i128());
        match whole.map(|it| (u64::try_from(it), i64::try_from(it))) {
            Some((Ok(value), _)) => visitor.visit_u64(value),
            Some((_, Ok(value))) => visitor.visit_i64(value),
            _ => Err(mismatch(self.value, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::String(text) => visitor.visit_borrowed_str(text),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::List(list) => self.list(list, visitor),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::Context(context) => self.map(context, visitor),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::String(text) => match text.parse() {
                Ok(key) => visitor.visit_u64(key),
                Err(_) => Err(BodyProblem::custom(format!("expected a key, found {text:?}"))),
            },
            _ => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        let Some(text) = self.value.as_str() else { return Err(mismatch(self.value, &visitor)) };
        let bytes = from_hex(text);
        let bytes = bytes.ok_or_else(|| BodyProblem::custom("expected hexadecimal digits"))?;
        visitor.visit_byte_buf(bytes)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyProblem> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, BodyProblem> {
        match self.value {
            Value::String(name) => visitor.visit_enum(BorrowedStrDeserializer::new(name)),
            other => {
                Err(BodyProblem::custom(format!("expected a name, found {}", json::print(other))))
            }
        }
    }

    ask_alike! {
        BodyProblem: [deserialize_i32 deserialize_u32 deserialize_u16] as deserialize_i64,
        [deserialize_string] as deserialize_str,
        [deserialize_byte_buf] as deserialize_bytes
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u128 f32 f64 char unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

/// Hands a number, a date, a time or a duration over in the form that it has in the log.
fn scalar<'de, V: Visitor<'de>>(value: &Value, visitor: V) -> Result<V::Value, BodyProblem> {
    let bytes = rmp_serde::to_vec_named(value).map_err(BodyProblem::custom)?;
    match Scan::new(&bytes).token() {
        Ok(Token::Unsigned(value)) => visitor.visit_u64(value),
        Ok(Token::Negative(value)) => visitor.visit_i64(value),
        Ok(Token::Extension(code, bytes)) => {
            visitor.visit_newtype_struct(Extension { code, bytes }).map_err(BodyProblem::custom)
        }
        Ok(_) | Err(_) => Err(mismatch(value, &visitor)),
    }
}

#[cold]
fn mismatch(found: &Value, expected: &dyn Expected) -> BodyProblem {
    let shown = json::print(found);
    let found = match found {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::String(text) => Unexpected::Str(text),
        Value::List(_) => Unexpected::Seq,
        Value::Context(_) => Unexpected::Map,
        _ => Unexpected::Other(&shown),
    };
    BodyProblem::invalid_type(found, expected)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let pair = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    pairs.chunks(2).map(pair).collect()
}
