//! What a machine is: state, commands that decide, events that evolve, and the work and time it asks for.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::park::Work;
use super::{Body, Corrupt, Cx, KernelState, Symbol, Symbols, Tables};
use crate::record::{Key, Position, Rejection, RejectionCode, Timestamp};

/// Commands decide by reading state and emitting events; events evolve state; nothing else writes, nothing else decides.
pub trait Machine: Clone + core::fmt::Debug + PartialEq + Send + 'static {
    /// What can be asked.
    type Command: Body;
    /// What can happen.
    type Event: Body;
    /// The machine's own tables.
    type State: Tables + Default;
    /// What the agenda of a step holds.
    type Work: Work;
    /// What can be derived from the state and is worth keeping (compiled models); outside digest and snapshot.
    type Cache: Default + Send;

    /// Decides a command: guards first, then events. A refusal rolls back everything.
    fn decide(cx: &mut Cx<'_, Self>, command: &Self::Command) -> Result<(), Rejection>;

    /// Does one piece of work from the agenda. It can no longer refuse.
    fn work(cx: &mut Cx<'_, Self>, work: Self::Work);

    /// Takes an event into the state: total, dull and short.
    fn evolve(state: &mut Evolve<'_, Self::State>, event: &Self::Event) -> Result<(), Corrupt>;

    /// Returns the entity that a piece of work belongs to.
    fn subject(work: &Self::Work) -> Key;

    /// Returns the entity whose history an event is part of; none for what all share, as what is deployed. Slices of a log show
    /// the history of one.
    fn owner(key: Key, event: &Self::Event) -> Option<Key>;

    /// Estimates the bytes of an event, for the budget of a step.
    fn weight(event: &Self::Event) -> u64;

    /// Returns the next command that the machine asks for by itself, if one is due at `now`; what is addressed to a held
    /// entity is left out.
    fn next_command(
        view: &View<'_, Self::State>,
        now: Timestamp,
        held: &BTreeSet<Key>,
    ) -> Option<Internal<Self::Command>>;

    /// Returns when [`Machine::next_command`] is worth asking again; a time in the past means at once.
    fn next_due(view: &View<'_, Self::State>, held: &BTreeSet<Key>) -> Option<Timestamp>;

    /// Lists every way to be refused.
    fn rejections() -> Vec<RejectionCode>;
}

/// A command that a machine asks for by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Internal<C> {
    /// For whom.
    pub tenant: Arc<str>,
    /// The entity that it is addressed to: at most one command per entity is due, so its key can hold the command back.
    pub key: Key,
    /// What is asked.
    pub command: C,
}

/// The place of an event in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The event's position.
    pub position: Position,
    /// The position of its command.
    pub cause: Position,
    /// The entity that it is about.
    pub key: Key,
    /// The time of the step.
    pub timestamp: Timestamp,
    /// The tenant of the step.
    pub tenant: Symbol,
}

/// What evolving may touch.
pub struct Evolve<'a, S> {
    /// The names; evolving interns.
    pub symbols: &'a mut Symbols,
    /// The machine's tables.
    pub tables: &'a mut S,
    /// Where the event stands.
    pub at: At,
}

impl<S> Evolve<'_, S> {
    /// Makes the error of an event that the state cannot take.
    pub fn corrupt(&self, reason: impl Into<alloc::string::String>) -> Corrupt {
        Corrupt { position: self.at.position, reason: reason.into() }
    }
}

/// What asking for internal commands may read.
pub struct View<'a, S> {
    /// The kernel's tables.
    pub kernel: &'a KernelState,
    /// The machine's tables.
    pub tables: &'a S,
}
