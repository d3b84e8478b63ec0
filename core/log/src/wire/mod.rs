//! Bytes: frames, the hash chain, log files and snapshots.

mod stored;

pub use stored::{Hash, Head, OutcomeKind, StoredFrame};
