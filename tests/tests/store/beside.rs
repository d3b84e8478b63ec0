//! What lives beside the log: snapshots and the inbox.

use std::sync::Arc;

use dacapo::store::{Appended, Batch, InboxKey, RowBatch, SnapshotHead, StoreError};
use dacapo_engine::record::Position;
use dacapo_log::wire::Head;

use crate::fixture::{Fixture, PARTITION, append_with, batch};

pub async fn ignores_snapshots_that_do_not_fit(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let first = append_with(&mut appender, start, &["a"], RowBatch::default()).await;
    let second = append_with(&mut appender, first, &["b"], RowBatch::default()).await;
    let chunks: Vec<Arc<[u8]>> = vec![b"left".as_slice().into(), b"right".as_slice().into()];
    let put = async |head: SnapshotHead, chunks: &[Arc<[u8]>]| {
        it.store.snapshot_put(PARTITION, head, chunks.to_vec()).await.unwrap();
    };
    let newest =
        async |format| it.store.snapshot_newest(PARTITION, format, Position(99)).await.unwrap();
    let good = snapshot(&first);
    assert_eq!(newest(1).await, None);
    put(good, &chunks).await;
    assert_eq!(newest(1).await, Some(good));
    // another hash, a chunk too few, a position inside a frame, another format
    put(SnapshotHead { hash: [9; 32], ..snapshot(&second) }, &chunks).await;
    assert_eq!(newest(1).await, Some(good));
    put(SnapshotHead { parts: 3, ..snapshot(&second) }, &chunks).await;
    assert_eq!(newest(1).await, Some(good));
    put(SnapshotHead { position: Position(3), ..snapshot(&second) }, &chunks).await;
    assert_eq!(newest(1).await, Some(good));
    put(SnapshotHead { format: 2, ..snapshot(&second) }, &chunks).await;
    assert_eq!(newest(1).await, Some(good));
    assert_eq!(newest(2).await.map(|it| it.position), Some(second.position));
    put(snapshot(&second), &chunks).await;
    assert_eq!(newest(1).await, Some(snapshot(&second)));
    let older = it.store.snapshot_newest(PARTITION, 1, Position(3)).await.unwrap();
    assert_eq!(older, Some(good));
    for (part, expected) in [(0, Some(b"left".as_slice())), (1, Some(b"right")), (2, None)] {
        let chunk = it.store.snapshot_chunk(PARTITION, second.position, part).await.unwrap();
        assert_eq!(chunk.as_deref(), expected);
    }
}

pub async fn refuses_snapshots_before_their_rows(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let later = batch(start, &["a"]);
    assert!(matches!(appender.append(Arc::new(later.clone())).await, Appended::Done));
    let head = snapshot(&later.next);
    let early = it.store.snapshot_put(PARTITION, head, vec![]).await;
    assert!(matches!(early, Err(StoreError::SnapshotTooNew { position: 2, projected: 0 })));
    let mut projector = it.store.projector(PARTITION);
    projector.apply(Position(0), later.next.position, Arc::default()).await.unwrap();
    let chunks = vec![Arc::from(b"x".as_slice()), Arc::from(b"y".as_slice())];
    it.store.snapshot_put(PARTITION, head, chunks).await.unwrap();
}

pub async fn prunes_old_snapshots(it: Fixture) {
    let (mut appender, mut head) = it.writer().await;
    let chunks: Vec<Arc<[u8]>> = vec![b"x".as_slice().into(), b"y".as_slice().into()];
    let mut heads = Vec::new();
    for body in ["a", "b", "c"] {
        head = append_with(&mut appender, head, &[body], RowBatch::default()).await;
        it.store.snapshot_put(PARTITION, snapshot(&head), chunks.clone()).await.unwrap();
        heads.push(head);
    }
    assert_eq!(it.store.snapshot_prune(PARTITION, 2).await.unwrap(), 1);
    let oldest = it.store.snapshot_newest(PARTITION, 1, heads[0].position).await.unwrap();
    assert_eq!(oldest, None);
    assert_eq!(it.store.snapshot_chunk(PARTITION, heads[0].position, 0).await.unwrap(), None);
    let kept = it.store.snapshot_newest(PARTITION, 1, heads[1].position).await.unwrap();
    assert_eq!(kept, Some(snapshot(&heads[1])));
}

pub async fn keeps_the_inbox(it: Fixture) {
    it.store.bootstrap(PARTITION, 1).await.unwrap();
    let put = async |id: &str, command: &str| {
        it.store.inbox_put(PARTITION, key(id), command.to_owned()).await
    };
    put("1", r#"{"intent": "a", "x": 1.50}"#).await.unwrap();
    put("2", r#"{"intent": "b"}"#).await.unwrap();
    put("2", r#"{ "intent" : "b" }"#).await.unwrap();
    let other = put("2", r#"{"intent": "c"}"#).await;
    assert!(matches!(other, Err(StoreError::InboxConflict { .. })), "{other:?}");
    // the same id of another tenant is another command
    let foreign = InboxKey { tenant: "other".into(), request_id: "2".into() };
    it.store.inbox_put(PARTITION, foreign, r#"{"intent": "c"}"#.into()).await.unwrap();
    let taken = it.store.inbox_take(PARTITION, 2, vec![]).await.unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!((taken[0].key.clone(), taken[0].attempts), (key("1"), 0));
    assert!(taken[0].created_at_ms > 1_600_000_000_000);
    let known = taken.iter().map(|it| it.key.clone()).collect();
    let rest = it.store.inbox_take(PARTITION, 9, known).await.unwrap();
    assert_eq!(rest.iter().map(|it| &*it.key.tenant).collect::<Vec<_>>(), ["other"]);
    assert_eq!(it.store.inbox_attempt(key("1")).await.unwrap(), 1);
    assert_eq!(it.store.inbox_attempt(key("1")).await.unwrap(), 2);
    assert_eq!(it.store.inbox_take(PARTITION, 1, vec![]).await.unwrap()[0].attempts, 2);
}

pub async fn empties_the_inbox_with_the_append(it: Fixture) {
    let (mut appender, head) = it.writer().await;
    for id in ["1", "2"] {
        it.store.inbox_put(PARTITION, key(id), "{}".into()).await.unwrap();
    }
    let done = |expected: Head| Batch { inbox_done: vec![key("1")], ..batch(expected, &["a"]) };
    let fenced = appender.append(Arc::new(done(Head { epoch: 9, ..head }))).await;
    assert!(matches!(fenced, Appended::NotDone(_)), "{fenced:?}");
    assert_eq!(it.store.inbox_take(PARTITION, 9, vec![]).await.unwrap().len(), 2);
    assert!(matches!(appender.append(Arc::new(done(head))).await, Appended::Done));
    let rest = it.store.inbox_take(PARTITION, 9, vec![]).await.unwrap();
    assert_eq!(rest.iter().map(|it| it.key.clone()).collect::<Vec<_>>(), [key("2")]);
}

fn key(id: &str) -> InboxKey {
    InboxKey { tenant: "<default>".into(), request_id: id.into() }
}

fn snapshot(head: &Head) -> SnapshotHead {
    let Head { position, hash, .. } = *head;
    SnapshotHead { position, hash, digest: [1; 32], format: 1, parts: 2 }
}
