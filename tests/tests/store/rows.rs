//! Writing the read model.

use std::sync::Arc;

use dacapo::store::{
    Appended, Batch, Cell, Kind, Query, Refusal, Row, RowBatch, Store, StoreError, Table,
};
use dacapo_engine::record::{Key, Position};

use crate::fixture::{Fixture, PARTITION, append_batch, append_with, batch, read_all};

pub async fn are_the_same_however_written(it: Fixture) {
    let (mut appender, mut head) = it.writer().await;
    let mut batches = Vec::new();
    for step in 0..6_i64 {
        let mut rows = RowBatch::default();
        // one row is new, one changes its last form
        rows.put(row(Table::ElementInstance, step + 1, step));
        rows.put(row(Table::ElementInstance, (step / 2) + 1, step));
        rows.put(row(Table::Variable, 100 + step % 3, step));
        rows.touch(Key(5 + step.cast_unsigned() % 2), head.position.next());
        batches.push((head.position, rows.clone()));
        head = append_with(&mut appender, head, &["x"], rows).await;
    }
    let inline = dump(&it.store).await;
    assert_eq!(it.store.projected(PARTITION).await.unwrap(), head.position);
    let mut projector = it.store.projector(PARTITION);
    // all again, one by one
    projector.clear().await.unwrap();
    assert_eq!(dump(&it.store).await, Dump::default());
    let ends = batches.iter().skip(1).map(|it| it.0).chain([head.position]);
    for ((from, rows), to) in batches.iter().zip(ends) {
        projector.apply(*from, to, Arc::new(rows.clone())).await.unwrap();
    }
    assert_eq!(dump(&it.store).await, inline);
    // all again, coalesced
    projector.clear().await.unwrap();
    let mut coalesced = RowBatch::default();
    batches.into_iter().for_each(|(_, rows)| coalesced.extend(rows));
    projector.apply(Position(0), head.position, Arc::new(coalesced)).await.unwrap();
    assert_eq!(dump(&it.store).await, inline);
    let loaded = projector.load(Table::Variable, vec![102, 100, 999]).await.unwrap();
    let mut keys: Vec<i64> = loaded.iter().map(Row::key).collect();
    keys.sort_unstable();
    assert_eq!(keys, [100, 102]);
    assert_eq!(read_all(&it.store).await.len(), 6);
}

pub async fn are_fenced(it: Fixture) {
    let (_, _) = it.writer().await;
    let mut projector = it.store.projector(PARTITION);
    let early = projector.apply(Position(2), Position(4), Arc::default()).await;
    assert!(matches!(early, Err(StoreError::ProjectionMoved { expected: 2, found: 0, .. })));
    projector.apply(Position(0), Position(4), Arc::default()).await.unwrap();
    let mut rows = RowBatch::default();
    rows.put(row(Table::Job, 1, 1));
    let mut other = it.store.projector(PARTITION);
    let late = other.apply(Position(0), Position(4), Arc::new(rows.clone())).await;
    assert!(matches!(late, Err(StoreError::ProjectionMoved { expected: 0, found: 4, .. })));
    assert_eq!(it.store.get(PARTITION, Table::Job, Key(1)).await.unwrap(), None);
    other.apply(Position(4), Position(6), Arc::new(rows)).await.unwrap();
    assert!(it.store.get(PARTITION, Table::Job, Key(1)).await.unwrap().is_some());
}

pub async fn fail_the_append_with_them(it: Fixture) {
    let (mut appender, head) = it.writer().await;
    let mut projector = it.store.projector(PARTITION);
    projector.apply(Position(0), Position(9), Arc::default()).await.unwrap();
    let rows = Some(RowBatch::default());
    let appended = appender.append(Arc::new(Batch { rows, ..batch(head, &["a"]) })).await;
    assert!(matches!(appended, Appended::NotDone(Refusal::Refused(_))), "{appended:?}");
    assert_eq!(it.store.head(PARTITION).await.unwrap(), Some(head));
    assert_eq!(read_all(&it.store).await, []);
}

pub async fn survive_nul(it: Fixture) {
    let (mut appender, head) = it.writer().await;
    let mut row = row(Table::Variable, 7, 1);
    row.cells[1] = Cell::from("a\0b");
    let mut rows = RowBatch::default();
    rows.put(row);
    let mut hostile = batch(head, &["a"]);
    hostile.frames[0].tenant = "te\0nant".into();
    append_batch(&mut appender, Batch { rows: Some(rows), ..hostile }).await;
    let found = it.store.get(PARTITION, Table::Variable, Key(7)).await.unwrap().unwrap();
    assert_eq!(found.named("name").as_text(), Some("a\u{fffd}b"));
}

/// Everything in the read model.
#[derive(Debug, Default, PartialEq)]
struct Dump {
    rows: Vec<Row>,
    steps: Vec<Position>,
    projected: Position,
}

async fn dump(store: &Store) -> Dump {
    let mut dump = Dump::default();
    for table in Table::ALL {
        dump.rows.extend(store.search(PARTITION, Query::all(table)).await.unwrap().rows);
    }
    for instance in [5, 6] {
        let all = store.positions_of(PARTITION, Key(instance), Position(0), 99).await.unwrap();
        dump.steps.extend(all);
    }
    dump.projected = store.projected(PARTITION).await.unwrap();
    dump
}

/// Makes a row whose cells depend on a number; every third nullable one is empty.
pub fn row(table: Table, key: i64, number: i64) -> Row {
    let cell = |(index, column): (usize, &dacapo::store::Column)| {
        let salt = number + i64::try_from(index).unwrap();
        match (index, column.kind) {
            (0, _) => Cell::Int(key),
            _ if column.is_nullable && salt % 3 == 0 => Cell::Null,
            (_, Kind::Int) => Cell::Int(salt % 5),
            (_, Kind::Text) => {
                Cell::from(["ä", "b*", "", "C%", "b_"][salt.unsigned_abs() as usize % 5])
            }
            (_, Kind::Bytes) => Cell::Bytes(vec![0, 255, salt.to_le_bytes()[0]].into()),
        }
    };
    let row = Row { table, cells: table.columns().iter().enumerate().map(cell).collect() };
    assert!(row.is_well_formed());
    row
}
