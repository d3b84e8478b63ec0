//! Appending to the log and reading it.

use std::sync::Arc;

use dacapo::store::{Appended, Batch, Refusal, Resolved, StoreError};
use dacapo_engine::record::{PartitionId, Position, Timestamp};
use dacapo_log::wire::{Head, OutcomeKind};

use crate::fixture::{Fixture, PARTITION, TTL, append, append_batch, batch, frame, read_all};

pub async fn reads_what_was_appended(it: Fixture) {
    assert_eq!(it.store.head(PARTITION).await.unwrap(), None);
    let (mut appender, start) = it.writer().await;
    assert_eq!((start.position, start.epoch, start.incarnation), (Position(0), 1, 1));
    let first = batch(start, &["a", "b"]);
    let second = batch(first.next, &["c"]);
    for batch in [&first, &second] {
        assert!(matches!(appender.append(Arc::new(batch.clone())).await, Appended::Done));
    }
    let all = [first.frames, second.frames].concat();
    assert_eq!(read_all(&it.store).await, all);
    assert_eq!(it.store.head(PARTITION).await.unwrap(), Some(second.next));
    let middle = it.store.read(PARTITION, Position(3), Position(4), 10).await.unwrap();
    assert_eq!(middle, all[1..2]);
    let limited = it.store.read(PARTITION, Position(1), Position(99), 2).await.unwrap();
    assert_eq!(limited, all[..2]);
    for (position, expected) in
        [(3, Some(&all[1])), (4, Some(&all[1])), (6, Some(&all[2])), (7, None)]
    {
        let found = it.store.read_one(PARTITION, Position(position)).await.unwrap();
        assert_eq!(found.as_ref(), expected, "at {position}");
    }
    let mut reading = it.store.reading(PARTITION, Position(1), second.next.position);
    let mut read = Vec::new();
    while let chunk = reading.next(1).await.unwrap()
        && !chunk.is_empty()
    {
        read.extend(chunk);
    }
    assert_eq!(read, all);
}

pub async fn finds_what_was_refused(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let mut batch = batch(start, &["a", "b", "c", "d", "e"]);
    for refused in [1, 2, 4] {
        batch.frames[refused].outcome = OutcomeKind::Rejection;
    }
    append_batch(&mut appender, batch.clone()).await;
    let refused =
        async |before, limit| it.store.refused(PARTITION, Position(before), limit).await.unwrap();
    let [b, c, e] = [1, 2, 4].map(|at: usize| batch.frames[at].clone());
    assert_eq!(refused(u64::MAX, 9).await, [e.clone(), c.clone(), b.clone()]);
    assert_eq!(refused(u64::MAX, 2).await, [e.clone(), c.clone()]);
    assert_eq!(refused(e.position.0, 9).await, [c, b.clone()]);
    assert_eq!(refused(b.position.0, 9).await, []);
}

pub async fn refuses_another_head(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let head = append(&mut appender, start, &["a"]).await;
    let wrong = [
        Head { epoch: head.epoch + 1, ..head },
        Head { epoch: head.epoch - 1, ..head },
        Head { incarnation: 2, ..head },
        Head { hash: [7; 32], ..head },
        Head { position: Position(4), ..head },
        start,
    ];
    for expected in wrong {
        let appended = appender.append(Arc::new(batch(expected, &["x"]))).await;
        let Appended::NotDone(Refusal::Fenced { found, .. }) = appended else {
            panic!("{expected:?}: {appended:?}")
        };
        assert_eq!(*found, head);
    }
    assert_eq!(read_all(&it.store).await.len(), 1);
    // the writer itself is as good as before
    append(&mut appender, head, &["b"]).await;
}

pub async fn takes_the_same_batch_again(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let first = Arc::new(batch(start, &["a", "b"]));
    for _ in 0..3 {
        assert!(matches!(appender.append(Arc::clone(&first)).await, Appended::Done));
    }
    let head = append(&mut appender, first.next, &["c"]).await;
    assert!(matches!(appender.append(first).await, Appended::Done));
    assert_eq!(read_all(&it.store).await.len(), 3);
    assert_eq!(it.store.head(PARTITION).await.unwrap(), Some(head));
}

pub async fn lets_one_of_twenty_win(it: Fixture) {
    let (_, start) = it.writer().await;
    let mut tasks = Vec::new();
    for number in 0..20 {
        let store = it.store.clone();
        tasks.push(tokio::spawn(async move {
            let mut appender = store.appender(PARTITION);
            let mine = Arc::new(batch(start, &[&format!("writer {number}")]));
            (mine.clone(), appender.append(mine).await)
        }));
    }
    let (mut won, mut fenced) = (Vec::new(), 0);
    for task in tasks {
        match task.await.unwrap() {
            (batch, Appended::Done) => won.push(batch),
            (_, Appended::NotDone(Refusal::Fenced { .. })) => fenced += 1,
            (_, other) => panic!("{other:?}"),
        }
    }
    assert_eq!((won.len(), fenced), (1, 19));
    assert_eq!(read_all(&it.store).await, won[0].frames);
}

pub async fn fences_the_overtaken(it: Fixture) {
    let (mut old, start) = it.writer().await;
    let head = append(&mut old, start, &["a"]).await;
    let mut new = it.store.appender(PARTITION);
    let taken = new.acquire("here".into(), TTL).await.unwrap();
    assert_eq!(taken, Head { epoch: head.epoch + 1, ..head });
    let late = old.append(Arc::new(batch(head, &["late"]))).await;
    assert!(matches!(late, Appended::NotDone(Refusal::Fenced { .. })), "{late:?}");
    append(&mut new, taken, &["b"]).await;
    let bodies: Vec<_> = read_all(&it.store).await.iter().map(|it| it.body.to_vec()).collect();
    assert_eq!(bodies, [b"a", b"b"]);
}

pub async fn shows_a_prefix_to_readers(it: Fixture) {
    let (mut appender, mut head) = it.writer().await;
    let store = it.store.clone();
    let reader = tokio::spawn(async move {
        let mut longest = Vec::new();
        for _ in 0..200 {
            let frames = read_all(&store).await;
            assert!(frames.len() >= longest.len() && frames[..longest.len()] == longest[..]);
            assert_eq!(frames.first().map_or(Position(1), |it| it.position), Position(1));
            longest = frames;
        }
    });
    for number in 0..100 {
        head = append(&mut appender, head, &[&format!("{number} a"), &format!("{number} b")]).await;
    }
    reader.await.unwrap();
    assert_eq!(read_all(&it.store).await.len(), 200);
}

pub async fn refuses_a_gap(it: Fixture) {
    let (mut appender, head) = it.writer().await;
    let good = batch(head, &["a", "b"]);
    let cases: [fn(&mut Batch); 6] = [
        |it| drop(it.frames.remove(0)),
        |it| it.frames[0].count = 3,
        |it| it.frames[0].count = 0,
        |it| it.frames.clear(),
        |it| it.next.hash = [0; 32],
        |it| it.next.epoch += 1,
    ];
    for (number, spoil) in cases.iter().enumerate() {
        let mut bad = good.clone();
        spoil(&mut bad);
        let appended = appender.append(Arc::new(bad)).await;
        let is_malformed = matches!(appended, Appended::NotDone(Refusal::Malformed { .. }));
        assert!(is_malformed, "case {number}: {appended:?}");
    }
    assert_eq!(it.store.head(PARTITION).await.unwrap(), Some(head));
}

pub async fn resolves_doubt(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let first = Arc::new(batch(start, &["a"]));
    let resolved = appender.resolve(Arc::clone(&first)).await.unwrap();
    assert_eq!(resolved, Resolved { head: start, is_stored: false });
    assert!(matches!(appender.append(Arc::clone(&first)).await, Appended::Done));
    let resolved = appender.resolve(Arc::clone(&first)).await.unwrap();
    assert_eq!(resolved, Resolved { head: first.next, is_stored: true });
    let other = Arc::new(batch(start, &["b"]));
    let resolved = appender.resolve(other).await.unwrap();
    assert_eq!(resolved, Resolved { head: first.next, is_stored: false });
    // another writer took over and went on: the first batch is stored all the same
    let (mut next, taken) = it.writer().await;
    append(&mut next, taken, &["c"]).await;
    assert!(appender.resolve(first).await.unwrap().is_stored);
}

pub async fn finds_positions_by_time(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    let mut first = batch(start, &["a", "b", "c", "d"]);
    for (frame, time) in first.frames.iter_mut().zip([100, 100, 200, 300]) {
        frame.timestamp = Timestamp(time);
    }
    assert!(matches!(appender.append(Arc::new(first)).await, Appended::Done));
    for (time, expected) in
        [(99, None), (100, Some(3)), (199, Some(3)), (200, Some(5)), (999, Some(7))]
    {
        let found = it.store.position_at(PARTITION, Timestamp(time)).await.unwrap();
        assert_eq!(found, expected.map(Position), "at {time}");
    }
}

pub async fn keeps_partitions_apart(it: Fixture) {
    let (mut appender, start) = it.writer().await;
    append(&mut appender, start, &["a"]).await;
    let other = PartitionId(511);
    let mut writer = it.store.appender(other);
    let missing = writer.acquire("here".into(), TTL).await;
    assert!(matches!(missing, Err(StoreError::NoHead { partition: 511 })), "{missing:?}");
    it.store.bootstrap(other, 7).await.unwrap();
    let head = writer.acquire("here".into(), TTL).await.unwrap();
    assert_eq!((head.incarnation, head.epoch, head.position), (7, 1, Position(0)));
    let only = frame(&head, 1, b"other");
    let next = Head { position: only.position, hash: only.hash, ..head };
    let mine = Batch { next, frames: vec![only.clone()], ..batch(head, &["x"]) };
    assert!(matches!(writer.append(Arc::new(mine)).await, Appended::Done));
    assert_eq!(read_all(&it.store).await.len(), 1);
    let theirs = it.store.read(other, Position(1), Position(9), 9).await.unwrap();
    assert_eq!(theirs, [only]);
}
