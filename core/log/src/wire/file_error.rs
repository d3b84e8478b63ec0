//! Why bytes are not a log file.

use dacapo_engine::record::{FORMAT_VERSION, PartitionId, Position};

use super::{ChainError, WireError};

/// Why bytes are not a log file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("log file at byte {offset}, after position {}: {problem}", position.0)]
pub struct LogFileError {
    /// The byte of the file.
    pub offset: u64,
    /// The last position that was read.
    pub position: Position,
    /// What was expected and what was found.
    pub problem: LogFileProblem,
}

/// What is wrong with a log file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogFileProblem {
    /// The bytes are not of a log file.
    #[error("expected a log file, found other bytes")]
    Magic,
    /// Another program wrote it.
    #[error("expected format version {FORMAT_VERSION}, found {0}")]
    Format(u16),
    /// A flag or a tag that this version does not know.
    #[error("expected a known {0}, found {1}")]
    Unknown(&'static str, u16),
    /// The file ends too early.
    #[error("expected {needed} more bytes, found {left}: the file was cut off")]
    Truncated {
        /// What should be there.
        needed: u64,
        /// What is there.
        left: u64,
    },
    /// Bytes after the trailer.
    #[error("expected the end of the file, found {0} more bytes")]
    Trailing(u64),
    /// A leaf in a file that is not a slice.
    #[error("expected only frames in a whole log, found a leaf")]
    Leaf,
    /// A frame of another partition.
    #[error("expected a frame of partition {}, found one of partition {}", expected.0, found.0)]
    Partition {
        /// The file's.
        expected: PartitionId,
        /// The frame's.
        found: PartitionId,
    },
    /// The trailer does not agree with what was read.
    #[error("expected {expected} at the end of the file, found {found}")]
    Trailer {
        /// What the trailer says.
        expected: String,
        /// What was read.
        found: String,
    },
    /// A frame is malformed.
    #[error(transparent)]
    Wire(WireError),
    /// A frame is not the next one.
    #[error(transparent)]
    Chain(ChainError),
}
