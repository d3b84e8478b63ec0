//! A search as SQL. The text is made of our own names and placeholders; every value is a bind.

use std::fmt::Write as _;

use super::{Condition, Cursor, Filter, Query, Sort, Start, TOTAL_MAX, pattern};
use crate::store::Cell;
use crate::store::table::{Field, Kind, PREFIX_CHARACTERS, Table};

/// The SQL that a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// A statement and the values of its placeholders, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Statement {
    /// The text.
    pub(in crate::store) sql: String,
    /// The values.
    pub(in crate::store) binds: Vec<Cell>,
}

struct Writer {
    dialect: Dialect,
    statement: Statement,
    aliases: u32,
}

/// Selects the rows of a page, in its own direction.
pub(in crate::store) fn page(dialect: Dialect, partition: u16, query: &Query) -> Statement {
    let mut order = query.order();
    let mut it = Writer::new(dialect);
    it.push("SELECT ");
    for (number, column) in query.table.columns().iter().enumerate() {
        it.push(if number == 0 { "" } else { ", " });
        it.push(if column.kind == Kind::Bytes { "NULL AS " } else { "t0." });
        it.push(column.name);
    }
    it.from(query.table, partition);
    it.filter(&query.filter, 0);
    match &query.page.start {
        Start::From(_) => {}
        Start::After(cursor) => it.beyond(&order, cursor, false),
        Start::Before(cursor) => {
            it.beyond(&order, cursor, true);
            order.iter_mut().for_each(|sort| sort.is_descending = !sort.is_descending);
        }
    }
    it.order_by(&order, matches!(query.page.start, Start::Before(_)));
    it.push(" LIMIT ");
    it.bind(Cell::Int(i64::from(query.page.limit)));
    if let Start::From(count) = query.page.start {
        it.push(" OFFSET ");
        it.bind(Cell::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    it.statement
}

/// Counts the rows of all pages, one further than [`TOTAL_MAX`] at most.
pub(in crate::store) fn count(dialect: Dialect, partition: u16, query: &Query) -> Statement {
    let mut it = Writer::new(dialect);
    it.push("SELECT count(*) FROM (SELECT 1");
    it.from(query.table, partition);
    it.filter(&query.filter, 0);
    it.push(" LIMIT ");
    it.bind(Cell::Int(TOTAL_MAX.cast_signed() + 1));
    it.push(") AS counted");
    it.statement
}

/// Counts element instances by element and state.
pub(in crate::store) fn statistics(dialect: Dialect, partition: u16, filter: &Filter) -> Statement {
    let mut it = Writer::new(dialect);
    it.push("SELECT t0.element_id, ");
    it.push("count(CASE WHEN t0.state = 'ACTIVE' AND t0.incident_key IS NULL THEN 1 END), ");
    it.push("count(CASE WHEN t0.state = 'TERMINATED' THEN 1 END), ");
    it.push("count(CASE WHEN t0.state = 'ACTIVE' AND t0.incident_key IS NOT NULL THEN 1 END), ");
    it.push("count(CASE WHEN t0.state = 'COMPLETED' THEN 1 END)");
    it.from(Table::ElementInstance, partition);
    it.filter(filter, 0);
    it.push(" AND t0.type <> 'PROCESS' GROUP BY t0.element_id ORDER BY t0.element_id");
    it.statement
}

impl Writer {
    fn new(dialect: Dialect) -> Self {
        let statement = Statement { sql: String::new(), binds: Vec::new() };
        Self { dialect, statement, aliases: 1 }
    }

    fn push(&mut self, text: &str) {
        self.statement.sql.push_str(text);
    }

    fn bind(&mut self, value: Cell) {
        self.statement.binds.push(value);
        let number = self.statement.binds.len();
        match self.dialect {
            Dialect::Postgres => _ = write!(self.statement.sql, "${number}"),
            Dialect::Sqlite => _ = write!(self.statement.sql, "?{number}"),
        }
    }

    fn table(&mut self, table: Table, alias: u32) {
        self.push(match self.dialect {
            Dialect::Postgres => "dacapo.",
            Dialect::Sqlite => "",
        });
        self.push(table.name());
        _ = write!(self.statement.sql, " AS t{alias}");
    }

    fn column(&mut self, alias: u32, field: Field) {
        _ = write!(self.statement.sql, "t{alias}.{}", field.column().name);
    }

    fn from(&mut self, table: Table, partition: u16) {
        self.push(" FROM ");
        self.table(table, 0);
        self.push(" WHERE t0.partition = ");
        // a number of our own, so that partial indexes and plans see it
        _ = write!(self.statement.sql, "{partition}");
    }

    /// Adds ` AND (…)`.
    fn filter(&mut self, filter: &Filter, alias: u32) {
        self.push(" AND ");
        self.term(filter, alias);
    }

    fn term(&mut self, filter: &Filter, alias: u32) {
        match filter {
            Filter::All(filters) => self.list(filters, alias, " AND ", "(1 = 1)"),
            Filter::Any(filters) => self.list(filters, alias, " OR ", "(1 = 0)"),
            Filter::Is(field, condition) => self.condition(alias, *field, condition),
            Filter::Related { own, other, filter } => {
                self.exists(alias, *own, *other, filter, "EXISTS")
            }
            Filter::Unrelated { own, other, filter } => {
                self.exists(alias, *own, *other, filter, "NOT EXISTS");
            }
        }
    }

    fn list(&mut self, filters: &[Filter], alias: u32, between: &str, none: &str) {
        if filters.is_empty() {
            return self.push(none);
        }
        for (number, filter) in filters.iter().enumerate() {
            self.push(if number == 0 { "(" } else { between });
            self.term(filter, alias);
        }
        self.push(")");
    }

    fn exists(&mut self, alias: u32, own: Field, other: Field, filter: &Filter, word: &str) {
        let inner = self.aliases;
        self.aliases += 1;
        self.push(word);
        self.push(" (SELECT 1 FROM ");
        self.table(other.table(), inner);
        _ = write!(self.statement.sql, " WHERE t{inner}.partition = t{alias}.partition AND ");
        self.column(inner, other);
        self.push(" = ");
        self.column(alias, own);
        self.filter(filter, inner);
        self.push(")");
    }

    fn condition(&mut self, alias: u32, field: Field, condition: &Condition) {
        match condition {
            Condition::Eq(it) => self.one_of(alias, field, std::slice::from_ref(it)),
            Condition::In(list) => self.one_of(alias, field, list),
            Condition::Neq(it) => self.none_of(alias, field, std::slice::from_ref(it)),
            Condition::NotIn(list) => self.none_of(alias, field, list),
            Condition::Gt(it) => self.compare(alias, field, " > ", it),
            Condition::Gte(it) => self.compare(alias, field, " >= ", it),
            Condition::Lt(it) => self.compare(alias, field, " < ", it),
            Condition::Lte(it) => self.compare(alias, field, " <= ", it),
            Condition::Exists(true) => self.is_null(alias, field, " IS NOT NULL"),
            Condition::Exists(false) => self.is_null(alias, field, " IS NULL"),
            Condition::Like(it) => {
                self.column(alias, field);
                self.push(match self.dialect {
                    Dialect::Postgres => " LIKE ",
                    Dialect::Sqlite => " GLOB ",
                });
                self.bind(Cell::text(match self.dialect {
                    Dialect::Postgres => pattern::like(it),
                    Dialect::Sqlite => pattern::glob(it),
                }));
            }
        }
    }

    fn compare(&mut self, alias: u32, field: Field, operator: &str, value: &Cell) {
        self.column(alias, field);
        self.push(operator);
        self.bind(value.clone());
    }

    fn is_null(&mut self, alias: u32, field: Field, word: &str) {
        self.column(alias, field);
        self.push(word);
    }

    /// Equality with one of some values. Where an index holds prefixes, the prefixes are compared too, so that it serves.
    fn one_of(&mut self, alias: u32, field: Field, values: &[Cell]) {
        self.push("(");
        if field.column().is_prefixed && !values.is_empty() {
            self.push("substr(");
            self.column(alias, field);
            _ = write!(self.statement.sql, ", 1, {PREFIX_CHARACTERS})");
            self.values(" IN (", values.iter().map(prefix));
            self.push(" AND ");
        }
        self.members(alias, field, values);
        self.push(")");
    }

    fn none_of(&mut self, alias: u32, field: Field, values: &[Cell]) {
        self.push("(");
        self.column(alias, field);
        self.push(" IS NULL OR NOT ");
        self.members(alias, field, values);
        self.push(")");
    }

    fn members(&mut self, alias: u32, field: Field, values: &[Cell]) {
        if values.is_empty() {
            return self.push("(1 = 0)");
        }
        self.column(alias, field);
        self.values(" IN (", values.iter().cloned());
    }

    fn values(&mut self, before: &str, values: impl Iterator<Item = Cell>) {
        self.push(before);
        for (number, value) in values.enumerate() {
            self.push(if number == 0 { "" } else { ", " });
            self.bind(value);
        }
        self.push(")");
    }

    /// Adds the condition that a row stands after (or before) a cursor.
    fn beyond(&mut self, order: &[Sort], cursor: &Cursor, is_before: bool) {
        let values: Vec<&Cell> = cursor.values().collect();
        self.push(" AND (");
        for last in 0..order.len() {
            self.push(if last == 0 { "(" } else { " OR (" });
            for (sort, value) in order.iter().zip(&values).take(last) {
                self.equal(sort.field, value);
                self.push(" AND ");
            }
            self.beyond_one(&order[last], values[last], is_before);
            self.push(")");
        }
        self.push(")");
    }

    fn equal(&mut self, field: Field, value: &Cell) {
        match value {
            Cell::Null => self.is_null(0, field, " IS NULL"),
            _ => self.compare(0, field, " = ", value),
        }
    }

    fn beyond_one(&mut self, sort: &Sort, value: &Cell, is_before: bool) {
        match (value, is_before) {
            (Cell::Null, false) => return self.push("(1 = 0)"),
            (Cell::Null, true) => return self.is_null(0, sort.field, " IS NOT NULL"),
            _ => {}
        }
        self.push("(");
        let operator = if sort.is_descending == is_before { " > " } else { " < " };
        self.compare(0, sort.field, operator, value);
        if sort.field.column().is_nullable && !is_before {
            self.push(" OR ");
            self.is_null(0, sort.field, " IS NULL");
        }
        self.push(")");
    }

    fn order_by(&mut self, order: &[Sort], is_reversed: bool) {
        for (number, sort) in order.iter().enumerate() {
            self.push(if number == 0 { " ORDER BY " } else { ", " });
            self.column(0, sort.field);
            self.push(if sort.is_descending { " DESC" } else { " ASC" });
            if sort.field.column().is_nullable {
                self.push(if is_reversed { " NULLS FIRST" } else { " NULLS LAST" });
            }
        }
    }
}

fn prefix(value: &Cell) -> Cell {
    match value {
        Cell::Text(text) => Cell::text(text.chars().take(PREFIX_CHARACTERS).collect::<String>()),
        other => other.clone(),
    }
}
