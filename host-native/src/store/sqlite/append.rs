//! The append: one immediate transaction, fenced by epoch, position and hash.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use dacapo_engine::record::PartitionId;
use dacapo_log::wire::{Head, StoredFrame};
use sqlx::{Connection as _, SqliteConnection};

use super::bulk::{self, SIZES};
use super::checkpoint::Checkpoints;
use super::{Turns, log, project};
use crate::store::{Batch, Resolved, StoreError, StoreResult};

/// The connection of the one writer of a partition's log.
#[derive(Debug)]
pub(in crate::store) struct AppendSession {
    connection: SqliteConnection,
    checkpoints: Arc<Checkpoints>,
    turns: Turns,
    /// The file of the read model, until rows are first written with the log.
    rows: Option<Arc<str>>,
}

impl AppendSession {
    pub(super) const fn new(
        connection: SqliteConnection,
        checkpoints: Arc<Checkpoints>,
        turns: Turns,
        rows: Arc<str>,
    ) -> Self {
        Self { connection, checkpoints, turns, rows: Some(rows) }
    }

    /// Takes the partition. The file belongs to this process already; the epoch fences its own earlier writers.
    pub(in crate::store) async fn acquire(
        &mut self,
        partition: PartitionId,
        holder: &str,
        ttl: Duration,
    ) -> StoreResult<Head> {
        let _turn = self.turns.lock().await;
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        sqlx::query(TAKE_LEASE)
            .bind(i64::from(partition.0))
            .bind(holder)
            .bind(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        let row = sqlx::query(GROW_EPOCH)
            .bind(i64::from(partition.0))
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(StoreError::NoHead { partition: partition.0 })?;
        let head = log::head(partition, &row)?;
        transaction.commit().await?;
        Ok(head)
    }

    /// Appends a batch; returns whether the head was as expected.
    pub(in crate::store) async fn append(&mut self, batch: &Batch) -> StoreResult<bool> {
        if batch.rows.is_some() {
            self.attach().await?;
        }
        let _turn = self.turns.lock().await;
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        if !advance(&mut transaction, batch).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        insert(&mut transaction, batch.next.partition, &batch.frames).await?;
        for key in &batch.inbox_done {
            sqlx::query("DELETE FROM inbox WHERE tenant = ?1 AND request_id = ?2")
                .bind(&*key.tenant)
                .bind(&*key.request_id)
                .execute(&mut *transaction)
                .await?;
        }
        let bytes: usize = batch.frames.iter().map(|it| it.body.len() + ROW_BYTES).sum();
        if let Some(rows) = &batch.rows {
            let (from, to) = (batch.expected.position, batch.next.position);
            project::write(&mut transaction, batch.next.partition, from, to, rows).await?;
        }
        transaction.commit().await?;
        self.checkpoints.wrote(bytes as u64);
        Ok(true)
    }

    /// Makes one transaction write both files. Should the machine lose its power between the two, one is ahead: the next
    /// start sees it, and folds what is missing or everything.
    async fn attach(&mut self) -> StoreResult<()> {
        if let Some(rows) = &self.rows {
            sqlx::query("ATTACH ?1 AS rows").bind(&**rows).execute(&mut self.connection).await?;
            self.rows = None;
        }
        Ok(())
    }

    /// Touches the head, reads, and commits, which makes all that it saw durable.
    pub(in crate::store) async fn resolve(&mut self, batch: &Batch) -> StoreResult<Resolved> {
        let partition = batch.next.partition;
        let _turn = self.turns.lock().await;
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        let row = sqlx::query(TOUCH_HEAD)
            .bind(i64::from(partition.0))
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(StoreError::NoHead { partition: partition.0 })?;
        let head = log::head(partition, &row)?;
        let mut is_stored = false;
        if let Some(last) = batch.frames.last() {
            let hash: Option<Vec<u8>> = sqlx::query_scalar(READ_HASH)
                .bind(i64::from(partition.0))
                .bind(last.position.0.cast_signed())
                .fetch_optional(&mut *transaction)
                .await?;
            is_stored = hash.as_deref() == Some(&last.hash);
        }
        transaction.commit().await?;
        Ok(Resolved { head, is_stored })
    }
}

async fn advance(connection: &mut SqliteConnection, batch: &Batch) -> StoreResult<bool> {
    let advanced = sqlx::query(ADVANCE)
        .bind(i64::from(batch.expected.partition.0))
        .bind(batch.next.position.0.cast_signed())
        .bind(batch.next.hash.as_slice())
        .bind(i64::from(batch.expected.incarnation))
        .bind(batch.expected.epoch.cast_signed())
        .bind(batch.expected.position.0.cast_signed())
        .bind(batch.expected.hash.as_slice())
        .execute(connection)
        .await?;
    Ok(advanced.rows_affected() == 1)
}

async fn insert(
    connection: &mut SqliteConnection,
    partition: PartitionId,
    frames: &[StoredFrame],
) -> StoreResult<()> {
    static TEXTS: LazyLock<[String; SIZES.len()]> =
        LazyLock::new(|| bulk::texts(|rows| format!("{INSERT} VALUES {}", bulk::tuples(rows, 9))));
    for (size, frames) in bulk::portions(frames) {
        let mut query = sqlx::query(TEXTS[size].as_str());
        for frame in frames {
            query = query
                .bind(i64::from(partition.0))
                .bind(frame.position.0.cast_signed())
                .bind(i64::from(frame.count))
                .bind(&*frame.tenant)
                .bind(frame.intent)
                .bind(frame.timestamp.0)
                .bind(frame.outcome.name())
                .bind(&*frame.body)
                .bind(frame.hash.as_slice());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
/// About what a row costs beside its body.
pub(super) const ROW_BYTES: usize = 256;
const TAKE_LEASE: &str = "INSERT OR REPLACE INTO lease (partition, holder, expires_at)
    VALUES (?1, ?2, CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) + ?3)";
const GROW_EPOCH: &str = "UPDATE head SET epoch = epoch + 1 WHERE partition = ?1
    RETURNING incarnation, epoch, position, hash";
const TOUCH_HEAD: &str = "UPDATE head SET position = position WHERE partition = ?1
    RETURNING incarnation, epoch, position, hash";
const READ_HASH: &str = "SELECT hash FROM log WHERE partition = ?1 AND position = ?2";
const ADVANCE: &str = "UPDATE head SET position = ?2, hash = ?3
    WHERE partition = ?1 AND incarnation = ?4 AND epoch = ?5 AND position = ?6 AND hash = ?7";
const INSERT: &str = "INSERT INTO log
    (partition, position, count, tenant, intent, timestamp, outcome, body, hash)";
