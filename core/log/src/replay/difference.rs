//! The rows in which two states differ.

use std::any::Any;

use dacapo_engine::kernel::{
    ByteSink, Change, EngineState, Machine, Row, Table, TableVisitor, TableVisitorMut, Tables,
    plain,
};

/// Lists the rows that differ between two states of one log, in the order of tables and keys.
pub fn diff<M: Machine>(before: &EngineState<M>, after: &EngineState<M>) -> Vec<Change> {
    let symbols = before.kernel.symbols.clone();
    let mut before = before.clone();
    let mut take = TakeTables(Vec::new());
    before.visit_mut(&mut take);
    let mut compare = Compare {
        before: take.0.into_iter(),
        changes: Vec::new(),
        sinks: [ByteSink::default(), ByteSink::default()],
    };
    after.visit(&mut compare);
    // Names are never forgotten, so the later state knows those of both.
    let (first, second) = (&symbols, &after.kernel.symbols);
    let symbols = if first.count() > second.count() { first } else { second };
    compare.changes.into_iter().map(|it| it.with_names(symbols)).collect()
}

struct TakeTables(Vec<Box<dyn Any>>);

impl TableVisitorMut for TakeTables {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        let empty = Table::new(table.number(), table.name());
        self.0.push(Box::new(std::mem::replace(table, empty)));
    }
}

struct Compare<I> {
    before: I,
    changes: Vec<Change>,
    sinks: [ByteSink; 2],
}

impl<I: Iterator<Item = Box<dyn Any>>> TableVisitor for Compare<I> {
    fn table<K: Row + Ord, V: Row>(&mut self, after: &Table<K, V>) {
        // Both visits show the same tables in the same order, so the types agree.
        let Some(Ok(before)) = self.before.next().map(|it| it.downcast::<Table<K, V>>()) else {
            return;
        };
        let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let is_old_first = match (old.peek(), new.peek()) {
                (None, None) => return,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some((a, _)), Some((b, _))) if a == b => {
                    if let (Some((key, a)), Some((_, b))) = (old.next(), new.next()) {
                        self.both(after.name(), key, a, b);
                    }
                    continue;
                }
                (Some((a, _)), Some((b, _))) => a < b,
            };
            let row = if is_old_first { old.next() } else { new.next() };
            let Some((key, row)) = row else { return };
            let (key, row) = (plain(key), Some(plain(row)));
            let (before, after_row) = if is_old_first { (row, None) } else { (None, row) };
            self.changes.push(Change { table: after.name(), key, before, after: after_row });
        }
    }
}

impl<I> Compare<I> {
    fn both<K: Row, V: Row>(&mut self, table: &'static str, key: &K, before: &V, after: &V) {
        let [a, b] = &mut self.sinks;
        a.clear();
        b.clear();
        before.visit(a);
        after.visit(b);
        if a.collected() != b.collected() {
            let (before, after) = (Some(plain(before)), Some(plain(after)));
            self.changes.push(Change { table, key: plain(key), before, after });
        }
    }
}
