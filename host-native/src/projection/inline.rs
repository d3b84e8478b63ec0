//! Rows in the append transaction: made before the batch is sent.

use std::sync::Arc;

use dacapo_engine::kernel::Frame;
use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::{self, StoredFrame};

use super::gather::{self, Load};
use super::rebuild::catch_up;
use super::{Fold, ProjectionError};
use crate::store::{Batch, Row, RowBatch, Store, StoreError, Table};

/// Makes the rows of batches, in the order in which they are appended.
#[derive(Debug)]
pub struct Inline<F: Fold> {
    fold: F,
    store: Store,
    partition: PartitionId,
    folded: Position,
    last: Option<Arc<Batch>>,
}

impl<F: Fold> Inline<F> {
    /// Brings the read model to the head, where no other writer may be, and starts there.
    ///
    /// # Errors
    /// The log cannot be read, or the rows cannot be written.
    pub async fn start(store: &Store, partition: PartitionId) -> Result<Self, ProjectionError>
    where
        F: Default,
        Frame<F::Machine>: Send + Sync,
    {
        let folded = catch_up(store, partition, F::default()).await?;
        let (fold, store) = (F::default(), store.clone());
        Ok(Self { fold, store, partition, folded, last: None })
    }

    /// Puts the rows of a batch into it. The batch must be appended, as often as it takes, before the one after: a fold
    /// cannot be taken back. The last batch may be asked for again, for it may have to be sent again.
    ///
    /// # Errors
    /// The frames are not the next ones, or not frames; what the database said.
    pub async fn fill(&mut self, batch: Arc<Batch>) -> Result<Arc<Batch>, ProjectionError> {
        if batch.frames.is_empty() {
            return Ok(batch);
        }
        match &self.last {
            Some(last) if last.next == batch.next => Ok(Arc::clone(last)),
            _ => {
                let rows = Some(self.rows(&batch.frames).await?);
                let filled = Arc::new(Batch { rows, ..Batch::clone(&batch) });
                self.last = Some(Arc::clone(&filled));
                Ok(filled)
            }
        }
    }

    async fn rows(&mut self, frames: &[StoredFrame]) -> Result<RowBatch, ProjectionError> {
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
