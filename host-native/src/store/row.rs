//! Rows of the read model as the stores see them: cells in the order of the table's columns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dacapo_engine::record::{Key, Position};

use super::table::{Field, Kind, Table};

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A number.
    Int(i64),
    /// Text without NUL, which PostgreSQL cannot hold.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// Nothing; after everything else in every order.
    Null,
}

/// A full row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The table.
    pub table: Table,
    /// The cells, in the order of the table's columns; the first is the key.
    pub cells: Vec<Cell>,
}

/// The rows that a run of frames left: each once, in its last form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowBatch {
    rows: BTreeMap<(Table, i64), Row>,
    steps: BTreeSet<(i64, i64)>,
}

impl Cell {
    /// Makes text; NUL becomes U+FFFD, because PostgreSQL cannot hold it and a read model must not stop on it.
    pub fn text(text: impl AsRef<str> + Into<Arc<str>>) -> Self {
        if text.as_ref().contains('\0') {
            return Self::Text(text.as_ref().replace('\0', "\u{fffd}").into());
        }
        Self::Text(text.into())
    }

    /// Returns the number.
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Text(_) | Self::Bytes(_) | Self::Null => None,
        }
    }

    /// Returns the text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            Self::Int(_) | Self::Bytes(_) | Self::Null => None,
        }
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(value) => Some(value),
            Self::Int(_) | Self::Text(_) | Self::Null => None,
        }
    }

    /// Returns whether there is nothing.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns whether a column of this kind can hold the value.
    pub const fn fits(&self, kind: Kind, is_nullable: bool) -> bool {
        match self {
            Self::Int(_) => matches!(kind, Kind::Int),
            Self::Text(_) => matches!(kind, Kind::Text),
            Self::Bytes(_) => matches!(kind, Kind::Bytes),
            Self::Null => is_nullable,
        }
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Key> for Cell {
    fn from(key: Key) -> Self {
        // keys are positive in 63 bits
        Self::Int(key.0.cast_signed())
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<&[u8]> for Cell {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.into())
    }
}

impl From<Arc<str>> for Cell {
    fn from(value: Arc<str>) -> Self {
        Self::text(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Row {
    /// Returns the key.
    pub fn key(&self) -> i64 {
        self.cells.first().and_then(Cell::as_int).unwrap_or_default()
    }

    /// Returns the value of a column of this row's table.
    pub fn get(&self, field: Field) -> &Cell {
        self.cells.get(field.index()).unwrap_or(&Cell::Null)
    }

    /// Returns the value of the column with this name.
    pub fn named(&self, name: &str) -> &Cell {
        self.table.field(name).map_or(&Cell::Null, |field| self.get(field))
    }

    /// Returns whether every cell fits its column.
    pub fn is_well_formed(&self) -> bool {
        let columns = self.table.columns();
        self.cells.len() == columns.len()
            && self
                .cells
                .iter()
                .zip(columns)
                .all(|(it, column)| it.fits(column.kind, column.is_nullable))
    }
}

impl RowBatch {
    /// Puts a row, in place of an older form of it.
    pub fn put(&mut self, row: Row) {
        self.rows.insert((row.table, row.key()), row);
    }

    /// Notes that the frame at `position` touched a process instance.
    pub fn touch(&mut self, instance: Key, position: Position) {
        self.steps.insert((instance.0.cast_signed(), position.0.cast_signed()));
    }

    /// Returns the rows of one table, by key.
    pub fn of(&self, table: Table) -> impl Iterator<Item = &Row> {
        self.rows.range((table, i64::MIN)..=(table, i64::MAX)).map(|(_, row)| row)
    }

    /// Returns all rows, by table and key.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    /// Returns the pairs of process instance and frame.
    pub fn steps(&self) -> impl Iterator<Item = (i64, i64)> {
        self.steps.iter().copied()
    }

    /// Adds what came later.
    pub fn extend(&mut self, later: Self) {
        self.rows.extend(later.rows);
        self.steps.extend(later.steps);
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len() + self.steps.len()
    }

    /// Returns whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.steps.is_empty()
    }
}
