//! JSON text from and to values. Numbers never pass through binary floating point.

mod parse;
mod print;

#[cfg(test)]
mod tests;

pub use parse::parse;
pub use print::{brief, print};

use alloc::string::String;

/// How much JSON is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonLimits {
    /// The longest text, in bytes.
    pub bytes_max: u32,
    /// How deep lists and objects may nest.
    pub depth_max: u32,
}

/// Why a text is not JSON, or too much of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found} at byte {offset}")]
pub struct JsonError {
    /// Where, in bytes from the start.
    pub offset: u32,
    /// What would have been right there.
    pub expected: &'static str,
    /// What stands there.
    pub found: String,
}

impl Default for JsonLimits {
    fn default() -> Self {
        Self { bytes_max: 4 * 1024 * 1024, depth_max: 64 }
    }
}
