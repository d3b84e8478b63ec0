//! A machine being driven: step (decide and evolve) and replay (evolve only) over one state.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;

use super::engine_state::{Changes, Commit, DigestAll, PutBack, TakeJournals};
use super::machine::{Internal, View};
use super::requests::{Repeat, Requests};
use super::{
    AnyCommand, ByteSink, Change, Content, ContinueWork, ControlState, Corrupt, EngineState, Fault,
    Frame, KernelCommand, Machine, Outcome, StateDigest, Stepped, Tables,
};
use crate::record::{
    Control, Header, Key, Position, Rejection, RejectionClass, RejectionCode, Timestamp,
};

/// A machine, its state, and where in the log it stands.
pub struct Engine<M: Machine> {
    pub(super) state: EngineState<M>,
    pub(super) cache: M::Cache,
    /// The entities whose internal commands were refused; outside digest and snapshot.
    pub(super) held: BTreeSet<Key>,
    pub(super) place: Place,
    pub(super) mode: DigestMode,
    pub(super) scratch: ByteSink,
}

/// Whether the digest follows every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestMode {
    /// Every step updates the digest, and replay compares it with the frame's.
    Every,
    /// The digest is computed when asked for.
    OnDemand,
}

/// Where an engine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The last record; 0 before genesis.
    pub position: Position,
    /// The time of the last frame.
    pub timestamp: Timestamp,
    /// The digest after the last frame, in [`DigestMode::Every`].
    pub digest: StateDigest,
}

/// What takes the last frame back.
pub struct Undo {
    journals: Vec<Box<dyn Any + Send>>,
    place: Place,
}

/// Why a frame could not be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The frame does not follow the last one.
    #[error("expected position {}, found {}", expected.0, found.0)]
    Position {
        /// The position after the last record.
        expected: Position,
        /// The frame's.
        found: Position,
    },
    /// The frame is older than the one before (invariant I-LOG-3).
    #[error("expected a timestamp of at least {} at position {}, found {}", last.0, position.0, found.0)]
    Time {
        /// The frame.
        position: Position,
        /// The time of the last frame.
        last: Timestamp,
        /// The frame's.
        found: Timestamp,
    },
    /// The log does not begin with genesis, or has a second one.
    #[error("expected genesis at position 1 and nowhere else, found another record at position {}", position.0)]
    Genesis {
        /// The frame.
        position: Position,
    },
    /// An event does not fit the state.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// The state after the frame is not the one that the writer had.
    #[error("expected digest {expected:02x?} after position {}, found {found:02x?}", position.0)]
    Digest {
        /// The frame.
        position: Position,
        /// The frame's.
        expected: [u8; 8],
        /// This engine's.
        found: [u8; 8],
    },
}

/// Why a step could not be taken at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The log has no genesis yet.
    #[error("expected genesis before the first command")]
    NoGenesis,
    /// The control record does not fit.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl<M: Machine> Engine<M> {
    /// Makes the engine of an empty log.
    pub fn new(mode: DigestMode) -> Self {
        let place = Place {
            position: Position(0),
            timestamp: Timestamp(i64::MIN),
            digest: StateDigest::default(),
        };
        Self {
            state: EngineState::new(),
            cache: M::Cache::default(),
            held: BTreeSet::new(),
            place,
            mode,
            scratch: ByteSink::default(),
        }
    }

    /// Makes an engine that stands where a snapshot was taken. The digest is computed from the rows.
    pub fn restore(
        state: EngineState<M>,
        position: Position,
        timestamp: Timestamp,
        mode: DigestMode,
    ) -> Self {
        let mut engine = Self { state, ..Self::new(mode) };
        engine.place = Place { position, timestamp, digest: StateDigest::default() };
        engine.place.digest = engine.full_digest();
        engine
    }

    /// Makes a second engine in the same state, to try out what may not happen.
    pub fn fork(&self) -> Self {
        let mut state = self.state.clone();
        state.visit_mut(&mut Commit);
        Self { state, place: self.place, ..Self::new(self.mode) }
    }

    /// Makes an engine of the same kind at the start of an empty log.
    pub fn fork_empty(&self) -> Self {
        Self::new(self.mode)
    }

    /// Returns all tables.
    pub fn state(&self) -> &EngineState<M> {
        &self.state
    }

    /// Returns the tables and the cache, for reads that need compiled models.
    pub fn state_and_cache(&mut self) -> (&EngineState<M>, &mut M::Cache) {
        (&self.state, &mut self.cache)
    }

    /// Returns where the engine stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Returns the terms that the log runs under; none before genesis.
    pub fn control(&self) -> Option<&ControlState> {
        self.state.kernel.control()
    }

    /// Returns where the command with a request id stands, as long as the id is remembered.
    pub fn position_of(&self, tenant: &str, request_id: &str) -> Option<Position> {
        let tenant = self.state.kernel.symbols.find(tenant)?;
        self.state.kernel.requests.position(tenant, request_id)
    }

    /// Returns the digest of the state.
    pub fn digest(&mut self) -> StateDigest {
        match self.mode {
            DigestMode::Every => self.place.digest,
            DigestMode::OnDemand => self.full_digest(),
        }
    }

    /// Changes how the digest is kept; from now on with every step, it is computed once from all rows.
    pub fn set_digest_mode(&mut self, mode: DigestMode) {
        if mode == DigestMode::Every && self.mode == DigestMode::OnDemand {
            self.place.digest = self.full_digest();
        }
        self.mode = mode;
    }

    /// Computes the digest from all rows.
    pub fn full_digest(&mut self) -> StateDigest {
        let mut all = DigestAll { digest: StateDigest::default(), scratch: &mut self.scratch };
        self.state.visit(&mut all);
        all.digest
    }

    /// Lists what the last frame changed.
    pub fn changes(&mut self) -> Vec<Change> {
        let mut changes = Changes(Vec::new());
        self.state.visit_mut(&mut changes);
        changes.0
    }

    /// Takes the journal of the last frame out; [`Engine::undo`] gives it back.
    pub fn take_undo(&mut self, before: Place) -> Undo {
        let mut take = TakeJournals(Vec::new());
        self.state.visit_mut(&mut take);
        Undo { journals: take.0, place: before }
    }

    /// Takes a frame back. Undoes must be given in the reverse order of their frames.
    pub fn undo(&mut self, undo: Undo) {
        self.state.visit_mut(&mut Commit);
        self.state.visit_mut(&mut PutBack(undo.journals.into_iter()));
        self.place = undo.place;
    }

    /// Passes over records that are not at hand, as in a slice: what they changed stays unknown.
    pub fn skip(&mut self, count: u64) {
        self.state.visit_mut(&mut Commit);
        self.place.position = self.place.position.plus(count);
    }

    /// Writes a control record.
    pub fn control_step(
        &mut self,
        header: Header,
        control: Control,
    ) -> Result<Frame<M>, StepError> {
        let mut frame = Frame { header, content: Content::Control(control), digest: [0; 8] };
        self.begin(&frame.header)?;
        if let Content::Control(control) = &frame.content {
            self.evolve_control(control, &frame.header)?;
        }
        self.finish(&frame.header, 1);
        frame.digest = self.place.digest.short();
        Ok(frame)
    }

    /// Decides a command and evolves the state by the outcome.
    pub fn step(
        &mut self,
        header: Header,
        command: AnyCommand<M>,
    ) -> Result<Stepped<M>, StepError> {
        let control = self.control().cloned().ok_or(StepError::NoGenesis)?;
        self.begin(&header)?;
        let tenant = self.state.kernel.symbols.find(&header.tenant);
        match self.state.kernel.requests.find(tenant, &header) {
            Repeat::New => {}
            Repeat::Same(position) => return Ok(Stepped::Duplicate(position)),
            Repeat::Conflict(position) => {
                let reason =
                    alloc::format!("expected the body of position {}, found another", position.0);
                let rejection = Rejection::new(Requests::CONFLICT, reason).blame("request_id");
                return Ok(self.settle(header, command, Outcome::Rejected(rejection)));
            }
        }
        match self.decide(&header, &command, control) {
            Ok(events) if events.is_empty() => {
                self.roll_back();
                Ok(Stepped::Nothing)
            }
            Ok(events) => Ok(self.settle(header, command, Outcome::Events(events))),
            Err(rejection) => {
                self.roll_back();
                Ok(self.settle(header, command, Outcome::Rejected(rejection)))
            }
        }
    }

    /// Writes a refusal that the host imposes, without asking the machine.
    pub fn impose(
        &mut self,
        header: Header,
        command: AnyCommand<M>,
        rejection: Rejection,
    ) -> Result<Stepped<M>, StepError> {
        self.begin(&header)?;
        let rejection = Rejection { is_imposed: true, ..rejection };
        Ok(self.settle(header, command, Outcome::Rejected(rejection)))
    }

    /// Returns the next command that the machine or the kernel asks for by itself, if one is due at `now`.
    pub fn next_command(&self, now: Timestamp) -> Option<Internal<AnyCommand<M>>> {
        // Parked work and due work take turns, so that neither starves the other. A position alone would not do: steps of
        // equal length keep it even for ever.
        let machine = || M::next_command(&self.view(), now, &self.held).map(any);
        if self.place.position.0.wrapping_mul(SPREAD) >> 63 == 0 {
            machine().or_else(|| self.next_parked())
        } else {
            self.next_parked().or_else(machine)
        }
    }

    /// Returns when [`Engine::next_command`] is worth asking again; a time in the past means at once.
    pub fn next_due(&self) -> Option<Timestamp> {
        match self.next_parked() {
            Some(_) => Some(Timestamp(i64::MIN)),
            None => M::next_due(&self.view(), &self.held),
        }
    }

    /// Asks for no internal command of this entity until it is released: its state would ask for the same one again, which
    /// was refused, and starve all others.
    pub fn hold(&mut self, key: Key) {
        self.held.insert(key);
    }

    /// Asks for the internal commands of this entity again.
    pub fn release(&mut self, key: Key) {
        self.held.remove(&key);
    }

    /// Returns what reading functions of the machine need.
    pub fn view(&self) -> View<'_, M::State> {
        View { kernel: &self.state.kernel, tables: &self.state.tables }
    }

    pub(super) fn next_parked(&self) -> Option<Internal<AnyCommand<M>>> {
        let (&parked_key, row) = self.state.parked.iter().find(|it| !self.held.contains(it.0))?;
        let command = AnyCommand::Kernel(KernelCommand::ContinueWork(ContinueWork { parked_key }));
        let tenant = row.tenant.clone();
        Some(Internal { tenant, key: parked_key, command })
    }

    pub(super) fn begin(&mut self, header: &Header) -> Result<(), ReplayError> {
        self.state.visit_mut(&mut Commit);
        let (position, expected) = (header.position, self.place.position.next());
        if position != expected {
            return Err(ReplayError::Position { expected, found: position });
        }
        if header.timestamp < self.place.timestamp {
            let (last, found) = (self.place.timestamp, header.timestamp);
            return Err(ReplayError::Time { position, last, found });
        }
        Ok(())
    }

    /// Returns the rejections that the kernel itself decides.
    pub fn kernel_rejections() -> Vec<RejectionCode> {
        alloc::vec![Fault::CODE, Requests::CONFLICT, PARKED_NOT_FOUND, MALFORMED]
    }

    /// Makes the refusal of a command that broke the engine twice.
    pub fn fault_rejection(reason: impl Into<String>) -> Rejection {
        Rejection { is_imposed: true, ..Rejection::new(Fault::CODE, reason) }
    }
}

pub(super) const PARKED_NOT_FOUND: RejectionCode =
    RejectionCode { name: "parked_work_not_found", class: RejectionClass::NotFound };
pub(super) const MALFORMED: RejectionCode =
    RejectionCode { name: "command_malformed", class: RejectionClass::InvalidArgument };

/// The golden ratio of 2^64: its multiples fall into both halves in turn, whatever their distance.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

fn any<M: Machine>(it: Internal<M::Command>) -> Internal<AnyCommand<M>> {
    Internal { tenant: it.tenant, key: it.key, command: AnyCommand::Machine(it.command) }
}
