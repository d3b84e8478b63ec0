//! Snapshots in the database.

use std::sync::Arc;

use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::Hash;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::{Postgres, column, log};
use crate::store::{SnapshotHead, StoreResult};

impl Postgres {
    pub(in crate::store) async fn snapshot_put(
        &self,
        partition: PartitionId,
        head: &SnapshotHead,
        chunks: &[Arc<[u8]>],
    ) -> StoreResult<()> {
        let position = head.position.0.cast_signed();
        for (part, body) in chunks.iter().enumerate() {
            sqlx::query(PUT_CHUNK)
                .bind(column(partition))
                .bind(position)
                .bind(i32::try_from(part).unwrap_or(i32::MAX))
                .bind(&**body)
                .bind(blake3::hash(body).as_bytes().as_slice())
                .execute(&self.control)
                .await?;
        }
        sqlx::query(PUT_HEAD)
            .bind(column(partition))
            .bind(position)
            .bind(head.hash.as_slice())
            .bind(head.digest.as_slice())
            .bind(head.format.cast_signed())
            .bind(head.parts.cast_signed())
            .execute(&self.control)
            .await?;
        Ok(())
    }

    pub(in crate::store) async fn snapshot_list(
        &self,
        partition: PartitionId,
    ) -> StoreResult<Vec<SnapshotHead>> {
        let mut reader = self.reader().await?;
        let rows = self.query(LIST).bind(column(partition)).fetch_all(&mut *reader).await?;
        rows.iter().map(|row| snapshot(partition, row)).collect()
    }

    pub(in crate::store) async fn snapshot_chunk(
        &self,
        partition: PartitionId,
        position: Position,
        part: u32,
    ) -> StoreResult<Option<(Arc<[u8]>, Hash)>> {
        let mut reader = self.reader().await?;
        let row = self
            .query(READ_CHUNK)
            .bind(column(partition))
            .bind(position.0.cast_signed())
            .bind(part.cast_signed())
            .fetch_optional(&mut *reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (body, hash): (&[u8], &[u8]) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Some((body.into(), log::to_hash(partition, position, hash)?)))
    }

    pub(in crate::store) async fn snapshot_prune(
        &self,
        partition: PartitionId,
        keep: u32,
    ) -> StoreResult<u64> {
        let removed = sqlx::query(PRUNE)
            .bind(column(partition))
            .bind(i64::from(keep))
            .execute(&self.control)
            .await?;
        sqlx::query(PRUNE_CHUNKS).bind(column(partition)).execute(&self.control).await?;
        Ok(removed.rows_affected())
    }
}

fn snapshot(partition: PartitionId, row: &PgRow) -> StoreResult<SnapshotHead> {
    let (position, format, parts): (i64, i32, i32) =
        (row.try_get(0)?, row.try_get(3)?, row.try_get(4)?);
    let position = Position(position.cast_unsigned());
    Ok(SnapshotHead {
        position,
        hash: log::to_hash(partition, position, row.try_get(1)?)?,
        digest: log::to_hash(partition, position, row.try_get(2)?)?,
        format: format.cast_unsigned(),
        parts: parts.cast_unsigned(),
    })
}

const PUT_CHUNK: &str = "INSERT INTO dacapo.snapshot_chunk (partition, position, part, body, hash)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partition, position, part)
    DO UPDATE SET body = excluded.body, hash = excluded.hash";
const PUT_HEAD: &str =
    "INSERT INTO dacapo.snapshot (partition, position, hash, digest, format, parts)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (partition, position)
    DO UPDATE SET hash = excluded.hash, digest = excluded.digest, format = excluded.format, parts = excluded.parts";
const LIST: &str = "SELECT position, hash, digest, format, parts FROM dacapo.snapshot AS snapshot
    WHERE partition = $1 AND parts = (SELECT count(*) FROM dacapo.snapshot_chunk AS chunk
        WHERE chunk.partition = snapshot.partition AND chunk.position = snapshot.position
            AND chunk.part < snapshot.parts)
    ORDER BY position DESC";
const READ_CHUNK: &str = "SELECT body, hash FROM dacapo.snapshot_chunk
    WHERE partition = $1 AND position = $2 AND part = $3";
const PRUNE: &str = "DELETE FROM dacapo.snapshot WHERE partition = $1 AND position NOT IN (
    SELECT position FROM dacapo.snapshot WHERE partition = $1 ORDER BY position DESC LIMIT $2)";
/// Chunks beyond the newest snapshot may belong to one that is being written.
const PRUNE_CHUNKS: &str = "DELETE FROM dacapo.snapshot_chunk WHERE partition = $1
    AND position < (SELECT max(position) FROM dacapo.snapshot WHERE partition = $1)
    AND position NOT IN (SELECT position FROM dacapo.snapshot WHERE partition = $1)";
