//! What every handler has at hand.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::record::{PartitionId, Position};
use tokio::sync::Semaphore;

use super::Problem;
use crate::partition::PartitionHandle;
use crate::projection::{Lag, Projection};
use crate::store::{Store, StoreError};

/// What every handler has at hand; cheap to clone.
#[derive(Clone)]
pub struct Api {
    /// The way into the partition.
    pub partition: PartitionHandle,
    /// How far the read model is.
    pub projection: Projection,
    /// Where the log and the read model are.
    pub store: Store,
    /// Where the server listens.
    pub address: SocketAddr,
    /// Whether the clock may be moved.
    pub has_dev_clock: bool,
    /// Who may replay the log.
    pub replays: Arc<Semaphore>,
    /// Who may stream live records.
    pub streams: Arc<Semaphore>,
    /// Who may wait for a job or for the end of an instance.
    pub waits: Arc<Semaphore>,
}

impl Api {
    /// Returns the partition's number.
    pub fn id(&self) -> PartitionId {
        self.partition.partition()
    }

    /// Waits until the read model holds everything that was committed when the request came: a read sees every
    /// acknowledged write. Returns the position that it has reached.
    ///
    /// # Errors
    /// It is not there in time; the problem says how far it is behind.
    pub async fn current(&self) -> Result<Position, Problem> {
        self.seen(self.partition.head()).await
    }

    /// Waits until the read model holds everything up to a position.
    ///
    /// # Errors
    /// It is not there in time; the problem says how far it is behind.
    pub async fn seen(&self, position: Position) -> Result<Position, Problem> {
        let seen = self.projection.wait_for(position, READ_TIMEOUT).await;
        seen.map(|()| position).map_err(|Lag { expected, found }| {
            let behind = expected.0.saturating_sub(found.0);
            Problem::unavailable(format!(
                "expected the read model at position {}, found it {behind} records behind at {}",
                expected.0, found.0
            ))
        })
    }

    /// Makes the problem of a store that failed.
    pub fn store_problem(error: &StoreError) -> Problem {
        tracing::error!(%error, "the store failed");
        if error.is_temporary() {
            return Problem::unavailable("expected an answer of the store, found none; ask again");
        }
        Problem::internal(
            "expected an answer of the store, found a failure; the server's log has it",
        )
    }
}

/// How long a read waits for the read model.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
