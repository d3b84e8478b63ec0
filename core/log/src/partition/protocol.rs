//! What a host tells a partition, and what a partition asks of its host.

use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Frame, Machine};
use dacapo_engine::record::{Control, Key, Position};

use crate::wire::{Hash, Head, StoredFrame, WireError, decode_lone_command};

/// What a host tells a partition.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Input<M: Machine> {
    /// A client asks.
    Submit(Submission<M>),
    /// Commands were taken from the inbox; each is answered by its removal in [`Batch::inbox_done`].
    Inbox(Vec<InboxSubmission<M>>),
    /// The host writes a control record: limits, time zone rules, clock offset, a lost tail, a floor.
    Control {
        /// Names the answer.
        ticket: u64,
        /// The record; neither genesis nor the start of a leader.
        control: Control,
    },
    /// The host looked at its clock. Comes before every other input of a later time, and when the host is woken.
    Clock {
        /// The host's clock, in milliseconds since 1970-01-01T00:00:00Z.
        now_ms: i64,
        /// The store's clock, if it has one of its own.
        store_now_ms: Option<i64>,
    },
    /// An operator takes a jump of the clock for the truth.
    AcceptClock,
    /// An append came to an end.
    Appended {
        /// The batch.
        batch: u64,
        /// What became of it.
        outcome: AppendOutcome,
    },
    /// The head was read, locked and on a fresh connection, after an unknown outcome.
    Resolved {
        /// The batch.
        batch: u64,
        /// The head as it stands.
        head: Head,
        /// The chain hash of the stored frame that ends at the batch's next position; none if no frame does.
        hash: Option<Hash>,
    },
    /// The host wants to stop: what is stepped is still committed, what is queued is refused.
    Stop,
}

/// A command of a client, and who asks.
#[derive(Clone, Debug)]
pub struct Submission<M: Machine> {
    /// Names the answer; unique among open ones.
    pub ticket: u64,
    /// The tenant.
    pub tenant: Arc<str>,
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
    /// What is asked.
    pub command: M::Command,
    /// Whether the command has headroom when the queue is full: it ends work instead of starting it.
    pub is_exempt: bool,
}

/// A command that was taken from the inbox.
#[derive(Clone, Debug)]
pub struct InboxSubmission<M: Machine> {
    /// The id of its row: the caller's own id of the request.
    pub request_id: Arc<str>,
    /// The tenant.
    pub tenant: Arc<str>,
    /// The entity that the command is addressed to, if it exists already.
    pub key: Option<Key>,
    /// Who asked.
    pub actor: Option<Arc<str>>,
    /// What larger conversation the command belongs to.
    pub correlation_id: Option<Arc<str>>,
    /// The W3C trace context of the caller.
    pub trace: Option<Arc<str>>,
    /// What is asked, or why the row is not a command.
    pub command: Result<AnyCommand<M>, String>,
    /// How often the command was taken before this time.
    pub attempts: u32,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// It is durable.
    Done,
    /// It is not there, and will not be.
    NotDone(NotDone),
    /// Nobody knows: the connection was lost. The partition asks for [`Effect::Resolve`].
    Unknown,
}

/// Why an append was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The head was not as expected. The partition asks for [`Effect::Resolve`] to learn who has it.
    Fenced,
    /// The store could not: the partition asks for the same batch again, after whatever pause the host makes.
    Unavailable,
}

/// What a partition asks of its host, in the order in which it is to be done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect<M: Machine> {
    /// Append a batch and advance the head in one transaction; answer with [`Input::Appended`]. One at a time.
    Append(Batch),
    /// Read the head; answer with [`Input::Resolved`].
    Resolve {
        /// The batch whose outcome is unknown.
        batch: u64,
        /// The position at which the batch would end.
        position: Position,
    },
    /// A batch became durable: project it and wake who waits for it.
    Committed(Committed<M>),
    /// Answer a client.
    Answer {
        /// The submission's.
        ticket: u64,
        /// The answer.
        answer: Answer<M>,
    },
    /// Put a command into the inbox, take it from there with its attempts counted, and hand it back as
    /// [`Input::Inbox`]: the way of the first commands after an unclean stop.
    InboxPut(InboxPut),
    /// Send [`Input::Clock`] at this time of the host's clock, in milliseconds; replaces the time before.
    WakeAt {
        /// The time; in the past for at once.
        at_ms: i64,
    },
    /// A snapshot is worth taking of the state at this position, by an engine that follows the log.
    SnapshotDue {
        /// The last durable position.
        position: Position,
    },
    /// The clock jumped too far; nothing is stamped until it comes back or an operator accepts it.
    ClockJumped {
        /// How far ahead of the last record and of the store's clock, in milliseconds.
        ahead_ms: i64,
    },
    /// The clock is trusted again.
    ClockAccepted,
    /// The partition takes no input any more.
    Stopped {
        /// Why.
        reason: StopReason,
    },
}

/// Frames that are appended in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Names the batch in [`Input::Appended`].
    pub id: u64,
    /// The head must stand exactly here.
    pub expected: Head,
    /// The head stands here afterwards.
    pub next: Head,
    /// The frames, in order; none if only inbox rows are removed.
    pub frames: Arc<[StoredFrame]>,
    /// The inbox rows that are removed in the same transaction.
    pub inbox_done: Arc<[Arc<str>]>,
}

/// A batch that became durable.
#[derive(Clone, Debug)]
pub struct Committed<M: Machine> {
    /// The frames, in order.
    pub frames: Arc<[Arc<Frame<M>>]>,
    /// The same frames as they are stored.
    pub stored: Arc<[StoredFrame]>,
    /// The head after them.
    pub head: Head,
}

/// A command on its way into the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxPut {
    /// The id of its row.
    pub request_id: Arc<str>,
    /// The tenant.
    pub tenant: Arc<str>,
    /// The command as [`InboxSubmission::from_stored`] reads it.
    pub command: Vec<u8>,
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer<M: Machine> {
    /// It was decided, for or against: the outcome is in the frame, and durable.
    Done {
        /// The command's position.
        position: Position,
        /// The command and its outcome.
        frame: Arc<Frame<M>>,
    },
    /// It was answered before: the outcome is durable at this position.
    Duplicate {
        /// The position of the first command with this request id.
        position: Position,
    },
    /// There was nothing to do, and nothing was appended.
    Nothing,
    /// It was not taken, and nothing was appended.
    Refused(Refusal),
    /// The partition stopped before it knew; to ask again with the same request id is safe.
    Unknown,
}

/// Why a submission was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The queue is full.
    #[error("expected room in the queue, found it full")]
    Backpressure,
    /// The partition stopped, or another writer has it.
    #[error("expected a running partition, found it stopped")]
    Stopped,
    /// The clock jumped and is not trusted.
    #[error("expected a clock near the last record, found it {ahead_ms} ms ahead")]
    ClockJump {
        /// How far, in milliseconds.
        ahead_ms: i64,
    },
    /// The body is greater than the recorded limit.
    #[error("expected a command of at most {limit} bytes, found {found}")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// The bytes of the body.
        found: u64,
    },
    /// The body cannot be stored.
    #[error("{0}")]
    Body(WireError),
    /// The control record is not for hosts to write, or does not fit.
    #[error("{0}")]
    Control(String),
}

/// Why a partition stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StopReason {
    /// The host asked for it, and everything stepped is durable: the stop is clean.
    #[error("the host asked for it")]
    Asked,
    /// Another writer has the partition.
    #[error("another writer has the partition")]
    Fenced,
    /// The store or the engine is not as it was left.
    #[error("{reason}, after position {}", position.0)]
    Corrupt {
        /// The last durable position.
        position: Position,
        /// What was expected and what was found.
        reason: String,
    },
}

impl<M: Machine> InboxSubmission<M> {
    /// Makes a submission from the bytes of [`InboxPut::command`]; bytes that are none become a refused command.
    pub fn from_stored(
        request_id: Arc<str>,
        tenant: Arc<str>,
        command: &[u8],
        attempts: u32,
    ) -> Self {
        match decode_lone_command(command) {
            Ok((header, command)) => Self {
                request_id,
                tenant,
                key: header.key,
                actor: header.actor,
                correlation_id: header.correlation_id,
                trace: header.trace,
                command: Ok(command),
                attempts,
            },
            Err(error) => Self {
                request_id,
                tenant,
                key: None,
                actor: None,
                correlation_id: None,
                trace: None,
                command: Err(error.to_string()),
                attempts,
            },
        }
    }
}
