//! The stored unit, decoded: one command with its whole outcome, or one control record.

use alloc::vec::Vec;

use super::{KernelCommand, KernelEvent, Machine};
use crate::record::{Control, Header, Key, Position, Rejection};

/// A command of the machine or of the kernel.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyCommand<M: Machine> {
    /// The machine's own.
    Machine(M::Command),
    /// The kernel's.
    Kernel(KernelCommand),
}

/// An event of the machine or of the kernel.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyEvent<M: Machine> {
    /// The machine's own.
    Machine(M::Event),
    /// The kernel's.
    Kernel(KernelEvent<M::Work>),
}

/// An event and the entity that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord<E> {
    /// The entity.
    pub key: Key,
    /// What happened.
    pub event: E,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<M: Machine> {
    /// At least one event, in order.
    Events(Vec<EventRecord<AnyEvent<M>>>),
    /// A refusal, and nothing else.
    Rejected(Rejection),
}

/// What a frame holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content<M: Machine> {
    /// A command and its outcome.
    Step(AnyCommand<M>, Outcome<M>),
    /// A control record.
    Control(Control),
}

/// The stored unit, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame<M: Machine> {
    /// Where, when, for whom.
    pub header: Header,
    /// The command and its outcome, or a control record.
    pub content: Content<M>,
    /// The first eight bytes of the state digest after the frame.
    pub digest: [u8; 8],
}

impl<M: Machine> Outcome<M> {
    /// Returns how many records the outcome holds.
    pub fn count(&self) -> u64 {
        match self {
            Self::Events(events) => events.len() as u64,
            Self::Rejected(_) => 1,
        }
    }
}

impl<M: Machine> Frame<M> {
    /// Returns how many records the frame holds: the command (or control record) and its outcome.
    pub fn count(&self) -> u64 {
        1 + match &self.content {
            Content::Step(_, outcome) => outcome.count(),
            Content::Control(_) => 0,
        }
    }

    /// Returns the position of the frame's last record.
    pub fn last(&self) -> Position {
        self.header.position.plus(self.count() - 1)
    }

    /// Returns whether the command had events: it was neither refused nor is it a control record.
    pub fn has_events(&self) -> bool {
        matches!(self.content, Content::Step(_, Outcome::Events(_)))
    }
}

/// What a step turned a command into.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly every step is a frame")]
pub enum Stepped<M: Machine> {
    /// A frame to append.
    Frame(Frame<M>),
    /// Nothing happened; nothing is appended and the position is free for the next command.
    Nothing,
    /// The request was answered before: its outcome stands at this position.
    Duplicate(Position),
}
