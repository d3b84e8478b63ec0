//! Cursors: the sort values and the key of an item, as opaque text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The place of an item in a sorted result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The item's values of the fields that the result is sorted by.
    #[serde(rename = "v")]
    pub values: Vec<CursorValue>,
    /// The item's key.
    #[serde(rename = "k")]
    pub key: u64,
}

/// A value that a result is sorted by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CursorValue {
    /// There is none.
    None,
    /// A key, number, time or truth value.
    Integer(i64),
    /// A text.
    Text(String),
}

impl Cursor {
    /// Writes the cursor.
    pub fn print(&self) -> String {
        // Plain data of two known fields always has a JSON form.
        STANDARD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()
    }
}
