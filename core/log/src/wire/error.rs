//! Why bytes are not a frame.

use std::fmt;

use dacapo_engine::record::Position;

/// Bytes that are not a frame of this version, or a frame that cannot become bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    /// The frame's position, if it could be read.
    pub position: Option<Position>,
    /// The byte of the frame where reading stopped.
    pub offset: u64,
    /// What was expected and what was found there.
    pub problem: WireProblem,
}

/// What is wrong with the bytes of a frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireProblem {
    /// The bytes end too early, or a length says more than is there.
    #[error("expected {needed} more bytes, found {left}")]
    Truncated {
        /// What the length says.
        needed: u64,
        /// What is there.
        left: u64,
    },
    /// Something else stands there.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What would have been right.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A field that the format does not have, or not here.
    #[error("expected field `{expected}`, found {found}")]
    Field {
        /// The field whose turn it is.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A number or a length is written longer than needed.
    #[error("expected the shortest form of a value, found a longer one")]
    Form,
    /// No record has this intent.
    #[error("expected a known intent, found {0}")]
    Intent(u16),
    /// The intent has no such version.
    #[error("expected a known version of intent {number}, found {version}")]
    Version {
        /// The intent.
        number: u16,
        /// The version.
        version: u16,
    },
    /// No refusal has this code.
    #[error("expected a known rejection code, found {0:?}")]
    Rejection(String),
    /// The fields of a body are not those of its intent and version.
    #[error("expected the fields of {intent}, found another body: {reason}")]
    Body {
        /// The intent.
        intent: String,
        /// What the decoder says.
        reason: String,
    },
    /// An extension that this version reserves.
    #[error("expected no {0}: this version does not read it")]
    Reserved(&'static str),
    /// An extension that no version has.
    #[error("expected extension 1 or 2, found {0}")]
    Extension(i8),
    /// The same key twice in one map.
    #[error("expected each key once, found {0} again")]
    Duplicate(String),
    /// Too deep.
    #[error("expected at most {0} levels")]
    Depth(u32),
    /// Too large.
    #[error("expected at most {limit} bytes, found {found}")]
    Size {
        /// The limit.
        limit: u64,
        /// What was found.
        found: u64,
    },
    /// More bytes than the frame.
    #[error("expected the end of the frame, found {0} more bytes")]
    Trailing(u64),
    /// A body refused to be encoded.
    #[error("expected a body that can be encoded: {0}")]
    Encode(String),
    /// Decoding the encoded frame gave another frame.
    #[error("expected the frame to come back from its own bytes, found another one")]
    RoundTrip,
}

impl WireError {
    pub(super) fn new(offset: usize, problem: WireProblem) -> Self {
        Self { position: None, offset: offset as u64, problem }
    }

    pub(super) fn at(mut self, position: Position) -> Self {
        self.position.get_or_insert(position);
        self
    }

    /// Returns whether a newer program might read the bytes: an intent, version, code or extension is unknown here.
    pub fn is_unknown(&self) -> bool {
        use WireProblem::{Extension, Intent, Rejection, Reserved, Version};
        matches!(
            self.problem,
            Intent(_) | Version { .. } | Rejection(_) | Reserved(_) | Extension(_)
        )
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "frame at position {}: ", position.0)?;
        }
        write!(f, "{} at byte {}", self.problem, self.offset)
    }
}

impl std::error::Error for WireError {}
