//! The rows in which two states differ.

use std::any::Any;
use std::cmp::Ordering;

use dacapo_engine::kernel::{
    ByteSink, Change, EngineState, Machine, Row, Table, TableVisitor, TableVisitorMut, Tables,
    Visit, plain,
};

/// Lists the rows that differ between two states of one log, in the order of tables and keys.
pub fn diff<M: Machine>(before: &EngineState<M>, after: &EngineState<M>) -> Vec<Change> {
    let symbols = before.kernel.symbols.clone();
    let mut before = before.clone();
    let mut take = TakeTables(Vec::new());
    before.visit_mut(&mut take);
    let mut compare = Compare { before: take.0.into_iter(), rows: Rows::default() };
    after.visit(&mut compare);
    // Names are never forgotten, so the later state knows those of both.
    let (first, second) = (&symbols, &after.kernel.symbols);
    let symbols = if first.count() > second.count() { first } else { second };
    compare.rows.changes.into_iter().map(|it| it.with_names(symbols)).collect()
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
    rows: Rows,
}

#[derive(Default)]
struct Rows {
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
            let order = match (old.peek(), new.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((a, _)), Some((b, _))) => a.cmp(b),
            };
            let first = if order.is_le() { old.next() } else { None };
            let second = if order.is_ge() { new.next() } else { None };
            if let Some((key, _)) = first.or(second) {
                let before = first.map(|(_, row)| row as &dyn Visit);
                let row = second.map(|(_, row)| row as &dyn Visit);
                self.rows.compare(after.name(), key, before, row);
            }
        }
    }
}

impl Rows {
    /// Takes the rows of one key. It is compiled once, not once per table.
    fn compare(
        &mut self,
        table: &'static str,
        key: &dyn Visit,
        before: Option<&dyn Visit>,
        after: Option<&dyn Visit>,
    ) {
        let [a, b] = &mut self.sinks;
        if let (Some(before), Some(after)) = (before, after) {
            a.clear();
            b.clear();
            before.visit(a);
            after.visit(b);
            if a.collected() == b.collected() {
                return;
            }
        }
        let (before, after) = (before.map(plain), after.map(plain));
        self.changes.push(Change { table, key: plain(key), before, after });
    }
}
