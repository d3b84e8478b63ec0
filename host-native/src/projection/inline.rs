//! Rows in the append transaction: made before the batch is sent.

use std::collections::BTreeMap;

use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::{self, StoredFrame};

use super::{Fold, ProjectionError};
use crate::store::{RowBatch, Store, StoreError, Table};

/// Makes the rows of batches, in the order in which they are appended.
#[derive(Debug)]
pub struct Inline<F: Fold> {
    fold: F,
    store: Store,
    partition: PartitionId,
    folded: Position,
}

impl<F: Fold> Inline<F> {
    /// Starts at the position of the read model, which must be the head: see [`rebuild`](super::rebuild) or
    /// [`Projection::start_with`](super::Projection::start_with) for one that is behind.
    ///
    /// # Errors
    /// [`StoreError::ProjectionMoved`] if it is elsewhere; what the database said.
    pub async fn start(
        store: &Store,
        partition: PartitionId,
        fold: F,
        head: Position,
    ) -> Result<Self, StoreError> {
        let found = store.projected(partition).await?;
        if found != head {
            let (partition, expected, found) = (partition.0, head.0, found.0);
            return Err(StoreError::ProjectionMoved { partition, expected, found });
        }
        Ok(Self { fold, store: store.clone(), partition, folded: head })
    }

    /// Makes the rows of the next batch. It must be appended, as often as it takes, before the one after: a fold cannot be
    /// taken back.
    ///
    /// # Errors
    /// The frames are not the next ones, or not frames; what the database said.
    pub async fn rows(&mut self, frames: &[StoredFrame]) -> Result<RowBatch, ProjectionError> {
        for stored in frames {
            if stored.position != self.folded.next() {
                let (expected, found) = (stored.position, self.folded);
                return Err(ProjectionError::LogEnds { expected, found });
            }
            let frame = wire::decode::<F::Machine>(&stored.body)?;
            let mut needed: BTreeMap<Table, Vec<i64>> = BTreeMap::new();
            for (table, key) in self.fold.needs(&frame) {
                needed.entry(table).or_default().push(key);
            }
            for (table, keys) in needed {
                let rows = self.store.rows(self.partition, table, keys).await?;
                self.fold.load(rows);
            }
            self.fold.fold(&frame);
            self.folded = frame.last();
        }
        Ok(self.fold.take())
    }
}
