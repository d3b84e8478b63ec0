//! Reading the log in order: in chunks, without a hole, or by time.

use dacapo_engine::record::{PartitionId, Position, Timestamp};
use dacapo_log::wire::StoredFrame;

use super::{Store, StoreError, StoreResult};

/// A run of the log, read in chunks. Each chunk is its own short query, so that no reader holds the database back.
#[derive(Debug)]
pub struct Reading {
    store: Store,
    partition: PartitionId,
    next: Position,
    to: Position,
    is_inside: bool,
}

impl Reading {
    pub(super) const fn new(
        store: Store,
        partition: PartitionId,
        from: Position,
        to: Position,
    ) -> Self {
        Self { store, partition, next: from, to, is_inside: false }
    }

    /// Returns the next frames, at most `limit`; none at the end.
    ///
    /// # Errors
    /// What the database said, or the first hole.
    pub async fn next(&mut self, limit: u32) -> StoreResult<Vec<StoredFrame>> {
        if self.next > self.to {
            return Ok(Vec::new());
        }
        let frames = self.store.read(self.partition, self.next, self.to, limit).await?;
        let Some((first, last)) = frames.first().zip(frames.last()) else {
            return Ok(frames);
        };
        if self.is_inside && first.position != self.next {
            return Err(gap(self.partition, self.next, first.position));
        }
        self.is_inside = true;
        self.next = last.position.plus(u64::from(last.count));
        Ok(frames)
    }
}

/// Checks that every frame follows the one before.
pub(super) fn check_gapless(partition: PartitionId, frames: &[StoredFrame]) -> StoreResult<()> {
    for (frame, later) in frames.iter().zip(frames.iter().skip(1)) {
        let expected = frame.position.plus(u64::from(frame.count));
        if later.position != expected {
            return Err(gap(partition, expected, later.position));
        }
    }
    Ok(())
}

/// Finds the last frame stamped at or before a time, by halving: timestamps never decrease.
pub(super) async fn position_at(
    store: &Store,
    partition: PartitionId,
    timestamp: Timestamp,
) -> StoreResult<Option<Position>> {
    let Some(head) = store.head(partition).await? else { return Ok(None) };
    let (mut low, mut high) = (Position::FIRST, head.position);
    let mut found = None;
    while low <= high {
        let middle = Position(low.0 + (high.0 - low.0) / 2);
        let Some(frame) = store.read_one(partition, middle).await? else {
            return Err(gap(partition, middle, Position(0)));
        };
        if frame.timestamp <= timestamp {
            found = Some(frame.position);
            low = frame.position.plus(u64::from(frame.count));
        } else {
            // position 0 is before every frame
            high = Position(frame.position.0.saturating_sub(1));
        }
    }
    Ok(found)
}

fn gap(partition: PartitionId, expected: Position, found: Position) -> StoreError {
    StoreError::Gap { partition: partition.0, expected: expected.0, found: found.0 }
}
