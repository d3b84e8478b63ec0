//! Another future: the real engine, commands written by hand, a chosen clock.

use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Engine, Frame, Machine, StepError, Stepped};
use dacapo_engine::record::{Header, Key, Timestamp};

use crate::wire::{CommandBody, WireError};

/// What if. The frames of a fork have no chain hash, so no log can take them.
pub struct Fork<M: Machine> {
    engine: Engine<M>,
    frames: Vec<Frame<M>>,
}

/// Why a fork cannot take a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForkError {
    /// The command cannot be encoded.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The fork has no genesis.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl<M: Machine> Fork<M> {
    pub(super) const fn new(engine: Engine<M>) -> Self {
        Self { engine, frames: Vec::new() }
    }

    /// Returns the engine at the end of this future.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the engine, for reads that fill its caches.
    pub fn engine_mut(&mut self) -> &mut Engine<M> {
        &mut self.engine
    }

    /// Returns what happened in this future and nowhere else.
    pub fn frames(&self) -> &[Frame<M>] {
        &self.frames
    }

    /// Steps a command at a time of the caller's choice, never before the last record.
    ///
    /// # Errors
    ///
    /// Fails if the command cannot be encoded or the log has no genesis.
    pub fn step(
        &mut self,
        tenant: Option<Arc<str>>,
        key: Option<Key>,
        command: M::Command,
        now: Timestamp,
    ) -> Result<Stepped<M>, ForkError> {
        self.take(tenant, key, AnyCommand::Machine(command), now)
    }

    /// Steps a whole command with the header of its choice: request id, actor and tenant are kept, the place is not.
    ///
    /// # Errors
    ///
    /// As [`Fork::step`].
    pub fn step_as(
        &mut self,
        header: &Header,
        command: AnyCommand<M>,
    ) -> Result<Stepped<M>, ForkError> {
        let mut header = header.clone();
        let place = self.engine.place();
        header.position = place.position.next();
        header.timestamp = header.timestamp.max(place.timestamp);
        header.body_hash = CommandBody::of::<M>(&command)?.hash();
        let stepped = self.engine.step(header, command)?;
        if let Stepped::Frame(frame) = &stepped {
            self.frames.push(frame.clone());
        }
        Ok(stepped)
    }

    /// Steps what the machine asks for by itself until nothing is due at `now`, at most `count` commands; returns how
    /// many there were.
    ///
    /// # Errors
    ///
    /// As [`Fork::step`].
    pub fn run_due(&mut self, now: Timestamp, count: u32) -> Result<u32, ForkError> {
        for done in 0..count {
            let Some(internal) = self.engine.next_command(now) else { return Ok(done) };
            self.take(Some(internal.tenant), internal.key, internal.command, now)?;
        }
        Ok(count)
    }

    fn take(
        &mut self,
        tenant: Option<Arc<str>>,
        key: Option<Key>,
        command: AnyCommand<M>,
        now: Timestamp,
    ) -> Result<Stepped<M>, ForkError> {
        let control = self.engine.control().ok_or(StepError::NoGenesis)?;
        let header = Header {
            partition: control.partition,
            position: Default::default(),
            timestamp: now,
            tenant: tenant.unwrap_or_else(|| control.default_tenant.clone()),
            semantics: control.semantics,
            key,
            request_id: None,
            actor: Some("what-if".into()),
            correlation_id: None,
            trace: None,
            body_hash: Default::default(),
        };
        self.step_as(&header, command)
    }
}
