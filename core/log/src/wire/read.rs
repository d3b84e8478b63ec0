//! Bodies as serde reads them, straight from the strict scan.
//!
//! Each type asks for what it wants and gets only that: a reader that offers every kind of value to every type, as
//! `rmp-serde`'s does, is most of the program once it is compiled for a browser.

use std::fmt;

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, BytesDeserializer, I8Deserializer};
use serde::de::{
    self, DeserializeSeed, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};

use super::scan::Scan;
use super::token::Token;

/// Why a value is not of the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self(problem.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(mismatched(&found, expected))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(mismatched(&found, expected))
    }
}

/// Says what was found and what was expected. What serde says itself brings the printing of floating-point numbers along,
/// which nothing here has.
pub(super) fn mismatched(found: &Unexpected<'_>, expected: &dyn Expected) -> String {
    let found = match found {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Str(text) => format!("the text {text:?}"),
        Unexpected::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Unexpected::Unit => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        Unexpected::Other(other) => (*other).to_owned(),
        _ => "another value".to_owned(),
    };
    format!("expected {expected}, found {found}")
}

/// Lets some types ask as another one does; a newtype asks as what it holds.
macro_rules! ask_alike {
    ($error:ty: $([$($asked:ident)+] as $alike:ident),+) => {
        $($(fn $asked<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, $error> {
            self.$alike(visitor)
        })+)+

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            visitor: V,
        ) -> Result<V::Value, $error> {
            visitor.visit_newtype_struct(self)
        }
    };
}

pub(super) use ask_alike;

impl<'de> Deserializer<'de> for &mut Scan<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Nil => visitor.visit_unit(),
            Token::Boolean(value) => visitor.visit_bool(value),
            Token::Unsigned(value) => visitor.visit_u64(value),
            Token::Negative(value) => visitor.visit_i64(value),
            Token::Text(text) => visitor.visit_borrowed_str(text),
            Token::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Token::List(left) => visitor.visit_seq(Items { scan: self, left }),
            Token::Map(left) => visitor.visit_map(Items { scan: self, left }),
            Token::Extension(code, bytes) => {
                visitor.visit_newtype_struct(Extension { code, bytes })
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Boolean(value) => visitor.visit_bool(value),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Unsigned(value) => visitor.visit_u64(value),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Unsigned(value) => visitor.visit_u64(value),
            Token::Negative(value) => visitor.visit_i64(value),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Text(text) => visitor.visit_borrowed_str(text),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.take_nil() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Nil => visitor.visit_unit(),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::List(left) => visitor.visit_seq(Items { scan: self, left }),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::List(left) if left as usize == length => {
                visitor.visit_seq(Items { scan: self, left })
            }
            Token::Extension(code, bytes) if length == 2 => {
                visitor.visit_seq(Pair { code: Some(code), bytes })
            }
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Map(left) => visitor.visit_map(Items { scan: self, left }),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match next(self)? {
            Token::Text(name) => visitor.visit_enum(BorrowedStrDeserializer::new(name)),
            Token::Map(1) => visitor.visit_enum(Variant(self)),
            other => Err(mismatch(other, &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.value().map_err(ReadError::custom)?;
        visitor.visit_unit()
    }

    ask_alike! {
        ReadError: [deserialize_u8 deserialize_u16 deserialize_u32] as deserialize_u64,
        [deserialize_i8 deserialize_i16 deserialize_i32] as deserialize_i64,
        [deserialize_string deserialize_identifier] as deserialize_str,
        [deserialize_byte_buf] as deserialize_bytes
    }

    serde::forward_to_deserialize_any! { i128 u128 f32 f64 char unit_struct tuple_struct }
}

/// The items of a list, or the parts of a map.
struct Items<'s, 'de> {
    scan: &'s mut Scan<'de>,
    left: u32,
}

impl Items<'_, '_> {
    fn take(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_left
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        if self.take() { seed.deserialize(&mut *self.scan).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        if self.take() { seed.deserialize(&mut *self.scan).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        seed.deserialize(&mut *self.scan)
    }
}

/// A variant with a value: a map of its name to it.
struct Variant<'s, 'de>(&'s mut Scan<'de>);

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ReadError> {
        Ok((seed.deserialize(&mut *self.0)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Err(ReadError::custom("expected a variant without a value, found one with a value"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.0.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.0.deserialize_map(visitor)
    }
}

/// An extension: a pair of its code and its bytes, as `rmp-serde` writes it.
pub(super) struct Extension<'b> {
    pub(super) code: i8,
    pub(super) bytes: &'b [u8],
}

impl<'de> Deserializer<'de> for Extension<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_seq(Pair { code: Some(self.code), bytes: self.bytes })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Pair<'b> {
    code: Option<i8>,
    bytes: &'b [u8],
}

impl<'de> SeqAccess<'de> for Pair<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let code: Option<I8Deserializer<ReadError>> =
            self.code.take().map(IntoDeserializer::into_deserializer);
        match code {
            Some(code) => seed.deserialize(code).map(Some),
            None => seed.deserialize(BytesDeserializer::new(self.bytes)).map(Some),
        }
    }
}

fn next<'de>(scan: &mut Scan<'de>) -> Result<Token<'de>, ReadError> {
    scan.token().map_err(ReadError::custom)
}

#[cold]
fn mismatch(found: Token<'_>, expected: &dyn Expected) -> ReadError {
    let found = match found {
        Token::Nil => Unexpected::Unit,
        Token::Boolean(value) => Unexpected::Bool(value),
        Token::Unsigned(value) => Unexpected::Unsigned(value),
        Token::Negative(value) => Unexpected::Signed(value),
        Token::Text(text) => Unexpected::Str(text),
        Token::Bytes(bytes) => Unexpected::Bytes(bytes),
        Token::List(_) => Unexpected::Seq,
        Token::Map(_) => Unexpected::Map,
        Token::Extension(..) => Unexpected::Other("an extension"),
    };
    ReadError::invalid_type(found, expected)
}
