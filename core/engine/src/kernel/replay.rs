//! Evolving: from the records of a frame to the state after it, without deciding anything.

use super::engine_state::{DigestJournal, RollBack};
use super::machine::Evolve;
use super::{
    AnyEvent, Content, ControlState, Corrupt, DigestMode, Engine, EventRecord, Frame, KernelEvent,
    Machine, Outcome, ReplayError, Symbol, Tables, WorkResumed,
};
use crate::record::{Control, Header, Key, Position};

impl<M: Machine> Engine<M> {
    /// Evolves the state by a frame of the log.
    pub fn replay(&mut self, frame: &Frame<M>) -> Result<(), ReplayError> {
        match &frame.content {
            Content::Step(_, outcome) => self.replay_outcome(&frame.header, outcome, frame.digest),
            Content::Control(control) => {
                self.begin(&frame.header)?;
                self.evolve_control(control, &frame.header)?;
                self.finish(&frame.header, 1);
                self.check_digest(&frame.header, frame.digest)
            }
        }
    }

    /// Evolves the state by a frame of the log whose command needs not be known: of the header, position, time, tenant,
    /// request id and body hash are read.
    pub fn replay_outcome(
        &mut self,
        header: &Header,
        outcome: &Outcome<M>,
        digest: [u8; 8],
    ) -> Result<(), ReplayError> {
        self.begin(header)?;
        if self.control().is_none() {
            return Err(ReplayError::Genesis { position: header.position });
        }
        if let Outcome::Events(events) = outcome
            && let Err(error) = self.evolve_events(header, events)
        {
            self.roll_back();
            return Err(error);
        }
        self.evolve_header(header);
        self.finish(header, 1 + outcome.count());
        self.check_digest(header, digest)
    }

    pub(super) fn evolve_control(
        &mut self,
        control: &Control,
        header: &Header,
    ) -> Result<(), ReplayError> {
        let position = header.position;
        match (control, self.control().cloned()) {
            (Control::Genesis(genesis), None) => {
                self.state.kernel.control.insert((), ControlState::new(genesis))
            }
            (_, None) | (Control::Genesis(_), Some(_)) => {
                return Err(ReplayError::Genesis { position });
            }
            (control, Some(mut state)) => {
                state.evolve(control, header)?;
                self.state.kernel.control.insert((), state);
            }
        }
        Ok(())
    }

    pub(super) fn evolve_events(
        &mut self,
        header: &Header,
        events: &[EventRecord<AnyEvent<M>>],
    ) -> Result<(), ReplayError> {
        let tenant = self.state.kernel.symbols.intern(&header.tenant);
        let mut position = header.position;
        for record in events {
            position = position.next();
            self.evolve_event(header, tenant, position, record)?;
        }
        Ok(())
    }

    pub(super) fn evolve_event(
        &mut self,
        header: &Header,
        tenant: Symbol,
        position: Position,
        EventRecord { key, event }: &EventRecord<AnyEvent<M>>,
    ) -> Result<(), Corrupt> {
        match event {
            AnyEvent::Kernel(event) => self.evolve_kernel(*key, event, position),
            AnyEvent::Machine(event) => {
                let (cause, timestamp) = (header.position, header.timestamp);
                let at = super::At { position, cause, key: *key, timestamp, tenant };
                let (symbols, tables) = (&mut self.state.kernel.symbols, &mut self.state.tables);
                M::evolve(&mut Evolve { symbols, tables, at }, event)
            }
        }
    }

    pub(super) fn evolve_kernel(
        &mut self,
        key: Key,
        event: &KernelEvent<M::Work>,
        position: Position,
    ) -> Result<(), Corrupt> {
        let subjects = &mut self.state.kernel.parked_subjects;
        match event {
            KernelEvent::WorkParked(row) => {
                let count = subjects.get(&row.subject).copied().unwrap_or(0);
                subjects.insert(row.subject, count.saturating_add(1));
                self.state.parked.insert(key, row.clone());
            }
            KernelEvent::WorkResumed(WorkResumed {}) => {
                let Some(row) = self.state.parked.remove(&key) else {
                    return Err(Corrupt {
                        position,
                        reason: alloc::format!("expected parked work {key}"),
                    });
                };
                match subjects.get(&row.subject).copied() {
                    Some(count) if count > 1 => subjects.insert(row.subject, count - 1),
                    _ => {
                        subjects.remove(&row.subject);
                    }
                }
            }
        }
        Ok(())
    }

    /// Evolves what a header means: requests to remember and to forget. The last thing of every step.
    pub(super) fn evolve_header(&mut self, header: &Header) {
        let kernel = &mut self.state.kernel;
        kernel.requests.expire(header.timestamp);
        if header.request_id.is_some() {
            let retention_ms =
                kernel.control().map_or(0, |control| control.limits.request_retention_ms);
            let tenant: Symbol = kernel.symbols.intern(&header.tenant);
            kernel.requests.remember(tenant, header, retention_ms);
        }
    }

    pub(super) fn finish(&mut self, header: &Header, count: u64) {
        self.place.position = header.position.plus(count - 1);
        self.place.timestamp = header.timestamp;
        if self.mode == DigestMode::Every {
            let mut journal =
                DigestJournal { digest: self.place.digest, scratch: &mut self.scratch };
            self.state.visit_mut(&mut journal);
            self.place.digest = journal.digest;
        }
    }

    pub(super) fn check_digest(
        &self,
        header: &Header,
        expected: [u8; 8],
    ) -> Result<(), ReplayError> {
        let (position, found) = (header.position, self.place.digest.short());
        if self.mode == DigestMode::Every && found != expected {
            return Err(ReplayError::Digest { position, expected, found });
        }
        Ok(())
    }

    pub(super) fn roll_back(&mut self) {
        self.state.visit_mut(&mut RollBack);
    }
}
