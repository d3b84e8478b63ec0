//! Writing the read model: prepared single-row upserts and the position, in one transaction.

use std::sync::{Arc, LazyLock};

use dacapo_engine::record::{PartitionId, Position};
use sqlx::{Connection as _, SqliteConnection};

use super::append::{BEGIN, ROW_BYTES};
use super::bulk::{self, SIZES};
use super::checkpoint::Checkpoints;
use super::{Turns, rows};
use crate::store::table::Table;
use crate::store::{Cell, Row, RowBatch, StoreError, StoreResult};

/// The connection of the one writer of a partition's read model.
#[derive(Debug)]
pub(in crate::store) struct ProjectSession {
    connection: SqliteConnection,
    checkpoints: Arc<Checkpoints>,
    turns: Turns,
}

impl ProjectSession {
    pub(super) const fn new(
        connection: SqliteConnection,
        checkpoints: Arc<Checkpoints>,
        turns: Turns,
    ) -> Self {
        Self { connection, checkpoints, turns }
    }

    pub(in crate::store) async fn apply(
        &mut self,
        partition: PartitionId,
        from: Position,
        to: Position,
        rows: &RowBatch,
    ) -> StoreResult<()> {
        let _turn = self.turns.lock().await;
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        write(&mut transaction, partition, from, to, rows).await?;
        transaction.commit().await?;
        self.checkpoints.wrote((rows.len() * ROW_BYTES) as u64);
        Ok(())
    }

    pub(in crate::store) async fn load(
        &mut self,
        partition: PartitionId,
        table: Table,
        keys: &[i64],
    ) -> StoreResult<Vec<Row>> {
        let found = sqlx::query(rows::by_key(table))
            .bind(i64::from(partition.0))
            .bind(rows::list(keys))
            .fetch_all(&mut self.connection)
            .await?;
        found.iter().map(|row| rows::decode(table, row)).collect()
    }

    pub(in crate::store) async fn clear(&mut self, partition: PartitionId) -> StoreResult<()> {
        let _turn = self.turns.lock().await;
        let mut transaction = self.connection.begin_with(BEGIN).await?;
        for statement in CLEAR {
            sqlx::query(statement).bind(i64::from(partition.0)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Writes rows and moves the position, inside the caller's transaction.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    partition: PartitionId,
    from: Position,
    to: Position,
    rows: &RowBatch,
) -> StoreResult<()> {
    move_to(connection, partition, from, to).await?;
    for table in Table::ALL {
        let rows: Vec<&Row> = rows.of(table).collect();
        upsert(connection, partition, table, &rows).await?;
    }
    let steps: Vec<(i64, i64)> = rows.steps().collect();
    insert_steps(connection, partition, &steps).await
}

async fn upsert(
    connection: &mut SqliteConnection,
    partition: PartitionId,
    table: Table,
    rows: &[&Row],
) -> StoreResult<()> {
    // the texts consist of the names in `table.rs` only
    static TEXTS: LazyLock<[[String; SIZES.len()]; Table::ALL.len()]> =
        LazyLock::new(|| Table::ALL.map(|table| bulk::texts(|rows| upsert_text(table, rows))));
    for (size, rows) in bulk::portions(rows) {
        let mut query = sqlx::query(TEXTS[table as usize][size].as_str());
        for row in rows {
            query = query.bind(i64::from(partition.0));
            for cell in &row.cells {
                query = match cell {
                    Cell::Int(it) => query.bind(*it),
                    Cell::Text(it) => query.bind(&**it),
                    Cell::Bytes(it) => query.bind(&**it),
                    Cell::Null => query.bind(None::<i64>),
                };
            }
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn insert_steps(
    connection: &mut SqliteConnection,
    partition: PartitionId,
    steps: &[(i64, i64)],
) -> StoreResult<()> {
    static TEXTS: LazyLock<[String; SIZES.len()]> = LazyLock::new(|| {
        bulk::texts(|rows| format!("{INSERT_STEPS} VALUES {}", bulk::tuples(rows, 3)))
    });
    for (size, steps) in bulk::portions(steps) {
        let mut query = sqlx::query(TEXTS[size].as_str());
        for (instance, position) in steps {
            query = query.bind(i64::from(partition.0)).bind(*instance).bind(*position);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn move_to(
    connection: &mut SqliteConnection,
    partition: PartitionId,
    from: Position,
    to: Position,
) -> StoreResult<()> {
    let moved = sqlx::query(MOVE)
        .bind(i64::from(partition.0))
        .bind(from.0.cast_signed())
        .bind(to.0.cast_signed())
        .execute(&mut *connection)
        .await?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    let found: Option<i64> =
        sqlx::query_scalar("SELECT position FROM projection WHERE partition = ?1")
            .bind(i64::from(partition.0))
            .fetch_optional(connection)
            .await?;
    Err(StoreError::ProjectionMoved {
        partition: partition.0,
        expected: from.0,
        found: found.unwrap_or_default().cast_unsigned(),
    })
}

fn upsert_text(table: Table, rows: usize) -> String {
    let columns: Vec<&str> = table.columns().iter().map(|it| it.name).collect();
    let (name, names) = (table.name(), columns.join(", "));
    let values = bulk::tuples(rows, columns.len() + 1);
    let sets: Vec<String> = columns.iter().map(|it| format!("{it} = excluded.{it}")).collect();
    let sets = sets.join(", ");
    format!(
        "INSERT INTO {name} (partition, {names}) VALUES {values} ON CONFLICT (key) DO UPDATE SET {sets}"
    )
}

const INSERT_STEPS: &str =
    "INSERT OR IGNORE INTO step_instance (partition, instance_key, position)";
const MOVE: &str = "INSERT INTO projection (partition, position)
    SELECT ?1, ?3 WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM projection WHERE partition = ?1)
    ON CONFLICT (partition) DO UPDATE SET position = excluded.position WHERE position = ?2";
const CLEAR: [&str; 10] = [
    "DELETE FROM projection WHERE partition = ?1",
    "DELETE FROM process_definition WHERE partition = ?1",
    "DELETE FROM process_instance WHERE partition = ?1",
    "DELETE FROM element_instance WHERE partition = ?1",
    "DELETE FROM variable WHERE partition = ?1",
    "DELETE FROM job WHERE partition = ?1",
    "DELETE FROM incident WHERE partition = ?1",
    "DELETE FROM message_subscription WHERE partition = ?1",
    "DELETE FROM timer WHERE partition = ?1",
    "DELETE FROM step_instance WHERE partition = ?1",
];
