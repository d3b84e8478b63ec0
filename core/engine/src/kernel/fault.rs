//! What goes wrong when we or the disk are wrong: never the caller, never the model.

use alloc::string::String;

use crate::record::{Position, RejectionClass, RejectionCode};

/// A record that the state cannot take: the log is damaged, or the engine wrote nonsense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {} does not fit the state: {reason}", position.0)]
pub struct Corrupt {
    /// The record.
    pub position: Position,
    /// What was expected and what was found.
    pub reason: String,
}

/// A broken promise of the engine itself; the step is rolled back whole and its command rejected as `fault`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine broke a promise: {reason}")]
pub struct Fault {
    /// Which promise, and what was found.
    pub reason: String,
}

impl Fault {
    /// The code of the rejection that a fault becomes.
    pub const CODE: RejectionCode = RejectionCode { name: "fault", class: RejectionClass::Fault };
}

impl From<Corrupt> for Fault {
    fn from(it: Corrupt) -> Self {
        Self { reason: alloc::format!("{it}") }
    }
}

/// Records a fault when a condition does not hold; the step goes on and is rolled back at its end.
#[macro_export]
macro_rules! invariant {
    ($cx:expr, $holds:expr, $($reason:tt)+) => {
        if !$holds { $cx.fault(alloc::format!($($reason)+)); }
    };
}
pub use invariant;
