//! The one writer of a partition's read model.

use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::record::{PartitionId, Position};

use super::appender::{SILENCE_MAX, watched};
use super::memory::MemorySession;
use super::{Inner, Row, RowBatch, Store, StoreResult, Table, postgres, sqlite};

/// The one writer of a partition's read model. It owns its connection, drops it after every error, and opens a fresh one
/// when it is used again.
#[derive(Debug)]
pub struct Projector {
    store: Store,
    partition: PartitionId,
    session: Option<Session>,
    silence_max: Duration,
}

#[derive(Debug)]
enum Session {
    Postgres(postgres::ProjectSession),
    Sqlite(sqlite::ProjectSession),
    Memory(MemorySession),
}

/// Calls the same method on whichever session it is, in a task of its own. Only success brings the connection back.
macro_rules! run {
    ($projector:ident, $method:ident($($argument:expr),*)) => {{
        let mut session = $projector.connected().await?;
        let task = tokio::spawn(async move {
            let result = match &mut session {
                Session::Postgres(it) => it.$method($($argument),*).await,
                Session::Sqlite(it) => it.$method($($argument),*).await,
                Session::Memory(it) => it.$method($($argument),*).await,
            };
            result.map(|result| (session, result))
        });
        let (session, result) = watched(task, $projector.silence_max).await?;
        $projector.session = Some(session);
        Ok(result)
    }};
}

impl Projector {
    pub(super) const fn new(store: Store, partition: PartitionId) -> Self {
        Self { store, partition, session: None, silence_max: SILENCE_MAX }
    }

    /// Writes rows and moves the projection from one position to another, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::ProjectionMoved`](super::StoreError::ProjectionMoved) if it is not at `from`; what the database said:
    /// then ask [`Store::projected`] whether it was written, or write again.
    pub async fn apply(
        &mut self,
        from: Position,
        to: Position,
        rows: Arc<RowBatch>,
    ) -> StoreResult<()> {
        let partition = self.partition;
        run!(self, apply(partition, from, to, &rows))
    }

    /// Loads the rows with these keys; those that do not exist are left out.
    ///
    /// # Errors
    /// What the database said.
    pub async fn load(&mut self, table: Table, keys: Vec<i64>) -> StoreResult<Vec<Row>> {
        let partition = self.partition;
        run!(self, load(partition, table, &keys))
    }

    /// Removes all rows and moves the projection to the beginning, for a rebuild.
    ///
    /// # Errors
    /// What the database said.
    pub async fn clear(&mut self) -> StoreResult<()> {
        let partition = self.partition;
        run!(self, clear(partition))
    }

    /// Returns the store.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the partition.
    pub const fn partition(&self) -> PartitionId {
        self.partition
    }

    async fn connected(&mut self) -> StoreResult<Session> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let (store, partition) = (self.store.clone(), self.partition);
        let task = tokio::spawn(async move {
            Ok(match &*store.inner {
                Inner::Postgres(it) => Session::Postgres(it.project_session(partition).await?),
                Inner::Sqlite(it) => Session::Sqlite(it.project_session().await?),
                Inner::Memory(_) => Session::Memory(MemorySession::new(store.clone())),
            })
        });
        watched(task, self.silence_max).await
    }
}
