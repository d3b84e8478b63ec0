//! The hash chain: every frame's hash covers all frames before it.

use dacapo_engine::record::Position;

use super::{Hash, StoredFrame};

/// The end of a chain that is being followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The last record's position; 0 before genesis.
    pub position: Position,
    /// The hash after the last frame; zeros before genesis.
    pub hash: Hash,
}

/// Why frames do not follow each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// A frame is missing, doubled or misplaced (invariant I-LOG-1).
    #[error("expected the frame of position {}, found the one of position {}", expected.0, found.0)]
    Gap {
        /// The position after the last record.
        expected: Position,
        /// The frame's.
        found: Position,
    },
    /// A frame has other bytes than its hash says (invariant I-LOG-5).
    #[error("expected hash {} after the frame of position {}, found {}", hex(expected), position.0, hex(found))]
    Hash {
        /// The frame.
        position: Position,
        /// The hash that is stored.
        expected: Hash,
        /// The hash of the bytes.
        found: Hash,
    },
}

impl Default for Chain {
    fn default() -> Self {
        Self { position: Position(0), hash: [0; 32] }
    }
}

impl Chain {
    /// Takes the next frame's bytes and returns the hash after them.
    ///
    /// # Errors
    ///
    /// Fails if the frame does not stand at the next position.
    pub fn push(
        &mut self,
        position: Position,
        count: u32,
        bytes: &[u8],
    ) -> Result<Hash, ChainError> {
        self.push_leaf(position, count, &leaf(bytes))
    }

    /// Takes the leaf of a frame whose bytes are elsewhere.
    ///
    /// # Errors
    ///
    /// As [`Chain::push`].
    pub fn push_leaf(
        &mut self,
        position: Position,
        count: u32,
        leaf: &Hash,
    ) -> Result<Hash, ChainError> {
        let expected = self.position.next();
        if position != expected {
            return Err(ChainError::Gap { expected, found: position });
        }
        self.hash = next_hash(&self.hash, leaf);
        self.position = Position(self.position.0.saturating_add(u64::from(count)));
        Ok(self.hash)
    }

    /// Takes a stored frame and compares the hash that is stored with it.
    ///
    /// # Errors
    ///
    /// Fails if the frame does not stand at the next position or its bytes have another hash.
    pub fn push_stored(&mut self, frame: &StoredFrame) -> Result<(), ChainError> {
        let found = self.push(frame.position, frame.count, &frame.body)?;
        if found == frame.hash {
            Ok(())
        } else {
            let (position, expected) = (frame.position, frame.hash);
            Err(ChainError::Hash { position, expected, found })
        }
    }
}

/// Returns the leaf of a frame: the hash of its bytes as they are stored.
pub fn leaf(bytes: &[u8]) -> Hash {
    *blake3::hash(bytes).as_bytes()
}

/// Returns the hash after a frame, from the hash before it and its leaf.
pub fn next_hash(previous: &Hash, leaf: &Hash) -> Hash {
    let mut both = [0; 64];
    let (first, second) = both.split_at_mut(32);
    first.copy_from_slice(previous);
    second.copy_from_slice(leaf);
    *blake3::hash(&both).as_bytes()
}

/// Returns bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).collect()
}
