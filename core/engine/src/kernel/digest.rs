//! The digest of a state: the sum, modulo 2^256, of the hashes of its rows. Equal states have equal digests, whatever
//! the way that led there; a step changes it by the rows that it changed.

use core::fmt;

use super::{ByteSink, Sink, Visit};

/// The digest of a whole state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateDigest([u64; 4]);

impl StateDigest {
    /// Adds a row.
    #[inline]
    pub fn add(&mut self, row: RowHash) {
        let mut carry = false;
        for (word, other) in self.0.iter_mut().zip(words(row)) {
            (*word, carry) = add_with_carry(*word, other, carry);
        }
    }

    /// Takes a row away.
    #[inline]
    pub fn subtract(&mut self, row: RowHash) {
        let mut borrow = false;
        for (word, other) in self.0.iter_mut().zip(words(row)) {
            (*word, borrow) = subtract_with_borrow(*word, other, borrow);
        }
    }

    /// Returns all 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Makes the digest of the bytes that [`StateDigest::bytes`] returned.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let [a, b, c, d] = words_array(bytes);
        Self([a, b, c, d])
    }

    /// Returns the eight bytes that a frame carries.
    pub fn short(&self) -> [u8; 8] {
        let [first, ..] = self.0;
        first.to_le_bytes()
    }
}

impl fmt::Display for StateDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What one row adds to the digest.
pub type RowHash = [u8; 32];

/// Hashes a row: BLAKE3 of table number, key and value in canonical bytes. `scratch` is only memory to reuse.
#[inline]
pub fn row_hash(scratch: &mut ByteSink, table: u16, key: &dyn Visit, value: &dyn Visit) -> RowHash {
    scratch.clear();
    scratch.unsigned(u64::from(table));
    key.visit(scratch);
    value.visit(scratch);
    *blake3::hash(scratch.collected()).as_bytes()
}

#[inline]
fn words(bytes: [u8; 32]) -> impl Iterator<Item = u64> {
    words_array(bytes).into_iter()
}

#[inline]
fn words_array(bytes: [u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        *word = u64::from_le_bytes(eight);
    }
    words
}

#[inline]
const fn add_with_carry(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = a.overflowing_add(b);
    let (sum, second) = sum.overflowing_add(carry as u64);
    (sum, first || second)
}

#[inline]
const fn subtract_with_borrow(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (difference, first) = a.overflowing_sub(b);
    let (difference, second) = difference.overflowing_sub(borrow as u64);
    (difference, first || second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_and_subtracting_in_any_order_comes_back_to_zero() {
        let rows: [[u8; 32]; 3] = [[0xff; 32], [7; 32], [0x80; 32]];
        let mut digest = StateDigest::default();
        rows.iter().for_each(|row| digest.add(*row));
        assert_eq!(StateDigest::from_bytes(digest.bytes()), digest);
        rows.iter().rev().for_each(|row| digest.subtract(*row));
        assert_eq!(digest, StateDigest::default());
    }
}
