//! Stable names of what can be wrong, for programs that read them.

use dacapo_engine::kernel::{ReplayError, StepError};
use dacapo_engine::record::Position;

use super::{
    ChainError, FollowError, LogFileError, LogFileProblem, ParseError, WireError, WireProblem,
};

/// An error that programs can tell from others.
pub trait Coded {
    /// Returns the stable name of the error, such as `intent_unknown`.
    fn code(&self) -> &'static str;

    /// Returns the place in the log, if the error has one.
    fn position(&self) -> Option<Position>;
}

impl Coded for WireError {
    fn code(&self) -> &'static str {
        match &self.problem {
            WireProblem::Truncated { .. } => "frame_truncated",
            WireProblem::Unexpected { .. } => "frame_malformed",
            WireProblem::Field { .. } => "field_unexpected",
            WireProblem::Form => "form_not_shortest",
            WireProblem::Intent(_) => "intent_unknown",
            WireProblem::Version { .. } => "version_unknown",
            WireProblem::Rejection(_) => "rejection_unknown",
            WireProblem::Body { .. } => "body_malformed",
            WireProblem::Reserved(_) => "extension_reserved",
            WireProblem::Extension(_) => "extension_unknown",
            WireProblem::Duplicate(_) => "key_duplicated",
            WireProblem::Depth(_) => "depth_exceeded",
            WireProblem::Size { .. } => "size_exceeded",
            WireProblem::Trailing(_) => "frame_longer",
            WireProblem::Encode(_) => "body_not_encodable",
            WireProblem::RoundTrip => "frame_not_invertible",
        }
    }

    fn position(&self) -> Option<Position> {
        self.position
    }
}

impl Coded for ChainError {
    fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "position_gap",
            Self::Hash { .. } => "hash_differs",
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::Gap { expected: position, .. } | Self::Hash { position, .. } => Some(*position),
        }
    }
}

impl Coded for LogFileError {
    fn code(&self) -> &'static str {
        match &self.problem {
            LogFileProblem::Magic => "file_unknown",
            LogFileProblem::Format(_) => "format_unknown",
            LogFileProblem::Unknown(..) => "mark_unknown",
            LogFileProblem::Truncated { .. } => "file_truncated",
            LogFileProblem::Trailing(_) => "file_longer",
            LogFileProblem::Leaf => "leaf_unexpected",
            LogFileProblem::Partition { .. } => "partition_differs",
            LogFileProblem::Trailer { .. } => "trailer_differs",
            LogFileProblem::Wire(error) => error.code(),
            LogFileProblem::Chain(error) => error.code(),
        }
    }

    fn position(&self) -> Option<Position> {
        match &self.problem {
            LogFileProblem::Wire(error) => error.position().or(Some(self.position.next())),
            LogFileProblem::Chain(error) => error.position(),
            _ => Some(self.position),
        }
    }
}

impl Coded for ReplayError {
    fn code(&self) -> &'static str {
        match self {
            Self::Position { .. } => "position_gap",
            Self::Time { .. } => "time_went_back",
            Self::Genesis { .. } => "genesis_misplaced",
            Self::Corrupt(_) => "event_misplaced",
            Self::Digest { .. } => "digest_differs",
        }
    }

    fn position(&self) -> Option<Position> {
        Some(match self {
            Self::Position { expected, .. } => *expected,
            Self::Time { position, .. }
            | Self::Genesis { position }
            | Self::Digest { position, .. } => *position,
            Self::Corrupt(error) => error.position,
        })
    }
}

impl Coded for StepError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoGenesis => "genesis_missing",
            Self::Replay(error) => error.code(),
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::NoGenesis => None,
            Self::Replay(error) => error.position(),
        }
    }
}

impl Coded for FollowError {
    fn code(&self) -> &'static str {
        match self {
            Self::Wire(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Replay(error) => error.code(),
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::Wire(error) => error.position(),
            Self::Chain(error) => error.position(),
            Self::Replay(error) => error.position(),
        }
    }
}

impl Coded for ParseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(_) => "json_malformed",
            Self::Part { .. } => "command_malformed",
            Self::Intent(_) => "intent_unknown",
            Self::Body { .. } => "body_malformed",
        }
    }

    fn position(&self) -> Option<Position> {
        None
    }
}
