//! The inbox: commands that were accepted and not yet processed.

use dacapo_engine::record::PartitionId;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use crate::store::{InboxCommand, InboxKey, StoreError, StoreResult};

impl Sqlite {
    pub(in crate::store) async fn inbox_put(
        &self,
        partition: PartitionId,
        key: &InboxKey,
        command: &str,
    ) -> StoreResult<()> {
        let _turn = self.log.turns.lock().await;
        let put = sqlx::query(PUT)
            .bind(&*key.tenant)
            .bind(&*key.request_id)
            .bind(i64::from(partition.0))
            .bind(command)
            .execute(&self.log.control)
            .await?;
        if put.rows_affected() == 1 {
            return Ok(());
        }
        let waiting: Option<String> =
            sqlx::query_scalar("SELECT command FROM inbox WHERE tenant = ?1 AND request_id = ?2")
                .bind(&*key.tenant)
                .bind(&*key.request_id)
                .fetch_optional(&self.log.readers)
                .await?;
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        // gone means processed: the log knows the request id
        match waiting {
            Some(waiting) if parsed(&waiting) != parsed(command) => {
                Err(StoreError::InboxConflict { request_id: key.request_id.to_string() })
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(in crate::store) async fn inbox_take(
        &self,
        partition: PartitionId,
        limit: u32,
        known: &[InboxKey],
    ) -> StoreResult<Vec<InboxCommand>> {
        let pair = |it: &InboxKey| serde_json::json!([&*it.tenant, &*it.request_id]);
        let known: Vec<serde_json::Value> = known.iter().map(pair).collect();
        let rows = sqlx::query(TAKE)
            .bind(i64::from(partition.0))
            .bind(serde_json::Value::from(known).to_string())
            .bind(i64::from(limit))
            .fetch_all(&self.log.readers)
            .await?;
        rows.iter().map(command).collect()
    }

    pub(in crate::store) async fn inbox_attempt(&self, key: &InboxKey) -> StoreResult<u32> {
        let _turn = self.log.turns.lock().await;
        let attempts: Option<i64> = sqlx::query_scalar(ATTEMPT)
            .bind(&*key.tenant)
            .bind(&*key.request_id)
            .fetch_optional(&self.log.control)
            .await?;
        Ok(u32::try_from(attempts.unwrap_or_default()).unwrap_or(u32::MAX))
    }
}

fn command(row: &SqliteRow) -> StoreResult<InboxCommand> {
    let (tenant, request_id): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
    let attempts: i64 = row.try_get(3)?;
    Ok(InboxCommand {
        key: InboxKey { tenant: tenant.into(), request_id: request_id.into() },
        command: row.try_get(2)?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        created_at_ms: row.try_get(4)?,
    })
}

const PUT: &str = "INSERT INTO inbox (tenant, request_id, partition, command, created_at)
    VALUES (?1, ?2, ?3, ?4, CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER))
    ON CONFLICT (tenant, request_id) DO NOTHING";
const TAKE: &str = "SELECT tenant, request_id, command, attempts, created_at FROM inbox
    WHERE partition = ?1 AND json_array(tenant, request_id) NOT IN (SELECT value FROM json_each(?2))
    ORDER BY created_at, tenant, request_id LIMIT ?3";
const ATTEMPT: &str = "UPDATE inbox SET attempts = attempts + 1
    WHERE tenant = ?1 AND request_id = ?2 RETURNING attempts";
