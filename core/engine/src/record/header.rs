//! What stands around a command.

use alloc::sync::Arc;

use super::{Key, PartitionId, Position, Timestamp};

/// The first 16 bytes of the BLAKE3 hash of a command's stored body; tells a repeated request from another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BodyHash(pub [u8; 16]);

/// The header of a step: where and when its command stands, for whom, and who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The partition.
    pub partition: PartitionId,
    /// The command's position; its outcome follows at the next ones.
    pub position: Position,
    /// The time of the whole step.
    pub timestamp: Timestamp,
    /// The tenant; a step belongs to one.
    pub tenant: Arc<str>,
    /// The semantics that decided.
    pub semantics: u32,
    /// The entity that the command is addressed to, if it exists already.
    pub key: Option<Key>,
    /// The caller's own id of the request, for deduplication.
    pub request_id: Option<Arc<str>>,
    /// Who asked.
    pub actor: Option<Arc<str>>,
    /// What larger conversation the command belongs to.
    pub correlation_id: Option<Arc<str>>,
    /// The W3C trace context of the caller.
    pub trace: Option<Arc<str>>,
    /// The hash of the stored body; not stored itself.
    pub body_hash: BodyHash,
}
