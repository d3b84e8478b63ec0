//! Evolving by a part of a log: the frames that a slice shows, of which only what is about its subject is told whole.

use super::{
    AnyEvent, Engine, EventRecord, KernelEvent, Machine, Outcome, ReplayError, WorkResumed,
};
use crate::record::{Header, Key, Position};

impl<M: Machine> Engine<M> {
    /// Evolves the state by what a frame tells of one entity, and of what all share if the slice shows where that began. Events
    /// about others are passed over: the slice does not show all of their history. The digest of such a state is not that of the
    /// log, and is not compared.
    ///
    /// # Errors
    ///
    /// As [`Engine::replay_outcome`].
    pub fn replay_slice(
        &mut self,
        header: &Header,
        outcome: &Outcome<M>,
        subject: Key,
        is_shown: impl Fn(Position) -> bool,
    ) -> Result<(), ReplayError> {
        self.begin(header)?;
        if self.control().is_none() {
            return Err(ReplayError::Genesis { position: header.position });
        }
        let events = match outcome {
            Outcome::Events(events) => events.as_slice(),
            Outcome::Rejected(_) => &[],
        };
        let tenant = self.state.kernel.symbols.intern(&header.tenant);
        let mut position = header.position;
        for record in events {
            position = position.next();
            if self.is_about(record, subject, &is_shown)
                && let Err(error) = self.evolve_event(header, tenant, position, record)
            {
                self.roll_back();
                return Err(error.into());
            }
        }
        self.evolve_header(header);
        self.finish(header, 1 + outcome.count());
        Ok(())
    }

    fn is_about(
        &self,
        EventRecord { key, event }: &EventRecord<AnyEvent<M>>,
        subject: Key,
        is_shown: &impl Fn(Position) -> bool,
    ) -> bool {
        match event {
            AnyEvent::Kernel(KernelEvent::WorkParked(row)) => row.subject == subject,
            AnyEvent::Kernel(KernelEvent::WorkResumed(WorkResumed {})) => {
                self.state.parked.contains(key)
            }
            AnyEvent::Machine(event) => match M::owner(*key, event) {
                Some(owner) => owner == subject,
                None => is_shown(key.parts().position),
            },
        }
    }
}
