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
    fn visit(&self, sink: &mut dyn Sink) {
        sink.bytes(&self.0);
    }
}

impl Visit for Value {
    fn visit(&self, sink: &mut dyn Sink) {
        match self {
            Self::Null => sink.none(),
            Self::Bool(value) => sink.boolean(*value),
            Self::Number(value) => tagged(sink, "number", &value.to_string()),
            Self::String(value) => sink.text(value),
            Self::List(items) => {
                sink.list(items.len() as u64);
                items.iter().for_each(|item| item.visit(sink));
                sink.end();
            }
            Self::Context(context) => context.visit(sink),
            Self::Date(value) => tagged(sink, "date", &value.to_string()),
            Self::Time(value) => tagged(sink, "time", &value.to_string()),
            Self::DateTime(value) => tagged(sink, "date_time", &value.to_string()),
            Self::DaysDuration(value) => tagged(sink, "days", &value.to_string()),
            Self::MonthsDuration(value) => tagged(sink, "months", &value.to_string()),
            // Neither is ever stored: `expressions` refuses them.
            Self::Range(_) => tagged(sink, "range", ""),
            Self::Function(_) => tagged(sink, "function", ""),
        }
    }
}

impl Visit for Context {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.structure("context");
        for (name, value) in self.iter() {
            sink.field("name");
            sink.text(name);
            sink.field("value");
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

/// A type and a text, so that a number never agrees with the text that looks like it.
fn tagged(sink: &mut dyn Sink, kind: &'static str, text: &str) {
    sink.structure(kind);
    sink.field(kind);
    sink.text(kind);
    sink.field("text");
    sink.text(text);
    sink.end();
}
