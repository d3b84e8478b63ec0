//! Reading the head and the log, and keeping the lease.

use std::time::Duration;

use dacapo_engine::record::{PartitionId, Position, Timestamp};
use dacapo_log::wire::{Hash, Head, OutcomeKind, StoredFrame};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::append::millis;
use super::{Postgres, column};
use crate::store::{Names, StoreError, StoreResult};

impl Postgres {
    pub(in crate::store) async fn bootstrap(
        &self,
        partition: PartitionId,
        incarnation: u32,
    ) -> StoreResult<Head> {
        sqlx::query(BOOTSTRAP)
            .bind(column(partition))
            .bind(i64::from(incarnation))
            .bind([0_u8; 32].as_slice())
            .execute(&self.control)
            .await?;
        let row = sqlx::query(READ_HEAD).bind(column(partition)).fetch_one(&self.control).await?;
        head(partition, &row)
    }

    pub(in crate::store) async fn head(&self, partition: PartitionId) -> StoreResult<Option<Head>> {
        let mut reader = self.reader().await?;
        let row =
            self.query(READ_HEAD).bind(column(partition)).fetch_optional(&mut *reader).await?;
        row.map(|row| head(partition, &row)).transpose()
    }

    pub(in crate::store) async fn renew(
        &self,
        partition: PartitionId,
        holder: &str,
        ttl: Duration,
    ) -> StoreResult<bool> {
        let renewed = sqlx::query(RENEW)
            .bind(column(partition))
            .bind(holder)
            .bind(millis(ttl))
            .execute(&self.control)
            .await?;
        Ok(renewed.rows_affected() == 1)
    }

    pub(in crate::store) async fn clock_ms(&self) -> StoreResult<i64> {
        Ok(sqlx::query_scalar(READ_CLOCK).fetch_one(&self.control).await?)
    }

    pub(in crate::store) async fn release(
        &self,
        partition: PartitionId,
        holder: &str,
    ) -> StoreResult<()> {
        sqlx::query("DELETE FROM dacapo.lease WHERE partition = $1 AND holder = $2")
            .bind(column(partition))
            .bind(holder)
            .execute(&self.control)
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
        let mut reader = self.reader().await?;
        let rows = self
            .query(READ)
            .bind(column(partition))
            .bind(from.0.cast_signed())
            .bind(to.0.min(Position::END).cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&mut *reader)
            .await?;
        rows.iter().map(|row| frame(partition, row, &self.names)).collect()
    }

    pub(in crate::store) async fn refused(
        &self,
        partition: PartitionId,
        before: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        let mut reader = self.reader().await?;
        let rows = self
            .query(READ_REFUSED)
            .bind(column(partition))
            .bind(before.0.min(Position::END).cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&mut *reader)
            .await?;
        rows.iter().map(|row| frame(partition, row, &self.names)).collect()
    }

    pub(in crate::store) async fn read_last(
        &self,
        partition: PartitionId,
        position: Position,
    ) -> StoreResult<Option<StoredFrame>> {
        let mut reader = self.reader().await?;
        let row = self
            .query(READ_LAST)
            .bind(column(partition))
            .bind(position.0.min(Position::END).cast_signed())
            .fetch_optional(&mut *reader)
            .await?;
        row.map(|row| frame(partition, &row, &self.names)).transpose()
    }
}

/// Makes a head of a row of incarnation, epoch, position and hash.
pub(super) fn head(partition: PartitionId, row: &PgRow) -> StoreResult<Head> {
    let (incarnation, epoch, position): (i64, i64, i64) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let hash: &[u8] = row.try_get(3)?;
    let position = Position(position.cast_unsigned());
    Ok(Head {
        partition,
        incarnation: u32::try_from(incarnation).unwrap_or(u32::MAX),
        epoch: epoch.cast_unsigned(),
        position,
        hash: to_hash(partition, position, hash)?,
    })
}

fn frame(partition: PartitionId, row: &PgRow, names: &Names) -> StoreResult<StoredFrame> {
    let position: i64 = row.try_get(0)?;
    let position = Position(position.cast_unsigned());
    let (count, timestamp): (i32, i64) = (row.try_get(1)?, row.try_get(4)?);
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
        count: count.cast_unsigned(),
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

/// Reads the name of an outcome.
pub(in crate::store) fn outcome_kind(name: &str) -> Option<OutcomeKind> {
    let all = [OutcomeKind::Events, OutcomeKind::Rejection, OutcomeKind::Control];
    all.into_iter().find(|it| it.name() == name)
}

/// Takes the 32 bytes of a hash.
pub(in crate::store) fn to_hash(
    partition: PartitionId,
    position: Position,
    bytes: &[u8],
) -> StoreResult<Hash> {
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        partition: partition.0,
        position: position.0,
        expected: "a hash of 32 bytes",
        found: format!("{} bytes", bytes.len()),
    })
}

const BOOTSTRAP: &str = "INSERT INTO dacapo.head (partition, incarnation, epoch, position, hash)
    VALUES ($1, $2, 0, 0, $3) ON CONFLICT (partition) DO NOTHING";
const READ_HEAD: &str =
    "SELECT incarnation, epoch, position, hash FROM dacapo.head WHERE partition = $1";
const READ_CLOCK: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
const RENEW: &str = "UPDATE dacapo.lease
    SET expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
    WHERE partition = $1 AND holder = $2";
const READ: &str = "SELECT position, count, tenant, intent, timestamp, outcome, body, hash
    FROM dacapo.log WHERE partition = $1 AND position BETWEEN $2 AND $3
    ORDER BY position LIMIT $4";
const READ_REFUSED: &str = "SELECT position, count, tenant, intent, timestamp, outcome, body, hash
    FROM dacapo.log WHERE partition = $1 AND position < $2 AND outcome = 'rejection'
    ORDER BY position DESC LIMIT $3";
const READ_LAST: &str = "SELECT position, count, tenant, intent, timestamp, outcome, body, hash
    FROM dacapo.log WHERE partition = $1 AND position <= $2 ORDER BY position DESC LIMIT 1";
