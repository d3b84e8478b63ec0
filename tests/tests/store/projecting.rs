//! The projection: following, catching up, inline and rebuilt, with a fold of the toy machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use dacapo::projection::{Fold, Inline, Lag, Projection, rebuild};
use dacapo::store::{Batch, Cell, Query, Row, RowBatch, Store, Table};
use dacapo_engine::kernel::{AnyEvent, Content, Frame, Outcome};
use dacapo_engine::record::Position;
use dacapo_log::partition::Committed;
use dacapo_log::wire::Head;
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{Add, Event, Subtract, Toy};
use tokio::sync::mpsc;

use crate::fixture::{Fixture, PARTITION, append_batch};

pub async fn gives_the_same_rows_every_way(it: Fixture) {
    let drive = log();
    let (mut appender, start) = it.writer().await;
    let mut inline = Inline::<Counters>::start(&it.store, PARTITION).await.unwrap();
    let mut head = start;
    for batch in batches(&drive, start, 3) {
        let filled = inline.fill(Arc::new(batch)).await.unwrap();
        // asked again, it is the same
        assert_eq!(inline.fill(Arc::clone(&filled)).await.unwrap(), filled);
        head = append_batch(&mut appender, Batch::clone(&filled)).await;
    }
    let expected = rows(&it.store).await;
    assert_eq!(expected, vec![("a".into(), 90), ("b".into(), 7)]);
    assert_eq!(rebuild(&it.store, PARTITION, Counters::default()).await.unwrap(), head.position);
    assert_eq!(rows(&it.store).await, expected);
    // from nothing, all at once, without being told anything
    it.store.projector(PARTITION).clear().await.unwrap();
    let (sender, committed) = mpsc::channel(1);
    let (projection, ended) =
        Projection::start(&it.store, PARTITION, Counters::default(), committed);
    projection.wait_for(head.position, PATIENCE).await.unwrap();
    assert_eq!(rows(&it.store).await, expected);
    drop(sender);
    ended.await.unwrap().unwrap();
}

pub async fn follows_the_log(it: Fixture) {
    let drive = log();
    let (mut appender, start) = it.writer().await;
    let batches = batches(&drive, start, 2);
    let (early, late) = batches.split_at(2);
    for batch in early {
        append_batch(&mut appender, batch.clone()).await;
    }
    let (sender, committed) = mpsc::channel(4);
    let (projection, ended) =
        Projection::start(&it.store, PARTITION, Counters::default(), committed);
    projection.wait_for(early[1].next.position, PATIENCE).await.unwrap();
    for (number, batch) in late.iter().enumerate() {
        append_batch(&mut appender, batch.clone()).await;
        // every third batch is not told, and is found in the log
        if number % 3 != 1 {
            sender.send(told(&drive, batch)).await.unwrap();
            projection.wait_for(batch.next.position, PATIENCE).await.unwrap();
            assert_eq!(it.store.projected(PARTITION).await.unwrap(), batch.next.position);
        }
    }
    // what was told twice is written once
    let last = late.last().unwrap();
    sender.send(told(&drive, last)).await.unwrap();
    let ahead = Position(last.next.position.0 + 1);
    let lag = projection.wait_for(ahead, Duration::from_millis(50)).await;
    assert_eq!(lag, Err(Lag { expected: ahead, found: last.next.position }));
    assert_eq!(rows(&it.store).await, vec![("a".into(), 90), ("b".into(), 7)]);
    drop(sender);
    ended.await.unwrap().unwrap();
}

fn log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    for amount in [10, 20, 30, 40] {
        drive.send(Add { name: "a".into(), amount });
    }
    drive.send(Subtract { name: "a".into(), amount: 1_000 });
    drive.send(Add { name: "b".into(), amount: 7 });
    drive.send(Subtract { name: "a".into(), amount: 10 });
    drive
}

fn batches(drive: &Drive<Toy>, start: Head, size: usize) -> Vec<Batch> {
    let mut head = start;
    let batch = |frames: &[dacapo_log::wire::StoredFrame]| {
        let last = frames.last().unwrap();
        let position = last.position.plus(u64::from(last.count) - 1);
        let next = Head { position, hash: last.hash, ..head };
        let frames = frames.to_vec();
        let batch = Batch { expected: head, next, frames, inbox_done: vec![], rows: None };
        head = next;
        batch
    };
    drive.stored.chunks(size).map(batch).collect()
}

fn told(drive: &Drive<Toy>, batch: &Batch) -> Committed<Toy> {
    let is_in = |it: &&Frame<Toy>| {
        it.header.position > batch.expected.position && it.header.position <= batch.next.position
    };
    let frames = drive.frames.iter().filter(is_in).cloned().map(Arc::new).collect();
    Committed { frames, stored: batch.frames.clone().into(), head: batch.next }
}

async fn rows(store: &Store) -> Vec<(String, i64)> {
    let found = store.search(PARTITION, Query::all(Table::Variable)).await.unwrap();
    let pair = |row: &Row| {
        let name = row.named("name").as_text().unwrap().to_owned();
        (name, row.named("value").as_text().unwrap().parse().unwrap())
    };
    found.rows.iter().map(pair).collect()
}

/// Counters as variables: created, added to, subtracted from.
#[derive(Default)]
struct Counters {
    rows: BTreeMap<i64, Row>,
    changed: RowBatch,
}

impl Fold for Counters {
    type Machine = Toy;

    fn needs(&self, frames: &[Arc<Frame<Toy>>]) -> Vec<(Table, i64)> {
        let all: Vec<_> = frames.iter().flat_map(|frame| changes(frame)).collect();
        let is_new = |key: i64| all.iter().any(|it| it.0 == key && it.1.is_some());
        let keys: BTreeSet<i64> = all.iter().map(|it| it.0).collect();
        let missing = keys.into_iter().filter(|key| !is_new(*key) && !self.rows.contains_key(key));
        missing.map(|key| (Table::Variable, key)).collect()
    }

    fn load(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows.into_iter().map(|row| (row.key(), row)));
    }

    fn fold(&mut self, frame: &Frame<Toy>) -> Result<(), String> {
        for (key, name, amount) in changes(frame) {
            let cells = |name: Arc<str>| {
                vec![
                    key.into(),
                    name.into(),
                    "0".into(),
                    1.into(),
                    1.into(),
                    "<default>".into(),
                    1.into(),
                ]
            };
            if let Some(name) = name {
                self.rows.insert(key, Row { table: Table::Variable, cells: cells(name) });
            }
            let row = self.rows.get_mut(&key).ok_or("found none")?;
            let value: i64 = row.cells[2].as_text().unwrap().parse().unwrap();
            row.cells[2] = Cell::text((value + amount).to_string());
            self.changed.put(row.clone());
        }
        Ok(())
    }

    fn take(&mut self) -> RowBatch {
        // forgets everything, so that every change has to load
        self.rows.clear();
        std::mem::take(&mut self.changed)
    }
}

/// Lists key, name if created, and change of the counters that a frame is about.
fn changes(frame: &Frame<Toy>) -> Vec<(i64, Option<Arc<str>>, i64)> {
    let Content::Step(_, Outcome::Events(events)) = &frame.content else { return Vec::new() };
    let mut changes = Vec::new();
    for record in events {
        let key = record.key.0.cast_signed();
        match &record.event {
            AnyEvent::Machine(Event::Created(it)) => changes.push((key, Some(it.name.clone()), 0)),
            AnyEvent::Machine(Event::Added(it)) => {
                changes.push((key, None, it.amount.cast_signed()))
            }
            AnyEvent::Machine(Event::Subtracted(it)) => {
                changes.push((key, None, -it.amount.cast_signed()))
            }
            _ => {}
        }
    }
    changes
}

const PATIENCE: Duration = Duration::from_secs(20);
