//! What two states differ in.

use std::collections::BTreeMap;

use dacapo_engine::kernel::{ByteSink, Change, Plain, Row, Table, TableVisitor, Tables, plain};

/// All rows of a state, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    rows: BTreeMap<(u16, Vec<u8>), PlainRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct PlainRow {
    table: &'static str,
    key: Plain,
    row: Plain,
}

impl Snapshot {
    /// Collects the rows of a state.
    pub fn of(state: &impl Tables) -> Self {
        let mut snapshot = Self::default();
        state.visit(&mut snapshot);
        snapshot
    }

    /// Returns all rows: table, key and row, in order.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &Plain, &Plain)> {
        self.rows.values().map(|it| (it.table, &it.key, &it.row))
    }
}

impl TableVisitor for Snapshot {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        for (key, row) in table.iter() {
            let mut bytes = ByteSink::default();
            key.visit(&mut bytes);
            let place = (table.number(), bytes.collected().to_vec());
            let row = PlainRow { table: table.name(), key: plain(key), row: plain(row) };
            self.rows.insert(place, row);
        }
    }
}

/// Lists what changed from one state to another, table by table.
pub fn diff(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let mut changes = Vec::new();
    for (place, old) in &before.rows {
        let new = after.rows.get(place);
        if new != Some(old) {
            let after = new.map(|it| it.row.clone());
            changes.push((
                place,
                Change {
                    table: old.table,
                    key: old.key.clone(),
                    before: Some(old.row.clone()),
                    after,
                },
            ));
        }
    }
    for (place, new) in after.rows.iter().filter(|(place, _)| !before.rows.contains_key(*place)) {
        let after = Some(new.row.clone());
        changes
            .push((place, Change { table: new.table, key: new.key.clone(), before: None, after }));
    }
    changes.sort_by_key(|(place, _)| *place);
    changes.into_iter().map(|(_, change)| change).collect()
}
