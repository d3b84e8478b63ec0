//! The rows of processes: every section of the spec suites, folded whole in memory, is the measure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dacapo::projection::{Fold, Inline, ProcessFold, rebuild};
use dacapo::store::{Batch, Names, Query, Row, RowBatch, Store, Table};
use dacapo_engine::kernel::Frame;
use dacapo_engine::process::{FIELDS, Process};
use dacapo_engine::record::{Key, Position};
use dacapo_log::wire::{Head, StoredFrame};
use dacapo_tests::spec::markdown::{Section, sections};
use dacapo_tests::spec::script::lines;
use dacapo_tests::spec::world::World;

use crate::fixture::{Fixture, Kind, PARTITION, append_batch, run_named};

/// P18, D2, DESIGN §8: inline and frame by frame, with nothing kept in memory, or rebuilt at once: the same rows.
#[test]
fn memory_holds_the_rows_of_every_suite() {
    hold(Kind::Memory, usize::MAX);
}

/// The same on SQLite.
#[test]
fn sqlite_holds_the_rows_of_every_suite() {
    hold(Kind::Sqlite, 40);
}

/// The same on PostgreSQL, for the longest logs.
#[test]
fn postgres_holds_the_rows_of_the_longest_suites() {
    hold(Kind::Postgres, 10);
}

fn hold(kind: Kind, most: usize) {
    let mut logs: Vec<(String, World)> = suites().iter().flat_map(|path| worlds(path)).collect();
    assert!(logs.len() > 20, "only {} sections", logs.len());
    logs.sort_by_key(|(_, world)| std::cmp::Reverse(world.drive.stored.len()));
    let mut seen = [0; Table::ALL.len()];
    for (number, (title, world)) in logs.iter().enumerate() {
        let rows = measure(world);
        let is_new = rows.rows().any(|row| seen[row.table as usize] == 0);
        if number >= most && !is_new {
            continue;
        }
        rows.rows().for_each(|row| seen[row.table as usize] += 1);
        run_named(kind, Names::of::<Process>(FIELDS), async |it: Fixture| {
            compare(&it, title, world).await
        });
    }
    assert!(seen.iter().all(|it| *it > 0), "some table has no row: {seen:?}");
}

async fn compare(it: &Fixture, title: &str, world: &World) {
    let expected = measure(world);
    let (mut appender, mut head) = it.writer().await;
    let mut inline = Inline::<Forgetful>::start(&it.store, PARTITION).await.unwrap();
    for stored in &world.drive.stored {
        let filled = inline.fill(Arc::new(one(head, stored))).await;
        let filled = filled.unwrap_or_else(|error| panic!("{title}: {error}"));
        head = append_batch(&mut appender, Batch::clone(&filled)).await;
    }
    assert_eq!(dump(&it.store, &expected).await, expected, "{title}, inline");
    rebuild(&it.store, PARTITION, ProcessFold::default()).await.unwrap();
    assert_eq!(dump(&it.store, &expected).await, expected, "{title}, rebuilt");
}

/// Folds a whole log in memory, where nothing ever has to be loaded.
fn measure(world: &World) -> RowBatch {
    let mut fold = ProcessFold::default();
    let frames: Vec<_> = world.drive.frames.iter().cloned().map(Arc::new).collect();
    assert_eq!(fold.needs(&frames), []);
    frames.iter().for_each(|frame| fold.fold(frame).unwrap());
    let rows = fold.take();
    assert!(rows.rows().all(Row::is_well_formed));
    rows
}

/// Reads everything back.
async fn dump(store: &Store, expected: &RowBatch) -> RowBatch {
    let mut found = RowBatch::default();
    for table in Table::ALL {
        let query = Query {
            page: dacapo::store::Page { limit: 10_000, ..Query::all(table).page },
            ..Query::all(table)
        };
        for row in store.search(PARTITION, query).await.unwrap().rows {
            // a search leaves out the bytes
            let key = Key(row.key().cast_unsigned());
            found.put(store.get(PARTITION, table, key).await.unwrap().unwrap());
        }
    }
    let instances: std::collections::BTreeSet<i64> = expected.steps().map(|it| it.0).collect();
    for instance in instances {
        let instance = Key(instance.cast_unsigned());
        for position in store.positions_of(PARTITION, instance, Position(0), 10_000).await.unwrap()
        {
            found.touch(instance, position);
        }
    }
    found
}

fn one(expected: Head, stored: &StoredFrame) -> Batch {
    let position = stored.position.plus(u64::from(stored.count) - 1);
    let next = Head { position, hash: stored.hash, ..expected };
    Batch { expected, next, frames: vec![stored.clone()], inbox_done: vec![], rows: None }
}

fn worlds(path: &Path) -> Vec<(String, World)> {
    let text = std::fs::read_to_string(path).unwrap();
    sections(&text).iter().filter_map(world).collect()
}

/// Runs a section; one that does not run is another test's business.
fn world(section: &Section) -> Option<(String, World)> {
    let run = || {
        let mut world = World::new(&section.processes);
        lines(&section.run).iter().for_each(|line| world.run(line));
        world
    };
    let world = catch_unwind(AssertUnwindSafe(run)).ok()?;
    Some((section.title.clone(), world))
}

fn suites() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("spec")];
    let mut suites = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|it| it.to_str()) {
                Some("md") => suites.push(path),
                None if path.is_dir() => folders.push(path),
                _ => {}
            }
        }
    }
    suites.sort();
    suites
}

/// Keeps nothing in memory, so that everything that a batch needs is loaded.
#[derive(Default)]
struct Forgetful(ProcessFold);

impl Fold for Forgetful {
    type Machine = Process;

    fn needs(&self, frames: &[Arc<Frame<Process>>]) -> Vec<(Table, i64)> {
        self.0.needs(frames)
    }

    fn load(&mut self, rows: Vec<Row>) {
        self.0.load(rows);
    }

    fn fold(&mut self, frame: &Frame<Process>) -> Result<(), String> {
        self.0.fold(frame)
    }

    fn take(&mut self) -> RowBatch {
        std::mem::take(&mut self.0).take()
    }
}
