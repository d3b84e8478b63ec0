//! Snapshots: a state at a position, in chunks. An optimisation: one that does not fit the log is ignored.

use std::sync::Arc;

use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::Hash;

use super::{Inner, Store, StoreError, StoreResult, call, detached};

/// What a snapshot claims about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotHead {
    /// The last record that the state contains.
    pub position: Position,
    /// The chain hash there.
    pub hash: Hash,
    /// The digest of the state.
    pub digest: [u8; 32],
    /// The version of the snapshot's encoding.
    pub format: u32,
    /// How many chunks there are.
    pub parts: u32,
}

impl Store {
    /// Stores a snapshot: the chunks first, each in its own transaction, and its head last, which makes it exist.
    ///
    /// # Errors
    /// [`StoreError::SnapshotTooNew`] if the read model is not there yet; what the database said.
    pub async fn snapshot_put(
        &self,
        partition: PartitionId,
        head: SnapshotHead,
        chunks: Vec<Arc<[u8]>>,
    ) -> StoreResult<()> {
        let projected = self.projected(partition).await?;
        if head.position > projected {
            let (position, projected) = (head.position.0, projected.0);
            return Err(StoreError::SnapshotTooNew { position, projected });
        }
        call!(self, snapshot_put(partition, &head, &chunks))
    }

    /// Returns the newest snapshot of a format that fits the log and has all its chunks; older ones are tried in turn.
    ///
    /// # Errors
    /// What the database said.
    pub async fn snapshot_newest(
        &self,
        partition: PartitionId,
        format: u32,
        at_most: Position,
    ) -> StoreResult<Option<SnapshotHead>> {
        for head in call!(self, snapshot_list(partition))? {
            if head.format != format || head.position > at_most {
                continue;
            }
            let frame = self.read_one(partition, head.position).await?;
            let is_end = |position: Position, count| position.plus(count - 1) == head.position;
            let fits = frame.is_some_and(|frame| {
                is_end(frame.position, u64::from(frame.count)) && frame.hash == head.hash
            });
            if fits {
                return Ok(Some(head));
            }
            tracing::warn!(position = head.position.0, "snapshot does not fit the log, ignored");
        }
        Ok(None)
    }

    /// Returns a chunk of a snapshot, or nothing if it is missing or damaged.
    ///
    /// # Errors
    /// What the database said.
    pub async fn snapshot_chunk(
        &self,
        partition: PartitionId,
        position: Position,
        part: u32,
    ) -> StoreResult<Option<Arc<[u8]>>> {
        let chunk = call!(self, snapshot_chunk(partition, position, part))?;
        Ok(chunk.filter(|(body, hash)| blake3::hash(body) == *hash).map(|(body, _)| body))
    }

    /// Removes all snapshots but the newest `keep`, and chunks that belong to none; returns how many snapshots went.
    ///
    /// # Errors
    /// What the database said.
    pub async fn snapshot_prune(&self, partition: PartitionId, keep: u32) -> StoreResult<u64> {
        call!(self, snapshot_prune(partition, keep))
    }
}
