//! Reading the read model.

use std::sync::LazyLock;

use dacapo_engine::record::{Key, PartitionId, Position};
use sqlx::query::Query as SqlQuery;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::Sqlite;
use crate::store::search::{self, Dialect, Statement};
use crate::store::table::{Kind, Table};
use crate::store::{Cell, ElementStatistics, Filter, Found, Query, Row, StoreResult};

impl Sqlite {
    pub(in crate::store) async fn projected(
        &self,
        partition: PartitionId,
    ) -> StoreResult<Position> {
        let position: Option<i64> =
            sqlx::query_scalar("SELECT position FROM projection WHERE partition = ?1")
                .bind(i64::from(partition.0))
                .fetch_optional(&self.rows.readers)
                .await?;
        Ok(Position(position.unwrap_or_default().cast_unsigned()))
    }

    pub(in crate::store) async fn rows(
        &self,
        partition: PartitionId,
        table: Table,
        keys: &[i64],
    ) -> StoreResult<Vec<Row>> {
        let rows = sqlx::query(by_key(table))
            .bind(i64::from(partition.0))
            .bind(list(keys))
            .fetch_all(&self.rows.readers)
            .await?;
        rows.iter().map(|row| decode(table, row)).collect()
    }

    pub(in crate::store) async fn search(
        &self,
        partition: PartitionId,
        query: &Query,
    ) -> StoreResult<Found> {
        let page = search::page(Dialect::Sqlite, partition.0, query);
        let count = search::count(Dialect::Sqlite, partition.0, query);
        let rows = bound(page).fetch_all(&self.rows.readers).await?;
        let counted: i64 = bound(count).fetch_one(&self.rows.readers).await?.try_get(0)?;
        let rows: StoreResult<Vec<Row>> = rows.iter().map(|it| decode(query.table, it)).collect();
        Ok(query.answer(rows?, counted.cast_unsigned()))
    }

    pub(in crate::store) async fn element_statistics(
        &self,
        partition: PartitionId,
        filter: &Filter,
    ) -> StoreResult<Vec<ElementStatistics>> {
        let statement = search::statistics(Dialect::Sqlite, partition.0, filter);
        let rows = bound(statement).fetch_all(&self.rows.readers).await?;
        let count = |row: &SqliteRow, index: usize| row.try_get(index).map(i64::cast_unsigned);
        rows.iter()
            .map(|row| {
                Ok(ElementStatistics {
                    element_id: row.try_get(0)?,
                    active: count(row, 1)?,
                    canceled: count(row, 2)?,
                    incidents: count(row, 3)?,
                    completed: count(row, 4)?,
                })
            })
            .collect()
    }

    pub(in crate::store) async fn variables_of(
        &self,
        partition: PartitionId,
        scopes: &[Key],
    ) -> StoreResult<Vec<Row>> {
        let scopes: Vec<i64> = scopes.iter().map(|it| it.0.cast_signed()).collect();
        let rows = sqlx::query(VARIABLES_OF)
            .bind(i64::from(partition.0))
            .bind(list(&scopes))
            .fetch_all(&self.rows.readers)
            .await?;
        rows.iter().map(|row| decode(Table::Variable, row)).collect()
    }

    pub(in crate::store) async fn positions_of(
        &self,
        partition: PartitionId,
        instance: Key,
        after: Position,
        limit: u32,
    ) -> StoreResult<Vec<Position>> {
        let rows: Vec<i64> = sqlx::query_scalar(POSITIONS_OF)
            .bind(i64::from(partition.0))
            .bind(instance.0.cast_signed())
            .bind(after.0.cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&self.rows.readers)
            .await?;
        Ok(rows.into_iter().map(|it| Position(it.cast_unsigned())).collect())
    }
}

fn bound(statement: Statement) -> SqlQuery<'static, sqlx::Sqlite, SqliteArguments> {
    // the text consists of our own names and placeholders
    let mut query = sqlx::query(AssertSqlSafe(statement.sql));
    for value in statement.binds {
        query = match value {
            Cell::Int(it) => query.bind(it),
            Cell::Text(it) => query.bind(it.to_string()),
            Cell::Bytes(it) => query.bind(it.to_vec()),
            Cell::Null => query.bind(None::<i64>),
        };
    }
    query
}

/// Makes a row of all columns of a table.
pub(super) fn decode(table: Table, row: &SqliteRow) -> StoreResult<Row> {
    let mut cells = Vec::with_capacity(table.columns().len());
    for (index, column) in table.columns().iter().enumerate() {
        cells.push(match column.kind {
            Kind::Int => row.try_get::<Option<i64>, _>(index)?.into(),
            Kind::Text => row.try_get::<Option<&str>, _>(index)?.into(),
            Kind::Bytes => row.try_get::<Option<&[u8]>, _>(index)?.into(),
        });
    }
    Ok(Row { table, cells })
}

/// Writes keys as the JSON list that the statements read.
pub(super) fn list(keys: &[i64]) -> String {
    serde_json::Value::from(keys).to_string()
}

/// The statement that finds rows by key.
pub(super) fn by_key(table: Table) -> &'static str {
    // the texts consist of the names in `table.rs` only
    static TEXTS: LazyLock<[String; Table::ALL.len()]> = LazyLock::new(|| {
        Table::ALL.map(|table| {
            let names: Vec<&str> = table.columns().iter().map(|it| it.name).collect();
            let (name, names) = (table.name(), names.join(", "));
            format!("SELECT {names} FROM {name} WHERE partition = ?1 AND key IN (SELECT value FROM json_each(?2)) ORDER BY key")
        })
    });
    &TEXTS[table as usize]
}

const VARIABLES_OF: &str = "SELECT key, name, value, scope_key, process_instance_key, tenant, position
    FROM variable WHERE partition = ?1 AND scope_key IN (SELECT value FROM json_each(?2)) ORDER BY key";
const POSITIONS_OF: &str = "SELECT position FROM step_instance
    WHERE partition = ?1 AND instance_key = ?2 AND position > ?3 ORDER BY position LIMIT ?4";
