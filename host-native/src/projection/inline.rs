//! Rows in the append transaction: made before the batch is sent.

use std::sync::Arc;

use dacapo_engine::kernel::Frame;
use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::{self, StoredFrame};

use super::gather::{self, Load};
use super::{Fold, ProjectionError};
use crate::store::{Row, RowBatch, Store, StoreError, Table};

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
    /// [`Projection::start`](super::Projection::start) for one that is behind.
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
        let Some(first) = frames.first() else { return Ok(RowBatch::default()) };
        if first.position != self.folded.next() {
            let (expected, found) = (first.position, self.folded);
            return Err(ProjectionError::LogEnds { expected, found });
        }
        let frames = frames.iter().map(|it| wire::decode(&it.body).map(Arc::new));
        let frames: Vec<Arc<Frame<F::Machine>>> = frames.collect::<Result<_, _>>()?;
        gather::fold(&mut self.fold, &mut (&self.store, self.partition), &frames).await?;
        self.folded = frames.last().map_or(self.folded, |it| it.last());
        Ok(self.fold.take())
    }
}

impl Load for (&Store, PartitionId) {
    async fn load(&mut self, table: Table, keys: Vec<i64>) -> Result<Vec<Row>, StoreError> {
        self.0.rows(self.1, table, keys).await
    }
}
