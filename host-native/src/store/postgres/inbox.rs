//! The inbox: commands that were accepted and not yet processed.

use dacapo_engine::record::PartitionId;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::{Postgres, column};
use crate::store::{InboxCommand, InboxKey, StoreError, StoreResult};

impl Postgres {
    pub(in crate::store) async fn inbox_put(
        &self,
        partition: PartitionId,
        key: &InboxKey,
        command: &str,
    ) -> StoreResult<()> {
        let put = sqlx::query(PUT)
            .bind(&*key.tenant)
            .bind(&*key.request_id)
            .bind(column(partition))
            .bind(command)
            .execute(&self.control)
            .await?;
        if put.rows_affected() == 1 {
            return Ok(());
        }
        let is_same: Option<bool> = sqlx::query_scalar(COMPARE)
            .bind(&*key.tenant)
            .bind(&*key.request_id)
            .bind(command)
            .fetch_optional(&self.control)
            .await?;
        match is_same {
            Some(false) => {
                Err(StoreError::InboxConflict { request_id: key.request_id.to_string() })
            }
            // gone means processed: the log knows the request id
            Some(true) | None => Ok(()),
        }
    }

    pub(in crate::store) async fn inbox_take(
        &self,
        partition: PartitionId,
        limit: u32,
        known: &[InboxKey],
    ) -> StoreResult<Vec<InboxCommand>> {
        let rows = sqlx::query(TAKE)
            .bind(column(partition))
            .bind(known.iter().map(|it| &*it.tenant).collect::<Vec<&str>>())
            .bind(known.iter().map(|it| &*it.request_id).collect::<Vec<&str>>())
            .bind(i64::from(limit))
            .fetch_all(&self.control)
            .await?;
        rows.iter().map(command).collect()
    }

    pub(in crate::store) async fn inbox_attempt(&self, key: &InboxKey) -> StoreResult<u32> {
        let row = sqlx::query(ATTEMPT)
            .bind(&*key.tenant)
            .bind(&*key.request_id)
            .fetch_optional(&self.control)
            .await?;
        let attempts: i32 = row.map_or(Ok(0), |row| row.try_get(0))?;
        Ok(attempts.cast_unsigned())
    }
}

fn command(row: &PgRow) -> StoreResult<InboxCommand> {
    let (tenant, request_id): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
    let attempts: i32 = row.try_get(3)?;
    Ok(InboxCommand {
        key: InboxKey { tenant: tenant.into(), request_id: request_id.into() },
        command: row.try_get(2)?,
        attempts: attempts.cast_unsigned(),
        created_at_ms: row.try_get(4)?,
    })
}

const PUT: &str = "INSERT INTO dacapo.inbox (tenant, request_id, partition, command)
    VALUES ($1, $2, $3, $4::jsonb) ON CONFLICT (tenant, request_id) DO NOTHING";
const COMPARE: &str = "SELECT command = $3::jsonb FROM dacapo.inbox
    WHERE tenant = $1 AND request_id = $2";
const TAKE: &str = "SELECT tenant, request_id, command::text, attempts,
        (extract(epoch FROM created_at) * 1000)::bigint
    FROM dacapo.inbox WHERE partition = $1
        AND NOT EXISTS (SELECT 1 FROM unnest($2::text[], $3::text[]) AS known (tenant, request_id)
            WHERE known.tenant = inbox.tenant AND known.request_id = inbox.request_id)
    ORDER BY created_at, tenant, request_id LIMIT $4 FOR UPDATE SKIP LOCKED";
const ATTEMPT: &str = "UPDATE dacapo.inbox SET attempts = attempts + 1
    WHERE tenant = $1 AND request_id = $2 RETURNING attempts";
