//! A store that lasts as long as the process: for tests, and the measure that the databases are held to.

mod session;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dacapo_engine::record::{Key, PartitionId, Position};
use dacapo_log::wire::{Hash, Head, OutcomeKind, StoredFrame};

use super::{
    ElementStatistics, Filter, Found, InboxCommand, InboxKey, Query, Row, SnapshotHead, StoreError,
    StoreResult, Table, search,
};

pub(super) use session::MemorySession;

/// The store.
#[derive(Debug, Default)]
pub(super) struct Memory {
    partitions: Mutex<BTreeMap<PartitionId, Part>>,
}

/// What a partition has.
#[derive(Debug, Default)]
struct Part {
    head: Option<Head>,
    log: BTreeMap<Position, StoredFrame>,
    inbox: Vec<InboxCommand>,
    snapshots: BTreeMap<Position, (SnapshotHead, Vec<Chunk>)>,
    projected: Position,
    rows: BTreeMap<(Table, i64), Row>,
    steps: BTreeSet<(i64, i64)>,
}

type Chunk = (Arc<[u8]>, Hash);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<PartitionId, Part>> {
        self.partitions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, partition: PartitionId, f: impl FnOnce(&mut Part) -> T) -> T {
        f(self.lock().entry(partition).or_default())
    }

    pub(super) async fn bootstrap(
        &self,
        partition: PartitionId,
        incarnation: u32,
    ) -> StoreResult<Head> {
        let empty = Head { partition, incarnation, epoch: 0, position: Position(0), hash: [0; 32] };
        Ok(self.with(partition, |part| *part.head.get_or_insert(empty)))
    }

    pub(super) async fn head(&self, partition: PartitionId) -> StoreResult<Option<Head>> {
        Ok(self.with(partition, |part| part.head))
    }

    pub(super) async fn renew(&self, _: PartitionId, _: &str, _: Duration) -> StoreResult<bool> {
        Ok(true)
    }

    pub(super) async fn release(&self, _: PartitionId, _: &str) -> StoreResult<()> {
        Ok(())
    }

    pub(super) async fn read(
        &self,
        partition: PartitionId,
        from: Position,
        to: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        if from > to {
            return Ok(Vec::new());
        }
        let frames = |part: &mut Part| {
            part.log.range(from..=to).take(limit as usize).map(|it| it.1.clone()).collect()
        };
        Ok(self.with(partition, frames))
    }

    pub(super) async fn refused(
        &self,
        partition: PartitionId,
        before: Position,
        limit: u32,
    ) -> StoreResult<Vec<StoredFrame>> {
        let frames = |part: &mut Part| {
            let older = part.log.range(..before).rev().map(|it| it.1);
            let refused = older.filter(|it| it.outcome == OutcomeKind::Rejection);
            refused.take(limit as usize).cloned().collect()
        };
        Ok(self.with(partition, frames))
    }

    pub(super) async fn read_last(
        &self,
        partition: PartitionId,
        position: Position,
    ) -> StoreResult<Option<StoredFrame>> {
        let last = |part: &mut Part| part.log.range(..=position).next_back().map(|it| it.1.clone());
        Ok(self.with(partition, last))
    }

    pub(super) async fn inbox_put(
        &self,
        partition: PartitionId,
        key: &InboxKey,
        command: &str,
    ) -> StoreResult<()> {
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        self.with(partition, |part| match part.inbox.iter().find(|it| it.key == *key) {
            Some(it) if parsed(&it.command) == parsed(command) => Ok(()),
            Some(_) => Err(StoreError::InboxConflict { request_id: key.request_id.to_string() }),
            None => {
                part.inbox.push(InboxCommand {
                    key: key.clone(),
                    command: command.to_owned(),
                    attempts: 0,
                    created_at_ms: now_ms(),
                });
                Ok(())
            }
        })
    }

    pub(super) async fn inbox_take(
        &self,
        partition: PartitionId,
        limit: u32,
        known: &[InboxKey],
    ) -> StoreResult<Vec<InboxCommand>> {
        let take = |part: &mut Part| {
            let fresh = part.inbox.iter().filter(|it| !known.contains(&it.key));
            fresh.take(limit as usize).cloned().collect()
        };
        Ok(self.with(partition, take))
    }

    pub(super) async fn inbox_attempt(&self, key: &InboxKey) -> StoreResult<u32> {
        let mut partitions = self.lock();
        let mut waiting = partitions.values_mut().flat_map(|part| &mut part.inbox);
        let found = waiting.find(|it| it.key == *key);
        Ok(found.map_or(0, |it| {
            it.attempts += 1;
            it.attempts
        }))
    }

    pub(super) async fn snapshot_put(
        &self,
        partition: PartitionId,
        head: &SnapshotHead,
        chunks: &[Arc<[u8]>],
    ) -> StoreResult<()> {
        let hashed = |body: &Arc<[u8]>| (Arc::clone(body), *blake3::hash(body).as_bytes());
        let chunks = chunks.iter().map(hashed).collect();
        self.with(partition, |part| part.snapshots.insert(head.position, (*head, chunks)));
        Ok(())
    }

    pub(super) async fn snapshot_list(
        &self,
        partition: PartitionId,
    ) -> StoreResult<Vec<SnapshotHead>> {
        let complete = |part: &mut Part| {
            let all = part.snapshots.values().rev();
            all.filter(|it| it.1.len() == it.0.parts as usize).map(|it| it.0).collect()
        };
        Ok(self.with(partition, complete))
    }

    pub(super) async fn snapshot_chunk(
        &self,
        partition: PartitionId,
        position: Position,
        number: u32,
    ) -> StoreResult<Option<(Arc<[u8]>, Hash)>> {
        let chunk = |part: &mut Part| {
            part.snapshots.get(&position).and_then(|it| it.1.get(number as usize)).cloned()
        };
        Ok(self.with(partition, chunk))
    }

    pub(super) async fn snapshot_prune(
        &self,
        partition: PartitionId,
        keep: u32,
    ) -> StoreResult<u64> {
        self.with(partition, |part| {
            let mut removed = 0;
            while part.snapshots.len() > keep as usize && part.snapshots.pop_first().is_some() {
                removed += 1;
            }
            Ok(removed)
        })
    }

    pub(super) async fn projected(&self, partition: PartitionId) -> StoreResult<Position> {
        Ok(self.with(partition, |part| part.projected))
    }

    pub(super) async fn rows(
        &self,
        partition: PartitionId,
        table: Table,
        keys: &[i64],
    ) -> StoreResult<Vec<Row>> {
        let load = |part: &mut Part| {
            keys.iter().filter_map(|key| part.rows.get(&(table, *key)).cloned()).collect()
        };
        Ok(self.with(partition, load))
    }

    pub(super) async fn search(&self, partition: PartitionId, query: &Query) -> StoreResult<Found> {
        Ok(self.with(partition, |part| search::search(query, &|table| part.of(table))))
    }

    pub(super) async fn element_statistics(
        &self,
        partition: PartitionId,
        filter: &Filter,
    ) -> StoreResult<Vec<ElementStatistics>> {
        Ok(self.with(partition, |part| search::tally(filter, &|table| part.of(table))))
    }

    pub(super) async fn variables_of(
        &self,
        partition: PartitionId,
        scopes: &[Key],
    ) -> StoreResult<Vec<Row>> {
        let is_in = |row: &&Row| {
            let scope = row.named("scope_key").as_int();
            scopes.iter().any(|it| scope == Some(it.0.cast_signed()))
        };
        let find =
            |part: &mut Part| part.of(Table::Variable).into_iter().filter(is_in).cloned().collect();
        Ok(self.with(partition, find))
    }

    pub(super) async fn positions_of(
        &self,
        partition: PartitionId,
        instance: Key,
        after: Position,
        limit: u32,
    ) -> StoreResult<Vec<Position>> {
        let instance = instance.0.cast_signed();
        let range = (instance, after.0.cast_signed() + 1)..=(instance, i64::MAX);
        let find = |part: &mut Part| {
            let steps = part.steps.range(range).take(limit as usize);
            steps.map(|(_, position)| Position(position.cast_unsigned())).collect()
        };
        Ok(self.with(partition, find))
    }
}

impl Part {
    fn of(&self, table: Table) -> Vec<&Row> {
        self.rows.range((table, i64::MIN)..=(table, i64::MAX)).map(|(_, row)| row).collect()
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
