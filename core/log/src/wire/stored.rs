//! What a store keeps: one row per frame, and the head of the chain.

use std::sync::Arc;

use dacapo_engine::kernel::{Content, Frame, Machine, Outcome};
use dacapo_engine::record::{PartitionId, Position, Timestamp};

use super::body::command_intent;
use super::{FrameView, ReadLimits, WireError, WireProblem};

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

impl StoredFrame {
    /// Makes the row of a frame from its bytes and the chain hash after them.
    pub fn new<M: Machine>(frame: &Frame<M>, body: Arc<[u8]>, hash: Hash) -> Self {
        let (intent, outcome) = match &frame.content {
            Content::Control(control) => (control.intent(), OutcomeKind::Control),
            Content::Step(command, Outcome::Events(_)) => {
                (command_intent(command).0, OutcomeKind::Events)
            }
            Content::Step(command, Outcome::Rejected(_)) => {
                (command_intent(command).0, OutcomeKind::Rejection)
            }
        };
        Self {
            position: frame.header.position,
            count: u32::try_from(frame.count()).unwrap_or(u32::MAX),
            tenant: frame.header.tenant.clone(),
            intent: intent.name,
            timestamp: frame.header.timestamp,
            outcome,
            body,
            hash,
        }
    }

    /// Makes the row of a frame that is read back, its columns from its bytes.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not a frame or its intent is unknown.
    pub fn from_bytes<M: Machine>(body: Arc<[u8]>, hash: Hash) -> Result<Self, WireError> {
        let view = FrameView::parse(&body, &ReadLimits::TRUSTED)?;
        let number = view.command.intent;
        let intent = super::names::command_name::<M>(number)
            .ok_or_else(|| WireError::new(0, WireProblem::Intent(number)).at(view.position))?;
        let (position, count, timestamp) = (view.position, view.count, view.timestamp);
        let (tenant, outcome) = (Arc::from(view.tenant), view.outcome());
        Ok(Self { position, count, tenant, intent, timestamp, outcome, body, hash })
    }
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
