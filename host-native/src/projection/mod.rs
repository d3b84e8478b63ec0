//! The read model: rows folded from the events of the log, in log order.
//!
//! Two ways to write it, with the same result. [`start`] follows the committed log on a connection of its own and writes what
//! came together once: no append waits for a table. [`Inline`] makes the rows of a batch before it is appended, for a store
//! with one writer. Either way its position stands in the same transaction as the rows, so that it can always be continued,
//! and [`rebuild`] gives the same rows from the log alone.

mod cells;
mod follow;
mod gather;
mod inline;
mod process;
mod rebuild;

use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::kernel::{Frame, Machine};
use dacapo_engine::process::Process;
use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::partition::Committed;
use dacapo_log::wire::WireError;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::store::{Row, RowBatch, Store, StoreError, Table};

pub use inline::Inline;
pub use process::ProcessFold;
pub use rebuild::rebuild;

/// What the rows of a machine are: a pure fold over its frames.
pub trait Fold: Send + 'static {
    /// The machine.
    type Machine: Machine;

    /// Lists the rows that frames change without creating them, and that are not in memory. Rows may name further ones, so
    /// that this is asked again after they were loaded.
    fn needs(&self, frames: &[Arc<Frame<Self::Machine>>]) -> Vec<(Table, i64)>;

    /// Takes rows into memory.
    fn load(&mut self, rows: Vec<Row>);

    /// Changes the rows in memory as the frame says.
    ///
    /// # Errors
    /// What is missing: the read model is not that of this log.
    fn fold(&mut self, frame: &Frame<Self::Machine>) -> Result<(), String>;

    /// Returns the rows that were changed since the last time, once each, and may forget what it has too much of.
    fn take(&mut self) -> RowBatch;
}

/// How far the read model is, and a place to wait for it; cheap to clone.
#[derive(Clone, Debug)]
pub struct Projection {
    reached: watch::Receiver<Position>,
}

/// The read model is not as far as it should be, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the read model at position {}, found it at {}", .expected.0, .found.0)]
pub struct Lag {
    /// Where it should be.
    pub expected: Position,
    /// Where it is.
    pub found: Position,
}

/// Why the read model is not written any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectionError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log cannot be read.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The rows are not those of the log; a rebuild makes them so.
    #[error("expected the rows that the log has left, {0}: the read model must be rebuilt")]
    Rows(String),
    /// The log ends too early.
    #[error("expected the log to reach position {}, found its end at {}", .expected.0, .found.0)]
    LogEnds {
        /// Where it should reach.
        expected: Position,
        /// Where it ends.
        found: Position,
    },
}

/// Starts to write the read model of a partition's processes: see [`Projection::start`]. Where the rows stand in the append
/// transaction, see [`Inline`], it only tells how far they are.
pub fn start(
    store: &Store,
    partition: PartitionId,
    committed: mpsc::Receiver<Committed<Process>>,
) -> (Projection, JoinHandle<Result<(), ProjectionError>>) {
    if store.prefers_inline() {
        return Projection::tell(committed);
    }
    Projection::start(store, partition, ProcessFold::default(), committed)
}

impl Projection {
    /// Tells how far a read model is that is written with the log.
    fn tell<M: Machine>(
        mut committed: mpsc::Receiver<Committed<M>>,
    ) -> (Self, JoinHandle<Result<(), ProjectionError>>)
    where
        Frame<M>: Send + Sync,
    {
        let (sender, reached) = watch::channel(Position(0));
        let task = tokio::spawn(async move {
            while let Some(committed) = committed.recv().await {
                sender.send_replace(committed.head.position);
            }
            Ok(())
        });
        (Self { reached }, task)
    }

    /// Returns how far the read model is.
    pub fn position(&self) -> Position {
        *self.reached.borrow()
    }

    /// Waits until the read model has reached a position, the head that a reader found on arrival.
    ///
    /// # Errors
    /// The lag, if it takes longer than `patience`.
    pub async fn wait_for(&self, position: Position, patience: Duration) -> Result<(), Lag> {
        let mut reached = self.reached.clone();
        let waiting = reached.wait_for(|it| *it >= position);
        match tokio::time::timeout(patience, waiting).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Lag { expected: position, found: self.position() }),
        }
    }
}
