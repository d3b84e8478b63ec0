//! A decimal number in a record, as FEEL's are: a text under extension code 1.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use dacapo_engine::kernel::{Sink, Visit};

/// A decimal number as its text, extension 1 on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(pub Arc<str>);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Extension((1, RawBytes(self.0.as_bytes().to_vec()))).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Extension((code, bytes)) = Extension::deserialize(deserializer)?;
        let text = String::from_utf8(bytes.0).map_err(D::Error::custom)?;
        if code == 1 { Ok(Self(text.into())) } else { Err(D::Error::custom("expected a decimal")) }
    }
}

/// What MessagePack writes as an extension: its code and bytes.
#[derive(Serialize, Deserialize)]
#[serde(rename = "_ExtStruct")]
struct Extension((i8, RawBytes));

struct RawBytes(Vec<u8>);

impl Serialize for RawBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for RawBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = RawBytes;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<RawBytes, E> {
                Ok(RawBytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Visitor)
    }
}

impl Visit for Decimal {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.text(&self.0);
    }
}
