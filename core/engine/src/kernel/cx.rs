//! What a decider may do: read, emit, schedule, and ask for keys, time and draws.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::machine::{At, Evolve, View};
use super::{ControlState, EventRecord, Fault, KernelState, Machine, Symbol, Symbols};
use crate::record::{Header, Key, Limits, Position, Timestamp};

/// The context of one step.
pub struct Cx<'a, M: Machine> {
    pub(super) step: &'a mut StepBudget,
    pub(super) kernel: &'a mut KernelState,
    pub(super) tables: &'a mut M::State,
    pub(super) cache: &'a mut M::Cache,
    pub(super) records: &'a mut Vec<EventRecord<M::Event>>,
    pub(super) agenda: &'a mut VecDeque<M::Work>,
}

/// What a step is about, and what it has spent.
#[derive(Clone, Debug)]
pub struct StepBudget {
    pub(super) header: Header,
    pub(super) tenant: Symbol,
    pub(super) control: ControlState,
    pub(super) next: Position,
    pub(super) draws: u64,
    pub(super) bytes: u64,
    pub(super) fuel: u64,
    pub(super) fault: Option<Fault>,
}

impl StepBudget {
    pub(super) fn new(header: Header, tenant: Symbol, control: ControlState) -> Self {
        let (next, fuel) = (header.position.next(), control.limits.step_fuel);
        Self { header, tenant, control, next, draws: 0, bytes: 0, fuel, fault: None }
    }

    pub(super) fn is_spent(&self) -> bool {
        let limits = &self.control.limits;
        let events = self.next.0.saturating_sub(self.header.position.0);
        events > u64::from(limits.step_events)
            || self.bytes > u64::from(limits.step_bytes)
            || self.fuel == 0
    }

    pub(super) fn at(&self, key: Key) -> At {
        let (cause, timestamp) = (self.header.position, self.header.timestamp);
        At { position: self.next, cause, key, timestamp, tenant: self.tenant }
    }
}

impl<M: Machine> Cx<'_, M> {
    /// Returns the machine's tables.
    pub fn state(&self) -> &M::State {
        self.tables
    }

    /// Returns the names that the log has met.
    pub fn symbols(&self) -> &Symbols {
        &self.kernel.symbols
    }

    /// Returns the kernel's tables and the machine's, to read.
    pub fn view(&self) -> View<'_, M::State> {
        View { kernel: self.kernel, tables: self.tables }
    }

    /// Returns the machine's cache together with its tables, to fill the one from the other.
    pub fn cache(&mut self) -> (&mut M::Cache, &M::State, &Symbols) {
        (self.cache, self.tables, &self.kernel.symbols)
    }

    /// Returns the header of the step's command.
    pub fn header(&self) -> &Header {
        &self.step.header
    }

    /// Returns the time of the step.
    pub fn now(&self) -> Timestamp {
        self.step.header.timestamp
    }

    /// Returns the tenant of the step.
    pub fn tenant(&self) -> Symbol {
        self.step.tenant
    }

    /// Returns the tenant's name.
    pub fn tenant_name(&self) -> Arc<str> {
        self.step.header.tenant.clone()
    }

    /// Returns the limits that the step is decided under.
    pub fn limits(&self) -> &Limits {
        &self.step.control.limits
    }

    /// Returns the key of the entity that the next emitted event creates.
    pub fn next_key(&self) -> Key {
        Key::new(self.step.control.partition, self.step.control.incarnation, self.step.next)
    }

    /// Returns 32 random bytes that every replay draws again.
    pub fn draw(&mut self) -> [u8; 32] {
        let control = &self.step.control;
        let mut seed = [0; 32];
        let parts = [
            control.seed.0,
            control.seed.1,
            u64::from(control.partition.0),
            self.step.header.position.0,
        ];
        for (chunk, part) in seed.chunks_exact_mut(8).zip(parts) {
            chunk.copy_from_slice(&part.to_le_bytes());
        }
        let draw = self.step.draws;
        self.step.draws = draw.saturating_add(1);
        *blake3::keyed_hash(&seed, &draw.to_le_bytes()).as_bytes()
    }

    /// Returns the expression fuel that is left to the step.
    pub fn fuel(&self) -> u64 {
        self.step.fuel
    }

    /// Takes expression fuel from the step.
    pub fn spend_fuel(&mut self, fuel: u64) {
        self.step.fuel = self.step.fuel.saturating_sub(fuel);
    }

    /// Writes an event about an entity and evolves the state by it at once.
    pub fn emit(&mut self, key: Key, event: impl Into<M::Event>) {
        let event = event.into();
        let at = self.step.at(key);
        let mut state = Evolve { symbols: &mut self.kernel.symbols, tables: self.tables, at };
        if let Err(corrupt) = M::evolve(&mut state, &event) {
            self.fault(alloc::format!("{corrupt}"));
        }
        self.step.next = self.step.next.next();
        self.step.bytes = self.step.bytes.saturating_add(M::weight(&event));
        self.records.push(EventRecord { key, event });
    }

    /// Puts work at the end of the agenda.
    pub fn schedule(&mut self, work: M::Work) {
        self.agenda.push_back(work);
    }

    /// Records that the engine broke a promise; the step is rolled back whole.
    pub fn fault(&mut self, reason: String) {
        self.step.fault.get_or_insert(Fault { reason });
    }

    /// Returns whether an entity has work that waits for its next step.
    pub fn is_parked(&self, subject: Key) -> bool {
        self.kernel.is_parked(subject)
    }
}
