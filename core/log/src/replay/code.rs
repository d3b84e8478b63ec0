//! Stable names of what stops a replay.

use dacapo_engine::record::Position;

use super::{MemoryError, PlayError, RetellError, VerifyError};
use crate::wire::Coded;

impl Coded for PlayError {
    fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Slice(_) => "frame_not_shown",
            Self::Start(_) => "genesis_missing",
            Self::Wire(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Follow(error) => error.code(),
            Self::Target(_) => "place_not_found",
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::File(error) => error.position(),
            Self::Slice(position) | Self::Start(position) => Some(*position),
            Self::Wire(error) => error.position(),
            Self::Chain(error) => error.position(),
            Self::Follow(error) => error.position(),
            Self::Target(_) => None,
        }
    }
}

impl Coded for VerifyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Follow(error) => error.code(),
            Self::Step(error) => error.code(),
            Self::Diverged(_) => "decision_differs",
            Self::NoOutcome(_) => "outcome_missing",
            Self::Column { .. } => "column_differs",
            Self::Stopped => "verification_stopped",
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::Follow(error) => error.position(),
            Self::Step(error) => error.position(),
            Self::Diverged(difference) => Some(difference.position),
            Self::NoOutcome(position) | Self::Column { position, .. } => Some(*position),
            Self::Stopped => None,
        }
    }
}

impl Coded for MemoryError {
    fn code(&self) -> &'static str {
        match self {
            Self::Step(error) => error.code(),
            Self::Wire(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Busy(_) => "work_without_end",
            Self::Time { .. } => "time_went_back",
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::Step(error) => error.position(),
            Self::Wire(error) => error.position(),
            Self::Chain(error) => error.position(),
            Self::Busy(position) => Some(*position),
            Self::Time { .. } => None,
        }
    }
}

impl Coded for RetellError {
    fn code(&self) -> &'static str {
        match self {
            Self::Slice(_) => "frame_not_shown",
            Self::Path(_) => "path_differs",
            Self::Wire(error) => error.code(),
            Self::Step(error) => error.code(),
            Self::Chain(error) => error.code(),
        }
    }

    fn position(&self) -> Option<Position> {
        match self {
            Self::Path(position) | Self::Slice(position) => Some(*position),
            Self::Wire(error) => error.position(),
            Self::Step(error) => error.position(),
            Self::Chain(error) => error.position(),
        }
    }
}
