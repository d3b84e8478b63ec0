//! All tables of an engine, and what is done to all of them at once.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;

use super::{
    ByteSink, Change, Journal, KernelState, Machine, ParkedRow, Row, StateDigest, Table,
    TableVisitor, TableVisitorMut, Tables,
};
use crate::record::Key;

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

impl<M: Machine> EngineState<M> {
    /// Returns how many rows all tables have.
    pub fn rows(&self) -> u64 {
        let mut count = CountRows(0);
        self.visit(&mut count);
        count.0
    }
}

struct CountRows(u64);
impl TableVisitor for CountRows {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        self.0 = self.0.saturating_add(table.count());
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

pub(super) struct Commit;
impl TableVisitorMut for Commit {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        table.commit();
    }
}

pub(super) struct RollBack;
impl TableVisitorMut for RollBack {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        table.roll_back();
    }
}

pub(super) struct DigestAll<'a> {
    pub(super) digest: StateDigest,
    pub(super) scratch: &'a mut ByteSink,
}
impl TableVisitor for DigestAll<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        table.digest_rows(&mut self.digest, self.scratch);
    }
}

pub(super) struct DigestJournal<'a> {
    pub(super) digest: StateDigest,
    pub(super) scratch: &'a mut ByteSink,
}
impl TableVisitorMut for DigestJournal<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        table.digest_journal(&mut self.digest, self.scratch);
    }
}

pub(super) struct Changes(pub(super) Vec<Change>);
impl TableVisitorMut for Changes {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        table.changes(&mut self.0);
    }
}

pub(super) struct TakeJournals(pub(super) Vec<Box<dyn Any + Send>>);
impl TableVisitorMut for TakeJournals {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        self.0.push(Box::new(table.take_journal()));
    }
}

pub(super) struct PutBack<I>(pub(super) I);
impl<I: Iterator<Item = Box<dyn Any + Send>>> TableVisitorMut for PutBack<I> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        // Both visits show the same tables in the same order, so the types agree.
        if let Some(Ok(journal)) = self.0.next().map(|it| it.downcast::<Journal<K, V>>()) {
            table.undo(*journal);
        }
    }
}
