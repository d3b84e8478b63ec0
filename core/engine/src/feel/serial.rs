//! Values in the serde data model, made for MessagePack: extension 1 is a decimal number, 2 a temporal value.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, SerializeMap, SerializeSeq, SerializeTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::calendar::{Date, DateTime, DaysDuration, MonthsDuration, Time, UtcOffset, Zone};
use super::context::Context;
use super::decimal::Dec34;
use super::limits::VALUE_DEPTH_MAX;
use super::value::Value;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::List(list) => {
                check_depth(self)?;
                let mut sequence = serializer.serialize_seq(Some(list.len()))?;
                for item in list.iter() {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
            Self::Context(context) => context.serialize(serializer),
            Self::Date(_)
            | Self::Time(_)
            | Self::DateTime(_)
            | Self::DaysDuration(_)
            | Self::MonthsDuration(_) => extension(serializer, TEMPORAL, &temporal_bytes(self)),
            Self::Range(_) => {
                Err(ser::Error::custom("expected a value that can be stored, found a range"))
            }
            Self::Function(_) => {
                Err(ser::Error::custom("expected a value that can be stored, found a function"))
            }
        }
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.measure().depth() > VALUE_DEPTH_MAX {
            return Err(ser::Error::custom(TOO_DEEP));
        }
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(&**name, value)?;
        }
        map.end()
    }
}

impl Serialize for Dec34 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.to_i128().map(|it| (i64::try_from(it), u64::try_from(it))) {
            Some((_, Ok(value))) => serializer.serialize_u64(value),
            Some((Ok(value), _)) => serializer.serialize_i64(value),
            _ => extension(serializer, DECIMAL, &decimal_bytes(*self)),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested { depth: VALUE_DEPTH_MAX }.deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Context(context) => Ok(alloc::sync::Arc::unwrap_or_clone(context)),
            other => Err(expected("a map", other.type_name())),
        }
    }
}

impl<'de> Deserialize<'de> for Dec34 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) => Ok(number),
            other => Err(expected("a number", other.type_name())),
        }
    }
}

/// A value inside others, with the levels that are left.
struct Nested {
    depth: u32,
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of FEEL")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom(
            "expected an integer or a decimal number, found a binary floating-point number",
        ))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| de::Error::custom(TOO_DEEP))?;
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(Nested { depth })? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| de::Error::custom(TOO_DEEP))?;
        let mut context = Context::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Nested { depth })?;
            if context.contains(&name) {
                return Err(de::Error::custom(alloc::format!(
                    "expected a name only once, found {name:?} again"
                )));
            }
            context.insert(name, value);
        }
        Ok(context.into())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        let (code, bytes) = inner.deserialize_tuple(2, ExtensionVisitor)?;
        let value = match code {
            DECIMAL => decode_decimal(&bytes).map(Value::Number),
            TEMPORAL => decode_temporal(&bytes),
            _ => {
                return Err(expected("extension 1 or 2", &alloc::format!("extension {code}")));
            }
        };
        value.ok_or_else(|| expected("the canonical bytes of a value", "other bytes"))
    }
}

struct ExtensionVisitor;

impl<'de> Visitor<'de> for ExtensionVisitor {
    type Value = (i8, Vec<u8>);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the code and the bytes of an extension")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let missing = || de::Error::custom("expected the code and the bytes of an extension");
        let code = sequence.next_element::<i8>()?.ok_or_else(missing)?;
        let bytes = sequence.next_element::<Bytes>()?.ok_or_else(missing)?;
        Ok((code, bytes.0))
    }
}

/// Bytes as serde has them, not a list of numbers.
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;
        impl Visitor<'_> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(BytesVisitor)
    }
}

/// The pair that MessagePack writes as an extension.
struct Extension<'a> {
    code: i8,
    bytes: &'a [u8],
}

impl Serialize for Extension<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(2)?;
        tuple.serialize_element(&self.code)?;
        tuple.serialize_element(&Bytes(self.bytes.to_vec()))?;
        tuple.end()
    }
}

fn extension<S: Serializer>(serializer: S, code: i8, bytes: &[u8]) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct("_ExtStruct", &Extension { code, bytes })
}

fn check_depth<E: ser::Error>(value: &Value) -> Result<(), E> {
    if value.depth() > VALUE_DEPTH_MAX { Err(E::custom(TOO_DEEP)) } else { Ok(()) }
}

fn expected<E: de::Error>(expected: &str, found: &str) -> E {
    E::custom(alloc::format!("expected {expected}, found {found}"))
}

/// Exponent (2 bytes), then the coefficient as the shortest two's complement; both big endian.
fn decimal_bytes(number: Dec34) -> Vec<u8> {
    let (negative, coefficient, exponent) = number.to_parts();
    // both fit: coefficients are below 10^34, exponents within ±6176
    let coefficient = i128::try_from(coefficient).unwrap_or_default();
    let coefficient = if negative { -coefficient } else { coefficient };
    let mut bytes = Vec::from(i16::try_from(exponent).unwrap_or_default().to_be_bytes());
    bytes.extend(coefficient.to_be_bytes().iter().skip(redundant_bytes(coefficient)));
    bytes
}

fn redundant_bytes(coefficient: i128) -> usize {
    let magnitude = if coefficient < 0 { !coefficient } else { coefficient };
    (magnitude.leading_zeros().saturating_sub(1) / 8).min(15) as usize
}

fn decode_decimal(bytes: &[u8]) -> Option<Dec34> {
    let (exponent, rest) = bytes.split_first_chunk::<2>()?;
    if rest.is_empty() || rest.len() > 16 {
        return None;
    }
    let sign = if rest.first()? & 0x80 == 0 { 0 } else { -1 };
    let coefficient = rest.iter().fold(sign, |sum: i128, byte| (sum << 8) | i128::from(*byte));
    let exponent = i32::from(i16::from_be_bytes(*exponent));
    let number = Dec34::from_parts(coefficient < 0, coefficient.unsigned_abs(), exponent)?;
    // integers in the range of 64 bits have their own encoding
    let is_integer =
        number.to_i128().is_some_and(|it| i64::try_from(it).is_ok() || u64::try_from(it).is_ok());
    (!is_integer && decimal_bytes(number) == bytes).then_some(number)
}

/// A tag, then fixed-width big-endian fields; the offset is there only if the value has one, the name of its zone too.
fn temporal_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    match value {
        Value::Date(date) => {
            bytes.push(TAG_DATE);
            bytes.extend(date.epoch_days().to_be_bytes());
        }
        Value::Time(time) => {
            bytes.push(TAG_TIME);
            push_time(&mut bytes, *time);
        }
        Value::DateTime(date_time) => {
            bytes.push(TAG_DATE_TIME);
            bytes.extend(date_time.date().epoch_days().to_be_bytes());
            push_time(&mut bytes, date_time.time());
        }
        Value::DaysDuration(duration) => {
            bytes.push(TAG_DAYS);
            bytes.extend(duration.nanoseconds().to_be_bytes());
        }
        Value::MonthsDuration(duration) => {
            bytes.push(TAG_MONTHS);
            bytes.extend(duration.months().to_be_bytes());
        }
        _ => {}
    }
    bytes
}

fn push_time(bytes: &mut Vec<u8>, time: Time) {
    bytes.extend(time.nanosecond_of_day().to_be_bytes());
    if let Some(offset) = time.offset() {
        bytes.extend(offset.seconds().to_be_bytes());
    }
    bytes.extend(time.zone().map(|zone| zone.name().as_bytes()).unwrap_or_default());
}

fn decode_temporal(bytes: &[u8]) -> Option<Value> {
    let (tag, rest) = bytes.split_first()?;
    match *tag {
        TAG_DATE => Some(Value::Date(decode_date(rest)?)),
        TAG_TIME => Some(Value::Time(decode_time(rest)?)),
        TAG_DATE_TIME => {
            let (date, time) = rest.split_at_checked(8)?;
            let (date, time) = (decode_date(date)?, decode_time(time)?);
            Some(Value::DateTime(DateTime::with_known_offset(date, time)))
        }
        TAG_DAYS => {
            let nanoseconds = i128::from_be_bytes(rest.try_into().ok()?);
            Some(Value::DaysDuration(DaysDuration::from_nanoseconds(nanoseconds)?))
        }
        TAG_MONTHS => {
            let months = i64::from_be_bytes(rest.try_into().ok()?);
            Some(Value::MonthsDuration(MonthsDuration::new(months)))
        }
        _ => None,
    }
}

fn decode_date(bytes: &[u8]) -> Option<Date> {
    Date::from_epoch_days(i64::from_be_bytes(bytes.try_into().ok()?))
}

fn decode_time(bytes: &[u8]) -> Option<Time> {
    let (nanosecond, offset) = bytes.split_first_chunk::<8>()?;
    let nanosecond = u64::from_be_bytes(*nanosecond);
    let Some((offset, zone)) = offset.split_first_chunk::<4>() else {
        return offset.is_empty().then(|| Time::from_nanosecond(nanosecond, None))?;
    };
    let offset = UtcOffset::from_seconds(i32::from_be_bytes(*offset))?;
    let time = Time::from_nanosecond(nanosecond, Some(offset))?;
    match zone {
        [] => Some(time),
        // the offset is the one that was stored, whatever the tz database says by then
        name => Some(time.with_zone(Zone::find(core::str::from_utf8(name).ok()?)?, offset)),
    }
}

const DECIMAL: i8 = 1;
const TEMPORAL: i8 = 2;
const TAG_DATE: u8 = 1;
const TAG_TIME: u8 = 2;
const TAG_DATE_TIME: u8 = 3;
const TAG_DAYS: u8 = 4;
const TAG_MONTHS: u8 = 5;
const TOO_DEEP: &str = "expected at most 64 levels of nesting, found more";
