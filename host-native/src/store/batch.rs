//! What is appended at once, and what became of it.

use std::sync::Arc;

use dacapo_log::wire::{Hash, Head, StoredFrame};

use super::{RowBatch, StoreError};

/// The names of a command in the inbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InboxKey {
    /// The tenant.
    pub tenant: Arc<str>,
    /// The id that the caller got as a receipt.
    pub request_id: Arc<str>,
}

/// A command that was accepted and not yet processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxCommand {
    /// Its names.
    pub key: InboxKey,
    /// The command as JSON text.
    pub command: String,
    /// How often it was tried with the attempt noted.
    pub attempts: u32,
    /// When it was accepted, in milliseconds since 1970 UTC, by the clock of the database.
    pub created_at_ms: i64,
}

/// Frames to append in one transaction, with the head that they must find and the head that they leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// What the append must find; anything else means that another writer was here.
    pub expected: Head,
    /// What it leaves: same partition, incarnation and epoch; position and hash of the last frame, if there is one.
    pub next: Head,
    /// The frames, gapless, in order; none if only commands of the inbox are removed.
    pub frames: Vec<StoredFrame>,
    /// The commands of the inbox that the frames answer; their rows go in the same transaction.
    pub inbox_done: Vec<InboxKey>,
    /// The rows of the read model, if they are written in the same transaction.
    pub rows: Option<RowBatch>,
}

/// What became of an append. A definite answer is always true; anything in doubt is unknown.
#[derive(Debug)]
pub enum Appended {
    /// It is durable.
    Done,
    /// Nothing was appended, and nothing will be.
    NotDone(Refusal),
    /// It may or may not have been appended, perhaps later: ask [`Appender::resolve`](super::Appender::resolve).
    Unknown(StoreError),
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Another writer moved the head: this one must step down.
    #[error("expected the head at {expected}, found it at {found}", expected = Place(.expected), found = Place(.found))]
    Fenced {
        /// What the batch expected.
        expected: Box<Head>,
        /// What stood there.
        found: Box<Head>,
    },
    /// The batch contradicts itself: a bug of the caller.
    #[error("expected a batch without a gap, found {reason}")]
    Malformed {
        /// What is wrong.
        reason: &'static str,
    },
    /// The database refused and will take the same bytes later.
    #[error(
        "expected the database to take the append, found {0}; the same batch may be sent again"
    )]
    Unavailable(StoreError),
    /// The database refused for a reason that sending again does not cure.
    #[error("expected the database to take the append, found {0}")]
    Refused(StoreError),
}

/// The head after a doubtful append, final: whatever was in flight has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The head as it stands.
    pub head: Head,
    /// Whether the frames of the batch are in the log, durably.
    pub is_stored: bool,
}

impl Batch {
    /// Checks that the frames lead from the expected head to the next without a gap.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), Refusal> {
        let malformed = |reason| Err(Refusal::Malformed { reason });
        let (expected, next) = (&self.expected, &self.next);
        if (expected.partition, expected.incarnation, expected.epoch)
            != (next.partition, next.incarnation, next.epoch)
        {
            return malformed("another partition, incarnation or epoch after it");
        }
        let mut position = expected.position;
        for frame in &self.frames {
            if frame.position != position.next() || frame.count == 0 {
                return malformed("a frame that does not follow the one before");
            }
            position = position.plus(u64::from(frame.count));
        }
        match self.frames.last() {
            None if expected != next => malformed("another head after no frame"),
            None if self.inbox_done.is_empty() && self.rows.is_none() => malformed("nothing"),
            None => Ok(()),
            Some(last) if (position, last.hash) != (next.position, next.hash) => {
                malformed("a next head that is not the end of the last frame")
            }
            Some(_) => Ok(()),
        }
    }
}

/// A head as text.
struct Place<'a>(&'a Head);

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Head { partition, incarnation, epoch, position, hash } = self.0;
        write!(f, "position {} of partition {}", position.0, partition.0)?;
        write!(f, " (incarnation {incarnation}, epoch {epoch}, hash {})", short(hash))
    }
}

fn short(hash: &Hash) -> String {
    hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
