//! The append: one statement, fenced by epoch, position and hash.

use std::time::Duration;

use dacapo_engine::record::PartitionId;
use dacapo_log::wire::Head;
use sqlx::{Connection as _, PgConnection, Row as _};

use super::{column, log, project};
use crate::store::{Batch, Cell, Resolved, StoreError, StoreResult, sqlstate};

/// The connection of the one writer of a partition's log.
#[derive(Debug)]
pub(in crate::store) struct AppendSession {
    connection: PgConnection,
    /// The first position for which the log has no table yet.
    end: i64,
}

impl AppendSession {
    /// Makes the session of a fresh connection; a writer that comes back says where it is.
    pub(super) async fn open(
        mut connection: PgConnection,
        partition: PartitionId,
        epoch: u64,
    ) -> StoreResult<Self> {
        if epoch > 0 {
            sqlx::query(COME_BACK)
                .bind(column(partition))
                .bind(epoch.cast_signed())
                .execute(&mut connection)
                .await?;
        }
        Ok(Self { connection, end: 0 })
    }

    /// Takes the partition. Growing the epoch waits for the row lock of an append in flight: that is the fence. A writer
    /// whose lease is free and who holds the lock for too long is a half-open connection, and is ended.
    pub(in crate::store) async fn acquire(
        &mut self,
        partition: PartitionId,
        holder: &str,
        ttl: Duration,
    ) -> StoreResult<Head> {
        let old: Option<i32> = sqlx::query_scalar(READ_WRITER)
            .bind(column(partition))
            .fetch_optional(&mut self.connection)
            .await?;
        let mut taken = self.take(partition, holder, ttl).await;
        if let (Err(StoreError::Database(error)), Some(old)) = (&taken, old)
            && sqlstate::is_lock_timeout(error)
        {
            tracing::warn!(pid = old, "the writer before holds its lock, ending its connection");
            sqlx::query("SELECT pg_terminate_backend($1)")
                .bind(old)
                .execute(&mut self.connection)
                .await?;
            taken = self.take(partition, holder, ttl).await;
        }
        let head = taken?;
        sqlx::query("SELECT set_config('application_name', $1, false)")
            .bind(format!("dacapo writer {} epoch {}", partition.0, head.epoch))
            .execute(&mut self.connection)
            .await?;
        Ok(head)
    }

    async fn take(
        &mut self,
        partition: PartitionId,
        holder: &str,
        ttl: Duration,
    ) -> StoreResult<Head> {
        let mut transaction = self.connection.begin().await?;
        let taken = sqlx::query(TAKE_LEASE)
            .bind(column(partition))
            .bind(holder)
            .bind(millis(ttl))
            .fetch_optional(&mut *transaction)
            .await?;
        if taken.is_none() {
            let row = sqlx::query(READ_LEASE)
                .bind(column(partition))
                .fetch_one(&mut *transaction)
                .await?;
            let (holder, remaining_ms) = (row.try_get(0)?, row.try_get(1)?);
            return Err(StoreError::Held { partition: partition.0, holder, remaining_ms });
        }
        let row = sqlx::query(GROW_EPOCH)
            .bind(column(partition))
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(StoreError::NoHead { partition: partition.0 })?;
        let head = log::head(partition, &row)?;
        transaction.commit().await?;
        Ok(head)
    }

    /// Appends a batch; returns whether the head was as expected.
    pub(in crate::store) async fn append(&mut self, batch: &Batch) -> StoreResult<bool> {
        if batch.next.position.0.cast_signed() >= self.end - AHEAD {
            let at = batch.next.position.0.cast_signed();
            self.end = sqlx::query_scalar("SELECT dacapo.extend_log($1)")
                .bind(at)
                .fetch_one(&mut self.connection)
                .await?;
        }
        let Some(rows) = &batch.rows else {
            return append(&mut self.connection, batch).await;
        };
        let mut transaction = self.connection.begin().await?;
        let is_appended = append(&mut transaction, batch).await?;
        if is_appended {
            let (from, to) = (batch.expected.position, batch.next.position);
            project::write(&mut transaction, batch.next.partition, from, to, rows).await?;
            transaction.commit().await?;
        }
        Ok(is_appended)
    }

    /// Touches the head: waits for whatever is in flight, reads, and commits, which makes all that it saw durable.
    pub(in crate::store) async fn resolve(&mut self, batch: &Batch) -> StoreResult<Resolved> {
        let partition = batch.next.partition;
        let row = sqlx::query(TOUCH_HEAD)
            .bind(column(partition))
            .fetch_optional(&mut self.connection)
            .await?
            .ok_or(StoreError::NoHead { partition: partition.0 })?;
        let head = log::head(partition, &row)?;
        let Some(last) = batch.frames.last() else {
            return Ok(Resolved { head, is_stored: false });
        };
        let hash: Option<Vec<u8>> = sqlx::query_scalar(READ_HASH)
            .bind(column(partition))
            .bind(last.position.0.cast_signed())
            .fetch_optional(&mut self.connection)
            .await?;
        Ok(Resolved { head, is_stored: hash.as_deref() == Some(&last.hash) })
    }
}

async fn append(connection: &mut PgConnection, batch: &Batch) -> StoreResult<bool> {
    let frames = &batch.frames;
    let text = |text: &str| match Cell::text(text) {
        Cell::Text(text) => text.to_string(),
        _ => String::new(),
    };
    let row = sqlx::query(APPEND)
        .bind(column(batch.expected.partition))
        .bind(batch.next.position.0.cast_signed())
        .bind(batch.next.hash.as_slice())
        .bind(i64::from(batch.expected.incarnation))
        .bind(batch.expected.epoch.cast_signed())
        .bind(batch.expected.position.0.cast_signed())
        .bind(batch.expected.hash.as_slice())
        .bind(frames.iter().map(|it| it.position.0.cast_signed()).collect::<Vec<_>>())
        .bind(frames.iter().map(|it| it.count.cast_signed()).collect::<Vec<_>>())
        .bind(frames.iter().map(|it| text(&it.tenant)).collect::<Vec<_>>())
        .bind(frames.iter().map(|it| it.intent).collect::<Vec<_>>())
        .bind(frames.iter().map(|it| it.timestamp.0).collect::<Vec<_>>())
        .bind(frames.iter().map(|it| it.outcome.name()).collect::<Vec<_>>())
        .bind(frames.iter().map(|it| &*it.body).collect::<Vec<&[u8]>>())
        .bind(frames.iter().map(|it| it.hash.as_slice()).collect::<Vec<_>>())
        .bind(batch.inbox_done.iter().map(|it| &*it.tenant).collect::<Vec<&str>>())
        .bind(batch.inbox_done.iter().map(|it| &*it.request_id).collect::<Vec<&str>>())
        .fetch_one(connection)
        .await?;
    let (heads, stored): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    if heads == 1 && usize::try_from(stored) != Ok(frames.len()) {
        return Err(StoreError::Corrupt {
            partition: batch.next.partition.0,
            position: batch.next.position.0,
            expected: "as many rows as frames",
            found: format!("{stored} of {}", frames.len()),
        });
    }
    Ok(heads == 1)
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The next table of the log is made this many positions ahead.
const AHEAD: i64 = 10_000_000;
const TAKE_LEASE: &str =
    "INSERT INTO dacapo.lease AS lease (partition, holder, expires_at, writer_pid)
    VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 millisecond', pg_backend_pid())
    ON CONFLICT (partition) DO UPDATE SET
        holder = excluded.holder, expires_at = excluded.expires_at, writer_pid = excluded.writer_pid
    WHERE lease.holder = excluded.holder OR lease.expires_at < clock_timestamp()
        OR NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = lease.writer_pid
            AND datname = current_database())
    RETURNING 1";
const READ_WRITER: &str = "SELECT writer_pid FROM dacapo.lease WHERE partition = $1";
const COME_BACK: &str = "UPDATE dacapo.lease SET writer_pid = pg_backend_pid() WHERE partition = $1
    AND EXISTS (SELECT 1 FROM dacapo.head WHERE partition = $1 AND epoch = $2)";
const READ_LEASE: &str = "SELECT holder,
    (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint
    FROM dacapo.lease WHERE partition = $1";
const GROW_EPOCH: &str = "UPDATE dacapo.head SET epoch = epoch + 1 WHERE partition = $1
    RETURNING incarnation, epoch, position, hash";
const TOUCH_HEAD: &str = "UPDATE dacapo.head SET position = position WHERE partition = $1
    RETURNING incarnation, epoch, position, hash";
const READ_HASH: &str = "SELECT hash FROM dacapo.log WHERE partition = $1 AND position = $2";
const APPEND: &str = "WITH fence AS (
    UPDATE dacapo.head SET position = $2, hash = $3
    WHERE partition = $1 AND incarnation = $4 AND epoch = $5 AND position = $6 AND hash = $7
    RETURNING 1
), stored AS (
    INSERT INTO dacapo.log
        (partition, position, count, tenant, intent, timestamp, outcome, body, hash)
    SELECT $1, frame.* FROM unnest($8::bigint[], $9::int[], $10::text[], $11::text[],
        $12::bigint[], $13::text[], $14::bytea[], $15::bytea[]) AS frame
    WHERE EXISTS (SELECT 1 FROM fence)
    RETURNING 1
), done AS (
    DELETE FROM dacapo.inbox USING unnest($16::text[], $17::text[]) AS answered (tenant, request_id)
    WHERE inbox.tenant = answered.tenant AND inbox.request_id = answered.request_id
        AND EXISTS (SELECT 1 FROM fence)
    RETURNING 1
)
SELECT (SELECT count(*) FROM fence), (SELECT count(*) FROM stored), (SELECT count(*) FROM done)";
