//! What a store keeps: one row per frame, and the head of the chain.

use std::sync::Arc;

use dacapo_engine::record::{PartitionId, Position, Timestamp};

/// A hash of the chain: `hash_n = BLAKE3(hash_{n-1} ‖ leaf_n)` with `leaf_n = BLAKE3(frame bytes)`.
pub type Hash = [u8; 32];

/// A frame as it is stored: its bytes, and the columns derived from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFrame {
    /// The position of the frame's first record.
    pub position: Position,
    /// How many records the frame holds.
    pub count: u32,
    /// The tenant.
    pub tenant: Arc<str>,
    /// The name of the command's (or control record's) intent.
    pub intent: &'static str,
    /// The time of the step.
    pub timestamp: Timestamp,
    /// What became of the command.
    pub outcome: OutcomeKind,
    /// The frame's bytes: the truth, hashed as stored, never re-encoded.
    pub body: Arc<[u8]>,
    /// The chain hash after this frame.
    pub hash: Hash,
}

/// What became of a command, as a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutcomeKind {
    /// Events.
    Events,
    /// A refusal.
    Rejection,
    /// A control record.
    Control,
}

impl OutcomeKind {
    /// Returns the name in the column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Rejection => "rejection",
            Self::Control => "control",
        }
    }
}

/// The end of a partition's log: what an append must find, and what it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The partition.
    pub partition: PartitionId,
    /// The life of the log.
    pub incarnation: u32,
    /// The writer's epoch.
    pub epoch: u64,
    /// The last record's position; 0 for an empty log.
    pub position: Position,
    /// The chain hash after the last frame; zeros for an empty log.
    pub hash: Hash,
}
