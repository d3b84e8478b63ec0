//! Snapshots in the file.

use std::sync::Arc;

use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::Hash;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use crate::store::postgres::to_hash;
use crate::store::{SnapshotHead, StoreResult};

impl Sqlite {
    pub(in crate::store) async fn snapshot_put(
        &self,
        partition: PartitionId,
        head: &SnapshotHead,
        chunks: &[Arc<[u8]>],
    ) -> StoreResult<()> {
        let position = head.position.0.cast_signed();
        for (part, body) in (0_i64..).zip(chunks) {
            // appends come in between
            let _turn = self.log.turns.lock().await;
            sqlx::query(PUT_CHUNK)
                .bind(i64::from(partition.0))
                .bind(position)
                .bind(part)
                .bind(&**body)
                .bind(blake3::hash(body).as_bytes().as_slice())
                .execute(&self.log.control)
                .await?;
            self.log.checkpoints.wrote(body.len() as u64);
        }
        let _turn = self.log.turns.lock().await;
        sqlx::query(PUT_HEAD)
            .bind(i64::from(partition.0))
            .bind(position)
            .bind(head.hash.as_slice())
            .bind(head.digest.as_slice())
            .bind(i64::from(head.format))
            .bind(i64::from(head.parts))
            .execute(&self.log.control)
            .await?;
        Ok(())
    }

    pub(in crate::store) async fn snapshot_list(
        &self,
        partition: PartitionId,
    ) -> StoreResult<Vec<SnapshotHead>> {
        let rows =
            sqlx::query(LIST).bind(i64::from(partition.0)).fetch_all(&self.log.readers).await?;
        rows.iter().map(|row| snapshot(partition, row)).collect()
    }

    pub(in crate::store) async fn snapshot_chunk(
        &self,
        partition: PartitionId,
        position: Position,
        part: u32,
    ) -> StoreResult<Option<(Arc<[u8]>, Hash)>> {
        let row = sqlx::query(READ_CHUNK)
            .bind(i64::from(partition.0))
            .bind(position.0.cast_signed())
            .bind(i64::from(part))
            .fetch_optional(&self.log.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (body, hash): (&[u8], &[u8]) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Some((body.into(), to_hash(partition, position, hash)?)))
    }

    pub(in crate::store) async fn snapshot_prune(
        &self,
        partition: PartitionId,
        keep: u32,
    ) -> StoreResult<u64> {
        let _turn = self.log.turns.lock().await;
        let removed = sqlx::query(PRUNE)
            .bind(i64::from(partition.0))
            .bind(i64::from(keep))
            .execute(&self.log.control)
            .await?;
        sqlx::query(PRUNE_CHUNKS).bind(i64::from(partition.0)).execute(&self.log.control).await?;
        Ok(removed.rows_affected())
    }
}

fn snapshot(partition: PartitionId, row: &SqliteRow) -> StoreResult<SnapshotHead> {
    let (position, format, parts): (i64, i64, i64) =
        (row.try_get(0)?, row.try_get(3)?, row.try_get(4)?);
    let position = Position(position.cast_unsigned());
    Ok(SnapshotHead {
        position,
        hash: to_hash(partition, position, row.try_get(1)?)?,
        digest: to_hash(partition, position, row.try_get(2)?)?,
        format: u32::try_from(format).unwrap_or(u32::MAX),
        parts: u32::try_from(parts).unwrap_or(u32::MAX),
    })
}

const PUT_CHUNK: &str =
    "INSERT OR REPLACE INTO snapshot_chunk (partition, position, part, body, hash)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const PUT_HEAD: &str = "INSERT OR REPLACE INTO snapshot
    (partition, position, hash, digest, format, parts, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER))";
const LIST: &str = "SELECT position, hash, digest, format, parts FROM snapshot
    WHERE partition = ?1 AND parts = (SELECT count(*) FROM snapshot_chunk AS chunk
        WHERE chunk.partition = snapshot.partition AND chunk.position = snapshot.position
            AND chunk.part < snapshot.parts)
    ORDER BY position DESC";
const READ_CHUNK: &str = "SELECT body, hash FROM snapshot_chunk
    WHERE partition = ?1 AND position = ?2 AND part = ?3";
const PRUNE: &str = "DELETE FROM snapshot WHERE partition = ?1 AND position NOT IN (
    SELECT position FROM snapshot WHERE partition = ?1 ORDER BY position DESC LIMIT ?2)";
/// Chunks beyond the newest snapshot may belong to one that is being written.
const PRUNE_CHUNKS: &str = "DELETE FROM snapshot_chunk WHERE partition = ?1
    AND position < (SELECT max(position) FROM snapshot WHERE partition = ?1)
    AND position NOT IN (SELECT position FROM snapshot WHERE partition = ?1)";
