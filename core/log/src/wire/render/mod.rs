//! Frames for people: as JSON with long names, and as one line per record.

mod json;
mod lines;

pub use json::{Renderer, print_data};
pub use lines::{LinePrinter, RecordKind, RecordLine};
