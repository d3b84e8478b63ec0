//! Stores to test, and frames to put into them.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use dacapo::store::{Appended, Appender, Batch, Names, RowBatch, Store, StoreOptions};
use dacapo_engine::record::{PartitionId, Position, Timestamp};
use dacapo_log::wire::{Head, OutcomeKind, StoredFrame};
use dacapo_tests::postgres;
use dacapo_tests::toy::{FIELDS, Toy};

/// Which store.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Memory,
    Sqlite,
    Postgres,
}

/// A store of its own for one test.
pub struct Fixture {
    pub store: Store,
    pub url: String,
    _directory: Option<tempfile::TempDir>,
}

pub const PARTITION: PartitionId = PartitionId(3);
pub const TTL: Duration = Duration::from_secs(10);

/// Runs a case on a fresh store for logs of counters.
pub fn run<F: Future<Output = ()>>(kind: Kind, case: impl FnOnce(Fixture) -> F) {
    run_named(kind, names(), case);
}

/// Runs a case on a fresh store for logs with these names.
pub fn run_named<F: Future<Output = ()>>(
    kind: Kind,
    names: Names,
    case: impl FnOnce(Fixture) -> F,
) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let fixture = Fixture::new(kind, names).await;
        let store = fixture.store.clone();
        case(fixture).await;
        store.close().await;
    });
}

impl Fixture {
    async fn new(kind: Kind, names: Names) -> Self {
        let mut directory = None;
        let url = match kind {
            Kind::Memory => "memory:".to_owned(),
            Kind::Sqlite => {
                let fresh = directory.insert(tempfile::tempdir().unwrap());
                format!("sqlite:{}", fresh.path().join("dacapo.db").display())
            }
            Kind::Postgres => postgres_url(),
        };
        let store = Store::open(StoreOptions::new(url.clone(), names)).await.unwrap();
        Self { store, url, _directory: directory }
    }

    /// Takes the partition for a writer.
    pub async fn writer(&self) -> (Appender, Head) {
        self.store.bootstrap(PARTITION, 1).await.unwrap();
        let mut appender = self.store.appender(PARTITION);
        let head = appender.acquire("here".into(), TTL).await.unwrap();
        (appender, head)
    }
}

/// A fresh database, copied from one that was migrated already.
pub fn postgres_url() -> String {
    static TEMPLATE: LazyLock<String> = LazyLock::new(|| {
        let cluster = postgres::shared();
        let database = cluster.database();
        let url = cluster.url("dacapo", &database);
        let open = async move {
            let store = Store::open(StoreOptions::new(url, names())).await.unwrap();
            store.close().await;
        };
        // not inside the runtime of the test that came first
        let open = move || tokio::runtime::Runtime::new().unwrap().block_on(open);
        std::thread::spawn(open).join().unwrap();
        database
    });
    let database = postgres::shared().copy_of(&TEMPLATE);
    postgres::shared().url("dacapo", &database)
}

/// The name of the database in an address.
pub fn database_of(url: &str) -> &str {
    url.split('?').next().unwrap().rsplit('/').next().unwrap()
}

pub fn names() -> Names {
    Names::of::<Toy>(&FIELDS)
}

/// Makes a frame of `count` records after a head.
pub fn frame(head: &Head, count: u32, body: &[u8]) -> StoredFrame {
    let leaf = blake3::hash(body);
    let hash = blake3::hash(&[head.hash.as_slice(), leaf.as_bytes()].concat());
    let position = head.position.next();
    StoredFrame {
        position,
        count,
        tenant: "<default>".into(),
        intent: "counter.add",
        timestamp: Timestamp(1_000 + position.0.cast_signed()),
        outcome: OutcomeKind::Events,
        body: body.into(),
        hash: hash.into(),
    }
}

/// Makes a batch of frames with these bodies, two records each.
pub fn batch(expected: Head, bodies: &[&str]) -> Batch {
    let mut next = expected;
    let mut frames = Vec::new();
    for body in bodies {
        let frame = frame(&next, 2, body.as_bytes());
        next.position = frame.position.next();
        next.hash = frame.hash;
        frames.push(frame);
    }
    Batch { expected, next, frames, inbox_done: Vec::new(), rows: None }
}

/// Appends frames with these bodies and returns the head after them.
pub async fn append(appender: &mut Appender, head: Head, bodies: &[&str]) -> Head {
    append_batch(appender, batch(head, bodies)).await
}

/// Appends frames together with rows and returns the head after them.
pub async fn append_with(
    appender: &mut Appender,
    head: Head,
    bodies: &[&str],
    rows: RowBatch,
) -> Head {
    append_batch(appender, Batch { rows: Some(rows), ..batch(head, bodies) }).await
}

pub async fn append_batch(appender: &mut Appender, batch: Batch) -> Head {
    let next = batch.next;
    let appended = appender.append(Arc::new(batch)).await;
    assert!(matches!(appended, Appended::Done), "{appended:?}");
    next
}

/// Reads the whole log.
pub async fn read_all(store: &Store) -> Vec<StoredFrame> {
    store.read(PARTITION, Position::FIRST, Position(Position::END), 10_000).await.unwrap()
}
