//! Reading the read model.

use std::sync::LazyLock;

use dacapo_engine::record::{Key, PartitionId, Position};
use sqlx::Row as _;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query as SqlQuery;

use super::{Postgres, column};
use crate::store::search::{self, Dialect, Statement};
use crate::store::table::{Kind, Table};
use crate::store::{Cell, ElementStatistics, Filter, Found, Query, Row, StoreResult};

impl Postgres {
    pub(in crate::store) async fn projected(
        &self,
        partition: PartitionId,
    ) -> StoreResult<Position> {
        let mut reader = self.reader().await?;
        let row = self
            .query("SELECT position FROM dacapo.projection WHERE partition = $1")
            .bind(column(partition))
            .fetch_optional(&mut *reader)
            .await?;
        let position: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
        Ok(Position(position.cast_unsigned()))
    }

    pub(in crate::store) async fn rows(
        &self,
        partition: PartitionId,
        table: Table,
        keys: &[i64],
    ) -> StoreResult<Vec<Row>> {
        let mut reader = self.reader().await?;
        let rows = self
            .query(by_key(table))
            .bind(column(partition))
            .bind(keys)
            .fetch_all(&mut *reader)
            .await?;
        rows.iter().map(|row| decode(table, row)).collect()
    }

    pub(in crate::store) async fn search(
        &self,
        partition: PartitionId,
        query: &Query,
    ) -> StoreResult<Found> {
        let page = search::page(Dialect::Postgres, partition.0, query);
        let count = search::count(Dialect::Postgres, partition.0, query);
        let mut reader = self.reader().await?;
        let rows = self.bound(page).fetch_all(&mut *reader).await?;
        let counted: i64 = self.bound(count).fetch_one(&mut *reader).await?.try_get(0)?;
        let rows: StoreResult<Vec<Row>> = rows.iter().map(|it| decode(query.table, it)).collect();
        Ok(query.answer(rows?, counted.cast_unsigned()))
    }

    pub(in crate::store) async fn element_statistics(
        &self,
        partition: PartitionId,
        filter: &Filter,
    ) -> StoreResult<Vec<ElementStatistics>> {
        let statement = search::statistics(Dialect::Postgres, partition.0, filter);
        let mut reader = self.reader().await?;
        let rows = self.bound(statement).fetch_all(&mut *reader).await?;
        let count = |row: &PgRow, index: usize| row.try_get(index).map(i64::cast_unsigned);
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
        let mut reader = self.reader().await?;
        let rows = self
            .query(VARIABLES_OF)
            .bind(column(partition))
            .bind(scopes.iter().map(|it| it.0.cast_signed()).collect::<Vec<_>>())
            .fetch_all(&mut *reader)
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
        let mut reader = self.reader().await?;
        let rows = self
            .query(POSITIONS_OF)
            .bind(column(partition))
            .bind(instance.0.cast_signed())
            .bind(after.0.cast_signed())
            .bind(i64::from(limit))
            .fetch_all(&mut *reader)
            .await?;
        let position = |row: &PgRow| Ok(Position(row.try_get::<i64, _>(0)?.cast_unsigned()));
        rows.iter().map(position).collect()
    }

    fn bound(&self, statement: Statement) -> SqlQuery<'static, sqlx::Postgres, PgArguments> {
        let mut query = self.composed(statement.sql);
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
}

/// Makes a row of all columns of a table.
pub(super) fn decode(table: Table, row: &PgRow) -> StoreResult<Row> {
    let mut cells = Vec::with_capacity(table.columns().len());
    for (index, column) in table.columns().iter().enumerate() {
        cells.push(match column.kind {
            Kind::Int => row.try_get::<Option<i64>, _>(index)?.into(),
            Kind::Text => row.try_get::<Option<&str>, _>(index)?.into(),
            // a search leaves bytes out
            Kind::Bytes => row.try_get::<Option<&[u8]>, _>(index).ok().flatten().into(),
        });
    }
    Ok(Row { table, cells })
}

/// The statement that finds rows by key.
pub(super) fn by_key(table: Table) -> &'static str {
    // the texts consist of the names in `table.rs` only
    static TEXTS: LazyLock<[String; Table::ALL.len()]> = LazyLock::new(|| {
        Table::ALL.map(|table| {
            let names: Vec<&str> = table.columns().iter().map(|it| it.name).collect();
            let (name, names) = (table.name(), names.join(", "));
            format!("SELECT {names} FROM dacapo.{name} WHERE partition = $1 AND key = ANY($2) ORDER BY key")
        })
    });
    &TEXTS[table as usize]
}

const VARIABLES_OF: &str =
    "SELECT key, name, value, scope_key, process_instance_key, tenant, position
    FROM dacapo.variable WHERE partition = $1 AND scope_key = ANY($2) ORDER BY key";
const POSITIONS_OF: &str = "SELECT position FROM dacapo.step_instance
    WHERE partition = $1 AND instance_key = $2 AND position > $3 ORDER BY position LIMIT $4";
