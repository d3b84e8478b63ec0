//! The bodies of commands and events: which intent they carry and how they are encoded.

use core::fmt::Debug;

use serde::{Deserializer, Serializer};

use crate::record::Intent;

/// A closed set of bodies, each with a stable intent and version.
pub trait Body: Clone + Debug + PartialEq + Send + 'static {
    /// Returns the intent of this body.
    fn intent(&self) -> Intent;

    /// Returns the version of this body's fields.
    fn version(&self) -> u16;

    /// Encodes the fields.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Decodes the fields of the body with an intent's number and version.
    fn decode<'de, D: Deserializer<'de>>(
        number: u16,
        version: u16,
        deserializer: D,
    ) -> Result<Self, BodyError<D::Error>>;

    /// Lists the intents of the set, by number.
    fn intents() -> Intents;
}

/// A list of intents; named here so that [`bodies!`] works in crates that do not know `alloc`.
pub type Intents = alloc::vec::Vec<Intent>;

/// Why a body could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError<E> {
    /// The set has no such intent.
    #[error("unknown intent {0}")]
    UnknownIntent(u16),
    /// The intent has no such version.
    #[error("unknown version {version} of intent {number}")]
    UnknownVersion {
        /// The intent.
        number: u16,
        /// The version.
        version: u16,
    },
    /// The fields are not those of the intent and version.
    #[error("{0}")]
    Fields(E),
}

/// Defines a closed set of bodies: an enum whose variants each wrap a structure of their own, with intent and version.
#[macro_export]
macro_rules! bodies {
    ($(#[$doc:meta])* pub enum $set:ident {
        $($(#[$variant_doc:meta])* $variant:ident($body:ty) = $number:literal $name:literal v $version:literal,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $set { $($(#[$variant_doc])* $variant($body),)+ }

        impl $crate::kernel::Body for $set {
            fn intent(&self) -> $crate::record::Intent {
                match self { $(Self::$variant(_) => $crate::record::Intent { number: $number, name: $name },)+ }
            }
            fn version(&self) -> u16 {
                match self { $(Self::$variant(_) => $version,)+ }
            }
            fn encode<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$variant(it) => serde::Serialize::serialize(it, serializer),)+ }
            }
            fn decode<'de, D: serde::Deserializer<'de>>(
                number: u16,
                version: u16,
                deserializer: D,
            ) -> Result<Self, $crate::kernel::BodyError<D::Error>> {
                match (number, version) {
                    $(($number, $version) => <$body as serde::Deserialize>::deserialize(deserializer)
                        .map(Self::$variant)
                        .map_err($crate::kernel::BodyError::Fields),)+
                    $(($number, _) => Err($crate::kernel::BodyError::UnknownVersion { number, version }),)+
                    _ => Err($crate::kernel::BodyError::UnknownIntent(number)),
                }
            }
            fn intents() -> $crate::kernel::Intents {
                $crate::kernel::Intents::from([$($crate::record::Intent { number: $number, name: $name }),+])
            }
        }

        $(impl From<$body> for $set { fn from(it: $body) -> Self { Self::$variant(it) } })+
    };
}
pub use bodies;
