//! The read model: rows folded from the events of the log, in log order.
//!
//! Two ways to write it, with the same result. [`Projection::start_with`] follows the committed log on a connection of its own and
//! writes what came together once: no append waits for a table. [`Inline`] makes the rows of a batch before it is appended,
//! for a store with one writer. Either way its position stands in the same transaction as the rows, so that it can always be
//! continued, and [`rebuild`] gives the same rows from the log alone.

mod follow;
mod inline;
mod rebuild;

use std::time::Duration;

use dacapo_engine::kernel::{Frame, Machine};
use dacapo_engine::record::Position;
use dacapo_log::wire::WireError;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::store::{Row, RowBatch, StoreError, Table};

pub use inline::Inline;
pub use rebuild::rebuild;

/// What the rows of a machine are: a pure fold over its frames.
pub trait Fold: Send + 'static {
    /// The machine.
    type Machine: Machine;

    /// Lists the rows that a frame changes without creating them, and that are not in memory.
    fn needs(&self, frame: &Frame<Self::Machine>) -> Vec<(Table, i64)>;

    /// Takes rows into memory.
    fn load(&mut self, rows: Vec<Row>);

    /// Changes the rows in memory as the frame says.
    fn fold(&mut self, frame: &Frame<Self::Machine>);

    /// Returns the rows that were changed since the last time, once each, and may forget what it has too much of.
    fn take(&mut self) -> RowBatch;
}

/// The task that writes the read model.
#[derive(Debug)]
pub struct Projection {
    /// How far it is.
    pub handle: ProjectionHandle,
    /// Ends when nobody tells any more what is committed, or the read model cannot be written any more.
    pub ended: JoinHandle<()>,
}

/// How far the read model is, and a place to wait for it; cheap to clone.
#[derive(Clone, Debug)]
pub struct ProjectionHandle {
    reached: watch::Receiver<Position>,
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
    /// The log ends too early.
    #[error("expected the log to reach position {}, found its end at {}", .expected.0, .found.0)]
    LogEnds {
        /// Where it should reach.
        expected: Position,
        /// Where it ends.
        found: Position,
    },
}

impl ProjectionHandle {
    /// Returns how far the read model is.
    pub fn position(&self) -> Position {
        *self.reached.borrow()
    }

    /// Waits until the read model has reached a position, the head that a reader found on arrival; returns whether it did
    /// within `patience`.
    pub async fn wait_for(&self, position: Position, patience: Duration) -> bool {
        let mut reached = self.reached.clone();
        let waiting = reached.wait_for(|it| *it >= position);
        matches!(timeout(patience, waiting).await, Ok(Ok(_)))
    }
}
