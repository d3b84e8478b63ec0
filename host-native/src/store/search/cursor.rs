//! The place of a row in an order: the values of its sort columns.

use super::{Field, Sort, StoreError, refuse};
use crate::store::{Cell, Row};

/// The place of a row in an order, as an opaque text for callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Vec<Cell>);

impl Cursor {
    /// Returns the place of a row.
    pub(super) fn of(row: &Row, order: &[Sort]) -> Self {
        Self(order.iter().map(|sort| row.get(sort.field).clone()).collect())
    }

    /// Returns the value of a sort column.
    pub(super) fn values(&self) -> impl Iterator<Item = &Cell> {
        self.0.iter()
    }

    /// Checks that the cursor belongs to an order.
    pub(super) fn check(&self, order: &[Sort]) -> Result<(), StoreError> {
        let fits = |(it, field): (&Cell, Field)| {
            let column = field.column();
            it.fits(column.kind, column.is_nullable)
        };
        let fields = order.iter().map(|sort| sort.field);
        if self.0.len() == order.len() && self.0.iter().zip(fields).all(fits) {
            return Ok(());
        }
        refuse("a cursor of this very search", "a cursor of another one".into())
    }

    /// Writes the cursor as text: hexadecimal digits of JSON.
    pub fn to_text(&self) -> String {
        let values: Vec<serde_json::Value> = self.0.iter().map(to_json).collect();
        serde_json::Value::from(values).to_string().bytes().map(|it| format!("{it:02x}")).collect()
    }

    /// Reads a cursor from text.
    ///
    /// # Errors
    /// [`StoreError::Query`] if it is not one.
    pub fn from_text(text: &str) -> Result<Self, StoreError> {
        match read(text) {
            Some(cells) => Ok(Self(cells)),
            None => refuse("a cursor from an earlier answer", format!("{:?}", shorten(text))),
        }
    }
}

fn read(text: &str) -> Option<Vec<Cell>> {
    if !text.is_ascii() || text.len() % 2 == 1 || text.len() > CURSOR_BYTES_MAX {
        return None;
    }
    let bytes = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16));
    let bytes: Vec<u8> = bytes.collect::<Result<_, _>>().ok()?;
    let values: Vec<serde_json::Value> = serde_json::from_slice(&bytes).ok()?;
    values.iter().map(from_json).collect()
}

fn to_json(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Int(value) => (*value).into(),
        Cell::Text(value) => (&**value).into(),
        Cell::Bytes(_) | Cell::Null => serde_json::Value::Null,
    }
}

fn from_json(value: &serde_json::Value) -> Option<Cell> {
    match value {
        serde_json::Value::Null => Some(Cell::Null),
        serde_json::Value::Number(number) => number.as_i64().map(Cell::Int),
        serde_json::Value::String(text) => Some(Cell::text(text.as_str())),
        _ => None,
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(32).collect()
}

/// Long enough for any value that a page can hold.
const CURSOR_BYTES_MAX: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = Cursor(vec![Cell::Null, Cell::Int(-7), Cell::from("ä\"*")]);
        assert_eq!(Cursor::from_text(&cursor.to_text()).unwrap(), cursor);
    }

    #[test]
    fn text_from_elsewhere_is_refused() {
        for text in ["", "zz", "5b", "7b7d", "5b5b5d5d", "ä"] {
            assert!(Cursor::from_text(text).is_err(), "{text}");
        }
    }
}
