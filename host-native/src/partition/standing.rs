//! What a partition is doing.

use std::fmt;

use dacapo_engine::record::Position;

/// What a partition is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It reads its log.
    Replaying {
        /// The last position that was read.
        position: Position,
        /// The last position there is.
        head: Position,
    },
    /// It takes commands.
    Leading,
    /// The clock jumped ahead; an operator must accept it.
    ClockJumped {
        /// How far, in milliseconds.
        ahead_ms: i64,
    },
    /// It ends what has begun and takes nothing new.
    Draining,
    /// It has stopped, and why.
    Stopped(String),
}

impl Standing {
    /// Returns whether commands are taken.
    pub fn is_leading(&self) -> bool {
        *self == Self::Leading
    }

    /// Returns whether nothing new will ever be answered.
    pub fn is_ending(&self) -> bool {
        matches!(self, Self::Draining | Self::Stopped(_))
    }

    /// Returns the share of the log that is read, in percent.
    pub fn progress_percent(&self) -> u64 {
        match self {
            Self::Replaying { position, head } => position.0 * 100 / head.0.max(1),
            Self::Leading | Self::ClockJumped { .. } | Self::Draining | Self::Stopped(_) => 100,
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replaying { position, head } => {
                let percent = self.progress_percent();
                write!(f, "reading the log: position {} of {}, {percent} %", position.0, head.0)
            }
            Self::Leading => f.write_str("taking commands"),
            Self::ClockJumped { ahead_ms } => {
                write!(f, "the clock is {ahead_ms} ms ahead of the log: an operator must accept it")
            }
            Self::Draining => f.write_str("stopping: nothing new is taken"),
            Self::Stopped(reason) => write!(f, "stopped: {reason}"),
        }
    }
}
