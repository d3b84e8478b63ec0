//! Where and when a record stands.

use serde::{Deserialize, Serialize};

/// The place of a record in its partition: dense, gapless, counted from 1, below 2^50.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    /// The position of genesis.
    pub const FIRST: Self = Self(1);
    /// The first position that no log reaches.
    pub const END: u64 = 1 << 50;

    /// Returns the position `count` records later.
    pub const fn plus(self, count: u64) -> Self {
        Self(self.0.saturating_add(count))
    }

    /// Returns the position after this one.
    pub const fn next(self) -> Self {
        self.plus(1)
    }
}

/// The number of a partition, 0 to 511; a tenant lives in exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartitionId(pub u16);

impl PartitionId {
    /// The greatest partition number.
    pub const MAX: u16 = 511;
}

/// Milliseconds since 1970-01-01T00:00:00Z, as the partition stamped them; the only time the core sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns the time `ms` milliseconds later (earlier if negative), within the range of the type.
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}
