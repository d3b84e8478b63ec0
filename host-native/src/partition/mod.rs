//! The task that owns a partition.

mod standing;
mod writer;

use dacapo_engine::record::Position;
use tokio::sync::watch;

pub use standing::Standing;

/// The way into a partition; cheap to clone.
#[derive(Clone)]
pub struct PartitionHandle {
    standing: watch::Receiver<Standing>,
    head: watch::Receiver<Position>,
}

impl PartitionHandle {
    /// Returns what the partition is doing.
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Returns the last committed position.
    pub fn head(&self) -> Position {
        *self.head.borrow()
    }
}
