//! The names that the engine gives to entities.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{PartitionId, Position};

/// The id of an entity: partition (9 bits), incarnation mod 16 (4 bits), and the position of the record that created it
/// (50 bits); positive in 63 bits. A decimal string outside Rust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub u64);

/// What a key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyParts {
    /// The partition that made it.
    pub partition: PartitionId,
    /// The incarnation of the log, modulo 16.
    pub incarnation: u8,
    /// The record that created the entity.
    pub position: Position,
}

impl Key {
    /// Makes the key of the entity that the record at `position` creates.
    pub const fn new(partition: PartitionId, incarnation: u32, position: Position) -> Self {
        let partition = (partition.0 & PartitionId::MAX) as u64;
        let incarnation = (incarnation % 16) as u64;
        Self(partition << 54 | incarnation << 50 | (position.0 & (Position::END - 1)))
    }

    /// Takes the key apart.
    pub const fn parts(self) -> KeyParts {
        KeyParts {
            partition: PartitionId((self.0 >> 54) as u16 & PartitionId::MAX),
            incarnation: (self.0 >> 50 & 0xf) as u8,
            position: Position(self.0 & (Position::END - 1)),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_where_its_entity_was_born() {
        let key = Key::new(PartitionId(511), 17, Position(Position::END - 1));
        let parts = KeyParts {
            partition: PartitionId(511),
            incarnation: 1,
            position: Position(Position::END - 1),
        };
        assert_eq!(key.parts(), parts);
        assert!(key.0 < 1 << 63);
    }
}
