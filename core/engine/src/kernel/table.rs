//! The only kind of state: an ordered map that remembers what a step changed.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Range;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::ops::RangeBounds;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ByteSink, Change, RowHash, StateDigest, Visit, plain, row_hash};

/// What a key or a row of a table must be.
pub trait Row: Clone + Visit + Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<T: Clone + Visit + Serialize + DeserializeOwned + Send + Sync + 'static> Row for T {}

/// An ordered map with a journal: the journal of a step is its rollback, its diff, and its change of the digest.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    number: u16,
    name: &'static str,
    /// Rows are boxed so that the maps of different rows are the same machine code, which a browser loads once.
    rows: BTreeMap<K, Box<Kept<V>>>,
    journal: Journal<K, V>,
}

/// What stood at the keys that a step touched, in the order in which it touched them.
pub type Journal<K, V> = Vec<(K, Option<Box<Kept<V>>>)>;

/// A row as a table keeps it.
#[derive(Clone, Debug)]
pub struct Kept<V> {
    row: V,
    /// What the row added to the digest, so that it need not be hashed again when it changes or goes.
    hash: Option<RowHash>,
}

/// A set of tables: the state of a machine.
pub trait Tables: Clone + Send + 'static {
    /// Shows every table, in the order of their numbers.
    fn visit<V: TableVisitor>(&self, visitor: &mut V);
    /// Shows every table for change, in the order of their numbers.
    fn visit_mut<V: TableVisitorMut>(&mut self, visitor: &mut V);
}

/// Looks at tables.
pub trait TableVisitor {
    /// Takes one table.
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>);
}

/// Changes tables.
pub trait TableVisitorMut {
    /// Takes one table.
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>);
}

impl<K: Row + Ord, V: Row> Table<K, V> {
    /// Makes an empty table. Its number is part of the digest and of snapshots: it is never reused.
    pub const fn new(number: u16, name: &'static str) -> Self {
        Self { number, name, rows: BTreeMap::new(), journal: Vec::new() }
    }

    /// Returns the number of the table.
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// Returns the name of the table.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the row of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key).map(|kept| &kept.row)
    }

    /// Returns the row of a key that is given in borrowed form.
    pub fn get_by<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key).map(|kept| &kept.row)
    }

    /// Returns whether a key has a row.
    pub fn contains(&self, key: &K) -> bool {
        self.rows.contains_key(key)
    }

    /// Returns how many rows there are.
    pub fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the row of the smallest key.
    pub fn first(&self) -> Option<(&K, &V)> {
        self.rows.first_key_value().map(|(key, kept)| (key, &kept.row))
    }

    /// Returns all rows in the order of their keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter().map(|(key, kept)| (key, &kept.row))
    }

    /// Returns the rows of a range of keys, in order. An empty or inverted range has none.
    pub fn range(&self, range: impl RangeBounds<K>) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        use core::ops::Bound::{Excluded, Included};
        let is_inverted = match (range.start_bound(), range.end_bound()) {
            (Included(a), Included(b)) => a > b,
            (Included(a), Excluded(b)) | (Excluded(a), Included(b)) => a > b,
            (Excluded(a), Excluded(b)) => a >= b,
            _ => false,
        };
        // `BTreeMap::range` panics on an inverted range; the core must not.
        let rows = if is_inverted { Range::default() } else { self.rows.range(range) };
        rows.map(|(key, kept)| (key, &kept.row))
    }

    /// Puts a row, replacing the one of the same key.
    pub fn insert(&mut self, key: K, row: V) {
        let old = self.rows.insert(key.clone(), kept(row));
        self.journal.push((key, old));
    }

    /// Takes a row out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let old = self.rows.remove(key)?;
        let row = old.row.clone();
        self.journal.push((key.clone(), Some(old)));
        Some(row)
    }

    /// Changes the row of a key in place; returns whether there was one.
    pub fn update(&mut self, key: &K, change: impl FnOnce(&mut V)) -> bool {
        let Some(kept) = self.rows.get_mut(key) else { return false };
        self.journal.push((key.clone(), Some(kept.clone())));
        kept.hash = None;
        change(&mut kept.row);
        true
    }

    /// Forgets the journal: what happened stays.
    pub fn commit(&mut self) {
        self.journal.clear();
    }

    /// Takes back everything since the last commit.
    pub fn roll_back(&mut self) {
        while let Some((key, old)) = self.journal.pop() {
            match old {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }

    /// Takes the journal out, to undo or show it later.
    pub fn take_journal(&mut self) -> Journal<K, V> {
        core::mem::take(&mut self.journal)
    }

    /// Puts rows back as a journal remembers them, the last change first.
    pub fn undo(&mut self, journal: Journal<K, V>) {
        self.journal = journal;
        self.roll_back();
    }

    /// Replaces all rows, without a journal: how a snapshot is loaded.
    pub fn restore(&mut self, rows: impl IntoIterator<Item = (K, V)>) {
        self.rows.clear();
        // one by one: `collect` brings a sort for each type of row, a tenth of the Wasm in all
        for (key, row) in rows {
            self.rows.insert(key, kept(row));
        }
        self.journal.clear();
    }

    /// Applies the net change since the last commit to a digest.
    pub fn digest_journal(&mut self, digest: &mut StateDigest, scratch: &mut ByteSink) {
        let number = self.number;
        self.net(&mut |change| change.digest(number, digest, scratch));
    }

    /// Adds all rows to a digest.
    pub fn digest_rows(&self, digest: &mut StateDigest, scratch: &mut ByteSink) {
        for (key, kept) in &self.rows {
            digest.add(row_hash(scratch, self.number, key, &kept.row));
        }
    }

    /// Lists the net change since the last commit, in the order of keys.
    pub fn changes(&mut self, out: &mut Vec<Change>) {
        let name = self.name;
        self.net(&mut |change| change.list(name, out));
    }

    /// Shows each key that was touched once, with the row before and the row that is there.
    fn net(&mut self, each: &mut dyn FnMut(NetChange<'_>)) {
        if self.journal.is_empty() {
            return;
        }
        let Self { rows, journal, .. } = self;
        let touched = |number: u32| journal.get(number as usize);
        let compare = |a: u32, b: u32| match (touched(a), touched(b)) {
            (Some((a, _)), Some((b, _))) => a.cmp(b),
            _ => Ordering::Equal,
        };
        let mut last = None;
        for number in in_order(journal.len() as u32, &compare) {
            let Some((key, old)) = touched(number) else { continue };
            // The order is stable, so the first of equal keys is the oldest: what stood there before.
            if last.replace(key) != Some(key) {
                let before = old.as_deref().map(|kept| (&kept.row as &dyn Visit, kept.hash));
                let after = rows.get_mut(key);
                let after = after.map(|kept| (&kept.row as &dyn Visit, &mut kept.hash));
                each(NetChange { key, before, after });
            }
        }
    }
}

fn kept<V>(row: V) -> Box<Kept<V>> {
    Box::new(Kept { row, hash: None })
}

/// What a step made of one row. Its functions are compiled once, not once per table.
struct NetChange<'a> {
    key: &'a dyn Visit,
    before: Option<(&'a dyn Visit, Option<RowHash>)>,
    after: Option<(&'a dyn Visit, &'a mut Option<RowHash>)>,
}

impl NetChange<'_> {
    fn digest(self, table: u16, digest: &mut StateDigest, scratch: &mut ByteSink) {
        let mut hash = |row| row_hash(scratch, table, self.key, row);
        if let Some((row, known)) = self.before {
            digest.subtract(known.unwrap_or_else(|| hash(row)));
        }
        if let Some((row, known)) = self.after {
            digest.add(*known.get_or_insert_with(|| hash(row)));
        }
    }

    fn list(self, table: &'static str, out: &mut Vec<Change>) {
        let before = self.before.map(|(row, _)| plain(row));
        let after = self.after.map(|(row, _)| plain(row));
        if before != after {
            out.push(Change { table, key: plain(self.key), before, after });
        }
    }
}

/// Returns the numbers below `count` in a stable order.
fn in_order(count: u32, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count).collect();
    if count > 1 {
        numbers.sort_by(|a, b| compare(*a, *b));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolling_back_restores_rows_and_leaves_the_digest() {
        let mut table = Table::<u64, u64>::new(9, "numbers");
        table.insert(1, 10);
        table.commit();
        let mut before = StateDigest::default();
        table.digest_rows(&mut before, &mut ByteSink::default());
        table.insert(1, 11);
        table.insert(2, 20);
        table.update(&2, |row| *row += 1);
        table.remove(&1);
        let mut after = before;
        table.digest_journal(&mut after, &mut ByteSink::default());
        let mut full = StateDigest::default();
        table.digest_rows(&mut full, &mut ByteSink::default());
        assert_eq!(after, full);
        assert_ne!(after, before);
        table.roll_back();
        assert_eq!(table.iter().collect::<Vec<_>>(), [(&1, &10)]);
    }

    #[test]
    fn an_inverted_range_is_empty() {
        let mut table = Table::<u64, u64>::new(9, "numbers");
        table.insert(1, 10);
        let (from, to) = (2, 1);
        assert_eq!(table.range(from..to).count(), 0);
    }
}
