//! The task that owns a partition, and those around it: the writer, the follower, the inbox.
//!
//! Reading order: [`PartitionHandle`] (the way in) → `start` (how a partition is taken) → `task` (the loop) → `writer`,
//! `follower`, `inbox`, `snapshots` (what works beside it).

mod clocks;
mod follower;
mod handle;
mod inbox;
mod replayed;
mod snapshots;
mod standing;
mod start;
mod task;
mod writer;

pub use handle::{Caller, PartitionHandle, Reply, SubmitError};
pub use replayed::ReplayedError;
pub use standing::Standing;
pub use start::{Options, TakeError, Taken, take};

use follower::Follow;
use handle::Request;
