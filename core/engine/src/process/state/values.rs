//! How the values of users enter the digest, and bytes the log.

use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::feel::{Context, Value};
use crate::kernel::{Sink, Visit};

/// The bytes of a file; bytes in the log too, not a list of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Arc<[u8]>);

impl Visit for Bytes {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.bytes(&self.0);
    }
}

impl Visit for Value {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        match self {
            Self::Null => sink.none(),
            Self::Bool(value) => sink.boolean(*value),
            Self::Number(value) => sink.tagged("number", &value.to_string()),
            Self::String(value) => sink.text(value),
            Self::List(items) => {
                sink.list(items.len() as u64);
                items.iter().for_each(|item| item.visit(sink));
                sink.end();
            }
            Self::Context(context) => context.visit(sink),
            Self::Date(value) => sink.tagged("date", &value.to_string()),
            Self::Time(value) => sink.tagged("time", &value.to_string()),
            Self::DateTime(value) => sink.tagged("date_time", &value.to_string()),
            Self::DaysDuration(value) => sink.tagged("days", &value.to_string()),
            Self::MonthsDuration(value) => sink.tagged("months", &value.to_string()),
            // Neither is ever stored: `expressions` refuses them.
            Self::Range(_) => sink.tagged("range", ""),
            Self::Function(_) => sink.tagged("function", ""),
        }
    }
}

impl Visit for Context {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.map("context");
        for (name, value) in self.iter() {
            sink.name(name);
            value.visit(sink);
        }
        sink.end();
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(BytesVisitor)
    }
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes(bytes.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Bytes, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = sequence.next_element()? {
            bytes.push(byte);
        }
        Ok(Bytes(bytes.into()))
    }
}
