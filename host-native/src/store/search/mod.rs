//! Searches of the read model: a small typed language, one meaning on every store.
//!
//! Columns are [`Field`]s, which only exist for columns that exist; values are always binds. Empty values come last in both
//! directions, text is compared byte by byte, and the key breaks ties, so that pages never overlap.

mod compile;
mod cursor;
mod memory;
mod pattern;

use super::table::{Field, Kind, Table};
use super::{Cell, Row, StoreError};

pub(super) use compile::{Dialect, Statement, count, page, statistics};
pub use cursor::Cursor;
pub(super) use memory::{search, tally};

/// What to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The table.
    pub table: Table,
    /// Which rows.
    pub filter: Filter,
    /// In which order; the key follows by itself.
    pub sort: Vec<Sort>,
    /// Which part of them.
    pub page: Page,
}

/// Which rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those that pass every filter; all rows if there is none.
    All(Vec<Self>),
    /// Those that pass at least one; no row if there is none.
    Any(Vec<Self>),
    /// Those whose column fulfils a condition.
    Is(Field, Condition),
    /// Those for which another table has a row that passes: `other` equals `own`.
    Related {
        /// The column of the searched table.
        own: Field,
        /// The column of the other table.
        other: Field,
        /// What the other row must pass.
        filter: Box<Self>,
    },
    /// Those for which no row of another table passes.
    Unrelated {
        /// The column of the searched table.
        own: Field,
        /// The column of the other table.
        other: Field,
        /// What no other row may pass.
        filter: Box<Self>,
    },
}

/// What a column must fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Equal.
    Eq(Cell),
    /// Not equal, or empty.
    Neq(Cell),
    /// Equal to one of them.
    In(Vec<Cell>),
    /// Equal to none of them, or empty.
    NotIn(Vec<Cell>),
    /// Greater.
    Gt(Cell),
    /// Greater or equal.
    Gte(Cell),
    /// Less.
    Lt(Cell),
    /// Less or equal.
    Lte(Cell),
    /// Text like a pattern: `*` for any text, `?` for one character, `\` before a character that stands for itself.
    Like(String),
    /// Whether there is a value.
    Exists(bool),
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub field: Field,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// Which part of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it begins.
    pub start: Start,
    /// How many rows at most, up to [`PAGE_ROWS_MAX`].
    pub limit: u32,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// After this many rows.
    From(u64),
    /// After the row of a cursor.
    After(Cursor),
    /// Ends before the row of a cursor.
    Before(Cursor),
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The rows of the page, in order. Columns of bytes are left empty.
    pub rows: Vec<Row>,
    /// How many rows there are on all pages, counted up to [`TOTAL_MAX`].
    pub total: u64,
    /// Whether counting stopped there.
    pub has_more: bool,
    /// The cursor of the first row.
    pub start: Option<Cursor>,
    /// The cursor of the last row.
    pub end: Option<Cursor>,
}

/// How many element instances of one element are in which state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementStatistics {
    /// The element.
    pub element_id: String,
    /// Active ones without an incident.
    pub active: u64,
    /// Terminated ones.
    pub canceled: u64,
    /// Active ones with an incident.
    pub incidents: u64,
    /// Completed ones.
    pub completed: u64,
}

impl Query {
    /// Asks for the first page of all rows of a table.
    pub const fn all(table: Table) -> Self {
        Self {
            table,
            filter: Filter::All(Vec::new()),
            sort: Vec::new(),
            page: Page { start: Start::From(0), limit: 100 },
        }
    }

    /// Keeps only rows that pass a filter.
    pub fn filtered(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// Returns the columns to sort by, with the key as the last one.
    pub(super) fn order(&self) -> Vec<Sort> {
        let key = self.table.key();
        let mut order: Vec<Sort> = Vec::new();
        for sort in self.sort.iter().chain([&Sort { field: key, is_descending: false }]) {
            if order.iter().all(|it| it.field != sort.field) {
                order.push(*sort);
            }
            if sort.field == key {
                break;
            }
        }
        order
    }

    /// Checks that columns, values and limits fit each other.
    ///
    /// # Errors
    /// [`StoreError::Query`] naming what does not fit.
    pub fn check(&self) -> Result<(), StoreError> {
        self.filter.check(self.table, FILTER_DEPTH_MAX)?;
        for sort in &self.sort {
            check_field(self.table, sort.field)?;
        }
        if !(1..=PAGE_ROWS_MAX).contains(&self.page.limit) {
            return refuse("a page of 1 to 10000 rows", self.page.limit.to_string());
        }
        match &self.page.start {
            Start::From(_) => Ok(()),
            Start::After(cursor) | Start::Before(cursor) => cursor.check(&self.order()),
        }
    }

    /// Puts the rows of a page, fetched in its own direction, into the answer.
    pub(super) fn answer(&self, mut rows: Vec<Row>, counted: u64) -> Found {
        if matches!(self.page.start, Start::Before(_)) {
            rows.reverse();
        }
        let order = self.order();
        Found {
            start: rows.first().map(|row| Cursor::of(row, &order)),
            end: rows.last().map(|row| Cursor::of(row, &order)),
            rows,
            total: counted.min(TOTAL_MAX),
            has_more: counted > TOTAL_MAX,
        }
    }
}

impl Filter {
    /// Keeps rows whose column equals a value.
    pub fn eq(field: Field, value: impl Into<Cell>) -> Self {
        Self::Is(field, Condition::Eq(value.into()))
    }

    /// Checks that columns and values fit each other.
    ///
    /// # Errors
    /// [`StoreError::Query`] naming what does not fit.
    pub(super) fn check(&self, table: Table, depth: u32) -> Result<(), StoreError> {
        let Some(depth) = depth.checked_sub(1) else {
            return refuse("at most 8 levels of filters", "more".into());
        };
        match self {
            Self::All(filters) | Self::Any(filters) => {
                filters.iter().try_for_each(|it| it.check(table, depth))
            }
            Self::Is(field, condition) => {
                check_field(table, *field)?;
                condition.check(*field)
            }
            Self::Related { own, other, filter } | Self::Unrelated { own, other, filter } => {
                check_field(table, *own)?;
                filter.check(other.table(), depth)
            }
        }
    }
}

impl Condition {
    fn check(&self, field: Field) -> Result<(), StoreError> {
        let column = field.column();
        let fits = |it: &Cell| match it.fits(column.kind, false) {
            true => Ok(()),
            false => {
                refuse("a value of the column's own kind", format!("another in {}", column.name))
            }
        };
        match self {
            Self::Eq(it) | Self::Neq(it) => fits(it),
            Self::Gt(it) | Self::Gte(it) | Self::Lt(it) | Self::Lte(it) => fits(it),
            Self::In(list) | Self::NotIn(list) if list.len() > LIST_MAX => refuse(
                "a list of at most 1000 values",
                format!("{} in {}", list.len(), column.name),
            ),
            Self::In(list) | Self::NotIn(list) => list.iter().try_for_each(fits),
            Self::Like(pattern) => fits(&Cell::text(pattern.as_str())),
            Self::Exists(_) => Ok(()),
        }
    }
}

fn check_field(table: Table, field: Field) -> Result<(), StoreError> {
    let column = field.column();
    if field.table() != table {
        return refuse("a column of the table", format!("{} of another", column.name));
    }
    if column.kind == Kind::Bytes {
        return refuse("a column that can be searched", column.name.to_owned());
    }
    Ok(())
}

fn refuse<T>(expected: &'static str, found: String) -> Result<T, StoreError> {
    Err(StoreError::Query { expected, found })
}

/// The greatest page, in rows.
pub const PAGE_ROWS_MAX: u32 = 10_000;
/// The row at which counting stops.
pub const TOTAL_MAX: u64 = 10_000;
pub(super) const FILTER_DEPTH_MAX: u32 = 8;
const LIST_MAX: usize = 1_000;
