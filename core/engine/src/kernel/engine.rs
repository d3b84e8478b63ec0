//! A machine being driven: step (decide and evolve) and replay (evolve only) over one state.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;

use super::cx::StepBudget;
use super::machine::{Evolve, Internal, View};
use super::requests::{Repeat, Requests};
use super::{
    AnyCommand, AnyEvent, ByteSink, Change, Content, ContinueWork, ControlState, Corrupt, Cx,
    EventRecord, Fault, Frame, KernelCommand, KernelEvent, KernelState, Machine, Outcome,
    ParkedRow, Row, StateDigest, Stepped, Symbol, Table, TableVisitor, TableVisitorMut, Tables,
    WorkResumed,
};
use crate::record::{
    Control, Header, Key, Position, Rejection, RejectionClass, RejectionCode, Timestamp,
};

/// A machine, its state, and where in the log it stands.
pub struct Engine<M: Machine> {
    state: EngineState<M>,
    cache: M::Cache,
    place: Place,
    mode: DigestMode,
    scratch: ByteSink,
}

/// All tables: the kernel's and the machine's.
#[derive(Clone, Debug)]
pub struct EngineState<M: Machine> {
    /// The kernel's tables.
    pub kernel: KernelState,
    /// Work that waits for its next step.
    pub parked: Table<Key, ParkedRow<M::Work>>,
    /// The machine's tables.
    pub tables: M::State,
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
        let (cache, scratch) = (M::Cache::default(), ByteSink::default());
        Self { state, cache, place: self.place, mode: self.mode, scratch }
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
    pub fn changes(&self) -> Vec<Change> {
        let mut changes = Changes(Vec::new());
        self.state.visit(&mut changes);
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

    /// Returns the next command that the machine or the kernel asks for by itself, if one is due at `now`.
    pub fn next_command(&self, now: Timestamp) -> Option<Internal<AnyCommand<M>>> {
        // Parked work and due work take turns, so that neither starves the other.
        let machine = || M::next_command(&self.view(), now).map(any);
        if self.place.position.0.is_multiple_of(2) {
            machine().or_else(|| self.next_parked())
        } else {
            self.next_parked().or_else(machine)
        }
    }

    /// Returns when [`Engine::next_command`] is worth asking again; a time in the past means at once.
    pub fn next_due(&self) -> Option<Timestamp> {
        if self.state.parked.is_empty() {
            M::next_due(&self.view())
        } else {
            Some(Timestamp(i64::MIN))
        }
    }

    /// Returns what reading functions of the machine need.
    pub fn view(&self) -> View<'_, M::State> {
        View { kernel: &self.state.kernel, tables: &self.state.tables }
    }

    fn next_parked(&self) -> Option<Internal<AnyCommand<M>>> {
        let (&parked_key, _) = self.state.parked.first()?;
        let command = AnyCommand::Kernel(KernelCommand::ContinueWork(ContinueWork { parked_key }));
        let tenant = self.control()?.default_tenant.clone();
        Some(Internal { tenant, key: Some(parked_key), command })
    }

    fn begin(&mut self, header: &Header) -> Result<(), ReplayError> {
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

    fn decide(
        &mut self,
        header: &Header,
        command: &AnyCommand<M>,
        control: ControlState,
    ) -> Result<Vec<EventRecord<AnyEvent<M>>>, Rejection> {
        let tenant = self.state.kernel.symbols.intern(&header.tenant);
        let mut step = StepBudget::new(header.clone(), tenant, control);
        let (mut events, mut agenda) = (Vec::new(), VecDeque::new());
        match command {
            AnyCommand::Kernel(KernelCommand::ContinueWork(it)) => {
                agenda.extend(self.resume(&mut step, it.parked_key, &mut events)?);
            }
            AnyCommand::Kernel(KernelCommand::ParseCommand(it)) => {
                return Err(Rejection::new(MALFORMED, &*it.reason));
            }
            AnyCommand::Machine(_) => {}
        }
        let mut records = Vec::new();
        let mut cx = Cx {
            step: &mut step,
            kernel: &mut self.state.kernel,
            tables: &mut self.state.tables,
            cache: &mut self.cache,
            records: &mut records,
            agenda: &mut agenda,
        };
        if let AnyCommand::Machine(command) = command {
            M::decide(&mut cx, command)?;
        }
        // At least one piece of work is done, so that parked work gets on however small the budget is.
        while let Some(work) = cx.agenda.pop_front() {
            M::work(&mut cx, work);
            if cx.step.is_spent() {
                break;
            }
        }
        events.extend(
            records
                .into_iter()
                .map(|it| EventRecord { key: it.key, event: AnyEvent::Machine(it.event) }),
        );
        self.park(&mut step, agenda, &mut events);
        match step.fault {
            None => Ok(events),
            Some(Fault { reason }) => {
                Err(Rejection { is_imposed: true, ..Rejection::new(Fault::CODE, reason) })
            }
        }
    }

    fn resume(
        &mut self,
        step: &mut StepBudget,
        key: Key,
        events: &mut Vec<EventRecord<AnyEvent<M>>>,
    ) -> Result<Vec<M::Work>, Rejection> {
        let Some(row) = self.state.parked.get(&key).cloned() else {
            let reason = alloc::format!("expected parked work {key}, found none");
            return Err(Rejection::new(PARKED_NOT_FOUND, reason).blame("parked_key"));
        };
        self.emit_kernel(step, key, KernelEvent::WorkResumed(WorkResumed {}), events);
        Ok(row.work)
    }

    fn park(
        &mut self,
        step: &mut StepBudget,
        agenda: VecDeque<M::Work>,
        events: &mut Vec<EventRecord<AnyEvent<M>>>,
    ) {
        let Some(first) = agenda.front() else { return };
        let row = ParkedRow { subject: M::subject(first), work: agenda.into() };
        let key = Key::new(step.control.partition, step.control.incarnation, step.next);
        self.emit_kernel(step, key, KernelEvent::WorkParked(row), events);
    }

    fn emit_kernel(
        &mut self,
        step: &mut StepBudget,
        key: Key,
        event: KernelEvent<M::Work>,
        events: &mut Vec<EventRecord<AnyEvent<M>>>,
    ) {
        if let Err(corrupt) = self.evolve_kernel(key, &event, step.next) {
            step.fault.get_or_insert(corrupt.into());
        }
        step.next = step.next.next();
        events.push(EventRecord { key, event: AnyEvent::Kernel(event) });
    }

    fn settle(
        &mut self,
        header: Header,
        command: AnyCommand<M>,
        outcome: Outcome<M>,
    ) -> Stepped<M> {
        let mut frame = Frame { header, content: Content::Step(command, outcome), digest: [0; 8] };
        self.evolve_header(&frame.header);
        self.finish(&frame.header, frame.count());
        frame.digest = self.place.digest.short();
        Stepped::Frame(frame)
    }

    fn evolve_control(&mut self, control: &Control, header: &Header) -> Result<(), ReplayError> {
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

    fn evolve_events(
        &mut self,
        header: &Header,
        events: &[EventRecord<AnyEvent<M>>],
    ) -> Result<(), ReplayError> {
        let tenant = self.state.kernel.symbols.intern(&header.tenant);
        let mut position = header.position;
        for EventRecord { key, event } in events {
            position = position.next();
            match event {
                AnyEvent::Kernel(event) => self.evolve_kernel(*key, event, position)?,
                AnyEvent::Machine(event) => {
                    let at = super::At {
                        position,
                        cause: header.position,
                        key: *key,
                        timestamp: header.timestamp,
                        tenant,
                    };
                    let (symbols, tables) =
                        (&mut self.state.kernel.symbols, &mut self.state.tables);
                    M::evolve(&mut Evolve { symbols, tables, at }, event)?;
                }
            }
        }
        Ok(())
    }

    fn evolve_kernel(
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
    fn evolve_header(&mut self, header: &Header) {
        let kernel = &mut self.state.kernel;
        kernel.requests.expire(header.timestamp);
        if header.request_id.is_some() {
            let retention_ms =
                kernel.control().map_or(0, |control| control.limits.request_retention_ms);
            let tenant: Symbol = kernel.symbols.intern(&header.tenant);
            kernel.requests.remember(tenant, header, retention_ms);
        }
    }

    fn finish(&mut self, header: &Header, count: u64) {
        self.place.position = header.position.plus(count - 1);
        self.place.timestamp = header.timestamp;
        if self.mode == DigestMode::Every {
            let mut journal =
                DigestJournal { digest: self.place.digest, scratch: &mut self.scratch };
            self.state.visit(&mut journal);
            self.place.digest = journal.digest;
        }
    }

    fn check_digest(&self, header: &Header, expected: [u8; 8]) -> Result<(), ReplayError> {
        let (position, found) = (header.position, self.place.digest.short());
        if self.mode == DigestMode::Every && found != expected {
            return Err(ReplayError::Digest { position, expected, found });
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        self.state.visit_mut(&mut RollBack);
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

const PARKED_NOT_FOUND: RejectionCode =
    RejectionCode { name: "parked_work_not_found", class: RejectionClass::NotFound };
const MALFORMED: RejectionCode =
    RejectionCode { name: "command_malformed", class: RejectionClass::InvalidArgument };

fn any<M: Machine>(it: Internal<M::Command>) -> Internal<AnyCommand<M>> {
    Internal { tenant: it.tenant, key: it.key, command: AnyCommand::Machine(it.command) }
}

impl<M: Machine> EngineState<M> {
    /// Makes the state of an empty log.
    pub fn new() -> Self {
        Self {
            kernel: KernelState::new(),
            parked: Table::new(7, "parked"),
            tables: M::State::default(),
        }
    }
}

impl<M: Machine> Default for EngineState<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Machine> Tables for EngineState<M> {
    fn visit<V: TableVisitor>(&self, visitor: &mut V) {
        self.kernel.visit(visitor);
        visitor.table(&self.parked);
        self.tables.visit(visitor);
    }

    fn visit_mut<V: TableVisitorMut>(&mut self, visitor: &mut V) {
        self.kernel.visit_mut(visitor);
        visitor.table(&mut self.parked);
        self.tables.visit_mut(visitor);
    }
}

struct Commit;
impl TableVisitorMut for Commit {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        table.commit();
    }
}

struct RollBack;
impl TableVisitorMut for RollBack {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        table.roll_back();
    }
}

struct DigestAll<'a> {
    digest: StateDigest,
    scratch: &'a mut ByteSink,
}
impl TableVisitor for DigestAll<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        table.digest_rows(&mut self.digest, self.scratch);
    }
}

struct DigestJournal<'a> {
    digest: StateDigest,
    scratch: &'a mut ByteSink,
}
impl TableVisitor for DigestJournal<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        table.digest_journal(&mut self.digest, self.scratch);
    }
}

struct Changes(Vec<Change>);
impl TableVisitor for Changes {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        table.changes(&mut self.0);
    }
}

struct TakeJournals(Vec<Box<dyn Any + Send>>);
impl TableVisitorMut for TakeJournals {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        self.0.push(Box::new(table.take_journal()));
    }
}

struct PutBack<I>(I);
impl<I: Iterator<Item = Box<dyn Any + Send>>> TableVisitorMut for PutBack<I> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        // Both visits show the same tables in the same order, so the types agree.
        if let Some(Ok(journal)) = self.0.next().map(|it| it.downcast::<Vec<(K, Option<V>)>>()) {
            table.undo(*journal);
        }
    }
}
