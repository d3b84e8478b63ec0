//! Reading the head and the log.

use std::time::Duration;

use dacapo_engine::record::{PartitionId, Position, Timestamp};
use dacapo_log::wire::{Head, StoredFrame};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use crate::store::postgres::{outcome_kind, to_hash};
use crate::store::{Names, StoreError, StoreResult};

impl Sqlite {
    pub(in crate::store) async fn bootstrap(
        &self,
        partition: PartitionId,
        incarnation: u32,
    ) -> StoreResult<Head> {
        let _turn = self.log.turns.lock().await;
        sqlx::query(BOOTSTRAP)
            .bind(i64::from(partition.0))
            .bind(i64::from(incarnation))
            .execute(&self.log.control)
            .await?;
        let head = self.head(partition).await?;
        head.ok_or(StoreError::NoHead { partition: partition.0 })
    }

    pub(in crate::store) async fn head(&self, partition: PartitionId) -> StoreResult<Option<Head>> {
        let row = sqlx::query(READ_HEAD)
            .bind(i64::from(partition.0))
            .fetch_optional(&self.log.readers)
            .await?;
        row.map(|row| head(partition, &row)).transpose()
    }

    /// The file belongs to this process: there is no one to lose the lease to.
    pub(in crate::store) async fn renew(
        &self,
        _: PartitionId,
        _: &str,
        _: Duration,
    ) -> StoreResult<bool> {
        Ok(true)
    }

    pub(in crate::store) async fn release(
        &self,
        partition: PartitionId,
        holder: &str,
    ) -> StoreResult<()> {
        let _turn = self.log.turns.lock().await;
        sqlx::query("DELETE FROM lease WHERE partition = ?1 AND holder = ?2")
            .bind(i64::from(partition.0))
            .bind(holder)
            .execute(&self.log.control)
            .await?;
        Ok(())
    }

    pub(in crate::store) async fn read(
        &self,
        partition: PartitionId,
        from: Position,
        to: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        let rows = sqlx::query(READ)
            .bind(i64::from(partition.0))
            .bind(from.0.cast_signed())
            .bind(to.0.min(Position::END).cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&self.log.readers)
            .await?;
        rows.iter().map(|row| frame(partition, row, &self.names)).collect()
    }

    pub(in crate::store) async fn refused(
        &self,
        partition: PartitionId,
        before: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        let rows = sqlx::query(READ_REFUSED)
            .bind(i64::from(partition.0))
            .bind(before.0.min(Position::END).cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&self.log.readers)
            .await?;
        rows.iter().map(|row| frame(partition, row, &self.names)).collect()
    }

    pub(in crate::store) async fn read_last(
        &self,
        partition: PartitionId,
        position: Position,
    ) -> StoreResult<Option<StoredFrame>> {
        let row = sqlx::query(READ_LAST)
            .bind(i64::from(partition.0))
            .bind(position.0.min(Position::END).cast_signed())
            .fetch_optional(&self.log.readers)
            .await?;
        row.map(|row| frame(partition, &row, &self.names)).transpose()
    }
}

/// Makes a head of a row of incarnation, epoch, position and hash.
pub(super) fn head(partition: PartitionId, row: &SqliteRow) -> StoreResult<Head> {
    let (incarnation, epoch, position): (i64, i64, i64) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let position = Position(position.cast_unsigned());
    Ok(Head {
        partition,
        incarnation: u32::try_from(incarnation).unwrap_or(u32::MAX),
        epoch: epoch.cast_unsigned(),
        position,
        hash: to_hash(partition, position, row.try_get(3)?)?,
    })
}

fn frame(partition: PartitionId, row: &SqliteRow, names: &Names) -> StoreResult<StoredFrame> {
    let position: i64 = row.try_get(0)?;
    let position = Position(position.cast_unsigned());
    let (count, timestamp): (i64, i64) = (row.try_get(1)?, row.try_get(4)?);
    let (intent, outcome): (&str, &str) = (row.try_get(3)?, row.try_get(5)?);
    let (tenant, body): (&str, &[u8]) = (row.try_get(2)?, row.try_get(6)?);
    let corrupt = |expected, found: &str| StoreError::Corrupt {
        partition: partition.0,
        position: position.0,
        expected,
        found: found.to_owned(),
    };
    Ok(StoredFrame {
        position,
        count: u32::try_from(count).map_err(|_| corrupt("a count", &count.to_string()))?,
        tenant: tenant.into(),
        intent: names
            .command(intent)
            .ok_or_else(|| corrupt("an intent of this version", intent))?,
        timestamp: Timestamp(timestamp),
        outcome: outcome_kind(outcome).ok_or_else(|| corrupt("an outcome", outcome))?,
        body: body.into(),
        hash: to_hash(partition, position, row.try_get(7)?)?,
    })
}

const BOOTSTRAP: &str = "INSERT INTO head (partition, incarnation, epoch, position, hash)
    VALUES (?1, ?2, 0, 0, zeroblob(32)) ON CONFLICT (partition) DO NOTHING";
const READ_HEAD: &str = "SELECT incarnation, epoch, position, hash FROM head WHERE partition = ?1";
const READ: &str = "SELECT position, count, tenant, intent, timestamp, outcome, body, hash
    FROM log WHERE partition = ?1 AND position BETWEEN ?2 AND ?3 ORDER BY position LIMIT ?4";
const READ_REFUSED: &str = "SELECT position, count, tenant, intent, timestamp, outcome, body, hash
    FROM log WHERE partition = ?1 AND position < ?2 AND outcome = 'rejection'
    ORDER BY position DESC LIMIT ?3";
const READ_LAST: &str = "SELECT position, count, tenant, intent, timestamp, outcome, body, hash
    FROM log WHERE partition = ?1 AND position <= ?2 ORDER BY position DESC LIMIT 1";
