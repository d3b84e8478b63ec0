//! Where the log lives: PostgreSQL, a file of SQLite, or memory, behind one surface and one conformance suite.
//!
//! The log is written by an [`Appender`], which owns its connection; the read model by a [`Projector`], which owns another;
//! everything else goes through [`Store`], which may be cloned freely. No database future is ever cancelled: every call runs
//! in a task of its own, so dropping the caller's future abandons the answer and nothing else.

mod appender;
mod batch;
mod error;
mod memory;
mod options;
mod postgres;
mod projector;
mod reading;
mod row;
mod search;
mod snapshot;
mod sqlite;
mod sqlstate;
mod table;

use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::record::{Durability, Key, PartitionId, Position, Timestamp};
use dacapo_log::wire::{Head, StoredFrame};

pub use appender::Appender;
pub use batch::{Appended, Batch, InboxCommand, InboxKey, Refusal, Resolved};
pub use error::{StoreError, Violation};
pub use options::{Names, StoreOptions, without_password};
pub use projector::Projector;
pub use reading::Reading;
pub use row::{Cell, Row, RowBatch};
pub use search::{
    Condition, Cursor, ElementStatistics, Filter, Found, PAGE_ROWS_MAX, Page, Query, Sort, Start,
    TOTAL_MAX,
};
pub use snapshot::SnapshotHead;
pub use table::{Column, Field, Kind, PREFIX_CHARACTERS, Table};

use memory::Memory;
use options::Address;
use postgres::Postgres;
use sqlite::Sqlite;

/// What every call of a store returns.
pub type StoreResult<T> = Result<T, StoreError>;

/// A store that is open: migrated, checked, ready.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
enum Inner {
    Postgres(Box<Postgres>),
    Sqlite(Box<Sqlite>),
    Memory(Memory),
}

/// Calls the same method on whichever store it is, in a task of its own.
macro_rules! call {
    ($store:expr, $method:ident($($argument:expr),*)) => {{
        let inner = Arc::clone(&$store.inner);
        detached(async move {
            match &*inner {
                Inner::Postgres(it) => it.$method($($argument),*).await,
                Inner::Sqlite(it) => it.$method($($argument),*).await,
                Inner::Memory(it) => it.$method($($argument),*).await,
            }
        })
        .await
    }};
}
use call;

impl Store {
    /// Opens a store: checks that the database keeps what it acknowledges, brings the tables up to date, fills in the names.
    ///
    /// # Errors
    /// The address, every violation of the contract with its cure, or what the database said.
    pub async fn open(options: StoreOptions) -> StoreResult<Self> {
        let inner = match options.address()? {
            Address::Postgres(url) => {
                Inner::Postgres(Box::new(Postgres::open(&url, options).await?))
            }
            Address::Sqlite(path) => Inner::Sqlite(Box::new(Sqlite::open(&path, options).await?)),
            Address::Memory => Inner::Memory(Memory::default()),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Closes the connections; a file of SQLite is left as one file. Clones of the store are of no use afterwards.
    pub async fn close(&self) {
        match &*self.inner {
            Inner::Postgres(it) => it.close().await,
            Inner::Sqlite(it) => it.close().await,
            Inner::Memory(_) => {}
        }
    }

    /// Returns what an acknowledgement of this store means.
    pub fn durability(&self) -> Durability {
        match &*self.inner {
            Inner::Postgres(it) => it.durability(),
            Inner::Sqlite(it) => it.durability(),
            Inner::Memory(_) => Durability::Memory,
        }
    }

    /// Returns whether the read model is best written in the append transaction: memory has one writer anyway.
    pub fn prefers_inline(&self) -> bool {
        matches!(&*self.inner, Inner::Memory(_))
    }

    /// Returns the writer of a partition's log; it connects when it is first used.
    pub fn appender(&self, partition: PartitionId) -> Appender {
        Appender::new(self.clone(), partition)
    }

    /// Returns the writer of a partition's read model; it connects when it is first used.
    pub fn projector(&self, partition: PartitionId) -> Projector {
        Projector::new(self.clone(), partition)
    }

    /// Makes the head of an empty log, unless the partition has one, and returns the head.
    ///
    /// # Errors
    /// What the database said.
    pub async fn bootstrap(&self, partition: PartitionId, incarnation: u32) -> StoreResult<Head> {
        call!(self, bootstrap(partition, incarnation))
    }

    /// Returns the head of a partition, if it was ever started.
    ///
    /// # Errors
    /// What the database said.
    pub async fn head(&self, partition: PartitionId) -> StoreResult<Option<Head>> {
        call!(self, head(partition))
    }

    /// Keeps a partition for the holder for another while; returns whether it still is theirs.
    ///
    /// # Errors
    /// What the database said.
    pub async fn renew(
        &self,
        partition: PartitionId,
        holder: Arc<str>,
        ttl: Duration,
    ) -> StoreResult<bool> {
        call!(self, renew(partition, &holder, ttl))
    }

    /// Returns what the store's own clock shows, in milliseconds since 1970-01-01T00:00:00Z; none if it has none but the
    /// host's.
    ///
    /// # Errors
    /// What the database said.
    pub async fn clock_ms(&self) -> StoreResult<Option<i64>> {
        let inner = Arc::clone(&self.inner);
        detached(async move {
            match &*inner {
                Inner::Postgres(it) => it.clock_ms().await.map(Some),
                Inner::Sqlite(_) | Inner::Memory(_) => Ok(None),
            }
        })
        .await
    }

    /// Gives a partition back, so that another node need not wait.
    ///
    /// # Errors
    /// What the database said.
    pub async fn release(&self, partition: PartitionId, holder: Arc<str>) -> StoreResult<()> {
        call!(self, release(partition, &holder))
    }

    /// Reads frames that begin between two positions, both included, in order, `limit` at most.
    ///
    /// # Errors
    /// What the database said, or the first hole between the frames.
    pub async fn read(
        &self,
        partition: PartitionId,
        from: Position,
        to: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        let frames = call!(self, read(partition, from, to, limit))?;
        reading::check_gapless(partition, &frames)?;
        Ok(frames)
    }

    /// Reads a run of the log in chunks; fails at a hole.
    pub fn reading(&self, partition: PartitionId, from: Position, to: Position) -> Reading {
        Reading::new(self.clone(), partition, from, to)
    }

    /// Reads the frame that holds the record at a position.
    ///
    /// # Errors
    /// What the database said.
    pub async fn read_one(
        &self,
        partition: PartitionId,
        position: Position,
    ) -> StoreResult<Option<StoredFrame>> {
        let frame = call!(self, read_last(partition, position))?;
        Ok(frame.filter(|it| position.0 - it.position.0 < u64::from(it.count)))
    }

    /// Reads the frames of refused commands before a position, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database said.
    pub async fn refused(
        &self,
        partition: PartitionId,
        before: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        call!(self, refused(partition, before, limit))
    }

    /// Returns the position of the last frame stamped at or before a time.
    ///
    /// # Errors
    /// What the database said.
    pub async fn position_at(
        &self,
        partition: PartitionId,
        timestamp: Timestamp,
    ) -> StoreResult<Option<Position>> {
        reading::position_at(self, partition, timestamp).await
    }

    /// Puts a command into the inbox; the same command under the same id is accepted again.
    ///
    /// # Errors
    /// [`StoreError::InboxConflict`] if another command waits under the id; what the database said.
    pub async fn inbox_put(
        &self,
        partition: PartitionId,
        key: InboxKey,
        command: String,
    ) -> StoreResult<()> {
        call!(self, inbox_put(partition, &key, &command))
    }

    /// Returns the oldest commands of the inbox that are in no one's hands and not among `known`. No order is promised.
    ///
    /// # Errors
    /// What the database said.
    pub async fn inbox_take(
        &self,
        partition: PartitionId,
        limit: u32,
        known: Vec<InboxKey>,
    ) -> StoreResult<Vec<InboxCommand>> {
        call!(self, inbox_take(partition, limit, &known))
    }

    /// Notes durably that a command of the inbox is about to be tried; returns how often it was, this time included.
    ///
    /// # Errors
    /// What the database said.
    pub async fn inbox_attempt(&self, key: InboxKey) -> StoreResult<u32> {
        call!(self, inbox_attempt(&key))
    }

    /// Returns where the read model of a partition is; zero if it was never written.
    ///
    /// # Errors
    /// What the database said.
    pub async fn projected(&self, partition: PartitionId) -> StoreResult<Position> {
        call!(self, projected(partition))
    }

    /// Returns a row of the read model, with its bytes.
    ///
    /// # Errors
    /// What the database said.
    pub async fn get(
        &self,
        partition: PartitionId,
        table: Table,
        key: Key,
    ) -> StoreResult<Option<Row>> {
        let rows = call!(self, rows(partition, table, &[key.0.cast_signed()]))?;
        Ok(rows.into_iter().next())
    }

    /// Returns the rows with these keys, with their bytes; those that do not exist are left out.
    ///
    /// # Errors
    /// What the database said.
    pub async fn rows(
        &self,
        partition: PartitionId,
        table: Table,
        keys: Vec<i64>,
    ) -> StoreResult<Vec<Row>> {
        call!(self, rows(partition, table, &keys))
    }

    /// Returns the XML of a process definition or decision model.
    ///
    /// # Errors
    /// What the database said.
    pub async fn definition_xml(
        &self,
        partition: PartitionId,
        table: Table,
        key: Key,
    ) -> StoreResult<Option<Arc<[u8]>>> {
        let row = self.get(partition, table, key).await?;
        Ok(row.and_then(|row| match row.named("xml") {
            Cell::Bytes(bytes) => Some(Arc::clone(bytes)),
            _ => None,
        }))
    }

    /// Searches the read model.
    ///
    /// # Errors
    /// [`StoreError::Query`] if the query does not fit the tables; what the database said.
    pub async fn search(&self, partition: PartitionId, query: Query) -> StoreResult<Found> {
        query.check()?;
        call!(self, search(partition, &query))
    }

    /// Counts the element instances that pass a filter, by element and state. The process itself is not among them.
    ///
    /// # Errors
    /// [`StoreError::Query`] if the filter does not fit the table; what the database said.
    pub async fn element_statistics(
        &self,
        partition: PartitionId,
        filter: Filter,
    ) -> StoreResult<Vec<ElementStatistics>> {
        filter.check(Table::ElementInstance, search::FILTER_DEPTH_MAX)?;
        call!(self, element_statistics(partition, &filter))
    }

    /// Returns the variables whose scopes are among those given, by key.
    ///
    /// # Errors
    /// What the database said.
    pub async fn variables_of(
        &self,
        partition: PartitionId,
        scopes: Vec<Key>,
    ) -> StoreResult<Vec<Row>> {
        call!(self, variables_of(partition, &scopes))
    }

    /// Returns the positions of the frames that touched a process instance, after a position, in order.
    ///
    /// # Errors
    /// What the database said.
    pub async fn positions_of(
        &self,
        partition: PartitionId,
        instance: Key,
        after: Position,
        limit: u32,
    ) -> StoreResult<Vec<Position>> {
        call!(self, positions_of(partition, instance, after, limit))
    }
}

/// Runs a database future in a task of its own: the caller may be dropped, the future is not.
async fn detached<T: Send + 'static>(
    future: impl Future<Output = StoreResult<T>> + Send + 'static,
) -> StoreResult<T> {
    tokio::spawn(future).await.unwrap_or(Err(StoreError::Stopped))
}
