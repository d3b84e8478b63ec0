//! Writing the read model: multi-row upserts, one per table, and the position, in one transaction.

use std::sync::LazyLock;

use dacapo_engine::record::{PartitionId, Position};
use sqlx::{Connection as _, PgConnection};

use super::{column, rows};
use crate::store::table::{Column, Kind, Table};
use crate::store::{Cell, Row, RowBatch, StoreError, StoreResult};

/// The connection of the one writer of a partition's read model.
#[derive(Debug)]
pub(in crate::store) struct ProjectSession {
    connection: PgConnection,
}

impl ProjectSession {
    pub(super) const fn new(connection: PgConnection) -> Self {
        Self { connection }
    }

    pub(in crate::store) async fn apply(
        &mut self,
        partition: PartitionId,
        from: Position,
        to: Position,
        rows: &RowBatch,
    ) -> StoreResult<()> {
        let mut transaction = self.connection.begin().await?;
        write(&mut transaction, partition, from, to, rows).await?;
        transaction.commit().await?;
        Ok(())
    }

    pub(in crate::store) async fn load(
        &mut self,
        partition: PartitionId,
        table: Table,
        keys: &[i64],
    ) -> StoreResult<Vec<Row>> {
        let found = sqlx::query(rows::by_key(table))
            .bind(column(partition))
            .bind(keys)
            .fetch_all(&mut self.connection)
            .await?;
        found.iter().map(|row| rows::decode(table, row)).collect()
    }

    pub(in crate::store) async fn clear(&mut self, partition: PartitionId) -> StoreResult<()> {
        let mut transaction = self.connection.begin().await?;
        for statement in CLEAR {
            sqlx::query(statement).bind(column(partition)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Writes rows and moves the position, inside the caller's transaction.
pub(super) async fn write(
    connection: &mut PgConnection,
    partition: PartitionId,
    from: Position,
    to: Position,
    rows: &RowBatch,
) -> StoreResult<()> {
    move_to(connection, partition, from, to).await?;
    for table in Table::ALL {
        let rows: Vec<&Row> = rows.of(table).collect();
        for chunk in rows.chunks(ROWS_MAX) {
            upsert(connection, partition, table, chunk).await?;
        }
    }
    let (instances, positions): (Vec<i64>, Vec<i64>) = rows.steps().unzip();
    if !instances.is_empty() {
        sqlx::query(INSERT_STEPS)
            .bind(column(partition))
            .bind(instances)
            .bind(positions)
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn move_to(
    connection: &mut PgConnection,
    partition: PartitionId,
    from: Position,
    to: Position,
) -> StoreResult<()> {
    let moved = sqlx::query(MOVE)
        .bind(column(partition))
        .bind(from.0.cast_signed())
        .bind(to.0.cast_signed())
        .execute(&mut *connection)
        .await?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    let found: Option<i64> = sqlx::query_scalar(READ_POSITION)
        .bind(column(partition))
        .fetch_optional(connection)
        .await?;
    Err(StoreError::ProjectionMoved {
        partition: partition.0,
        expected: from.0,
        found: found.unwrap_or_default().cast_unsigned(),
    })
}

async fn upsert(
    connection: &mut PgConnection,
    partition: PartitionId,
    table: Table,
    rows: &[&Row],
) -> StoreResult<()> {
    let mut query = sqlx::query(upsert_of(table)).bind(column(partition));
    for (index, kind) in table.columns().iter().map(|it| it.kind).enumerate() {
        let cells = rows.iter().map(|row| row.cells.get(index).unwrap_or(&Cell::Null));
        query = match kind {
            Kind::Int => query.bind(cells.map(Cell::as_int).collect::<Vec<_>>()),
            Kind::Text => query.bind(cells.map(Cell::as_text).collect::<Vec<_>>()),
            Kind::Bytes => query.bind(cells.map(Cell::as_bytes).collect::<Vec<_>>()),
        };
    }
    query.execute(connection).await?;
    Ok(())
}

fn upsert_of(table: Table) -> &'static str {
    // the texts consist of the names in `table.rs` only
    static TEXTS: LazyLock<[String; Table::ALL.len()]> =
        LazyLock::new(|| Table::ALL.map(upsert_text));
    &TEXTS[table as usize]
}

fn upsert_text(table: Table) -> String {
    let columns = table.columns();
    let list = |each: &dyn Fn((usize, &Column)) -> String| -> String {
        columns.iter().enumerate().map(each).collect::<Vec<_>>().join(", ")
    };
    let (name, names) = (table.name(), list(&|(_, it)| it.name.to_owned()));
    let arrays = list(&|(index, it)| {
        let array = match it.kind {
            Kind::Int => "bigint[]",
            Kind::Text => "text[]",
            Kind::Bytes => "bytea[]",
        };
        format!("${}::{array}", index + 2)
    });
    let sets = list(&|(_, it)| format!("{0} = excluded.{0}", it.name));
    format!(
        "INSERT INTO dacapo.{name} (partition, {names}) SELECT $1, fresh.* FROM unnest({arrays}) AS fresh \
         ON CONFLICT (partition, key) DO UPDATE SET {sets}"
    )
}

/// One statement takes at most this many rows.
const ROWS_MAX: usize = 5_000;
const READ_POSITION: &str = "SELECT position FROM dacapo.projection WHERE partition = $1";
const MOVE: &str = "INSERT INTO dacapo.projection AS projection (partition, position)
    SELECT $1, $3 WHERE $2 = 0 OR EXISTS (SELECT 1 FROM dacapo.projection WHERE partition = $1)
    ON CONFLICT (partition) DO UPDATE SET position = excluded.position
    WHERE projection.position = $2";
const INSERT_STEPS: &str = "INSERT INTO dacapo.step_instance (partition, instance_key, position)
    SELECT $1, * FROM unnest($2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING";
const CLEAR: [&str; 10] = [
    "DELETE FROM dacapo.projection WHERE partition = $1",
    "DELETE FROM dacapo.process_definition WHERE partition = $1",
    "DELETE FROM dacapo.process_instance WHERE partition = $1",
    "DELETE FROM dacapo.element_instance WHERE partition = $1",
    "DELETE FROM dacapo.variable WHERE partition = $1",
    "DELETE FROM dacapo.job WHERE partition = $1",
    "DELETE FROM dacapo.incident WHERE partition = $1",
    "DELETE FROM dacapo.message_subscription WHERE partition = $1",
    "DELETE FROM dacapo.timer WHERE partition = $1",
    "DELETE FROM dacapo.step_instance WHERE partition = $1",
];
