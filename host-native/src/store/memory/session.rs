//! The writer of the memory store.

use std::time::Duration;

use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::wire::Head;

use super::{Memory, Part};
use crate::store::{Batch, Inner, Resolved, Row, RowBatch, Store, StoreError, StoreResult, Table};

/// A writer of the log and of the read model.
#[derive(Debug)]
pub(in crate::store) struct MemorySession {
    store: Store,
}

impl MemorySession {
    pub(in crate::store) const fn new(store: Store) -> Self {
        Self { store }
    }

    fn memory(&self) -> StoreResult<&Memory> {
        match &*self.store.inner {
            Inner::Memory(memory) => Ok(memory),
            Inner::Postgres(_) | Inner::Sqlite(_) => Err(StoreError::Stopped),
        }
    }

    pub(in crate::store) async fn acquire(
        &mut self,
        partition: PartitionId,
        _: &str,
        _: Duration,
    ) -> StoreResult<Head> {
        self.memory()?.with(partition, |part| {
            let head = part.head.as_mut().ok_or(StoreError::NoHead { partition: partition.0 })?;
            head.epoch += 1;
            Ok(*head)
        })
    }

    pub(in crate::store) async fn append(&mut self, batch: &Batch) -> StoreResult<bool> {
        let partition = batch.expected.partition;
        self.memory()?.with(partition, |part| {
            if part.head != Some(batch.expected) {
                return Ok(false);
            }
            if let Some(rows) = &batch.rows {
                part.apply(partition, batch.expected.position, batch.next.position, rows)?;
            }
            part.log.extend(batch.frames.iter().map(|it| (it.position, it.clone())));
            part.inbox.retain(|it| !batch.inbox_done.contains(&it.key));
            part.head = Some(batch.next);
            Ok(true)
        })
    }

    pub(in crate::store) async fn resolve(&mut self, batch: &Batch) -> StoreResult<Resolved> {
        let partition = batch.expected.partition;
        self.memory()?.with(partition, |part| {
            let head = part.head.ok_or(StoreError::NoHead { partition: partition.0 })?;
            let last = batch.frames.last();
            let is_stored = last.is_some_and(|frame| part.log.get(&frame.position) == Some(frame));
            Ok(Resolved { head, is_stored })
        })
    }

    pub(in crate::store) async fn apply(
        &mut self,
        partition: PartitionId,
        from: Position,
        to: Position,
        rows: &RowBatch,
    ) -> StoreResult<()> {
        self.memory()?.with(partition, |part| part.apply(partition, from, to, rows))
    }

    pub(in crate::store) async fn load(
        &mut self,
        partition: PartitionId,
        table: Table,
        keys: &[i64],
    ) -> StoreResult<Vec<Row>> {
        self.memory()?.rows(partition, table, keys).await
    }

    pub(in crate::store) async fn clear(&mut self, partition: PartitionId) -> StoreResult<()> {
        self.memory()?.with(partition, |part| {
            part.rows.clear();
            part.steps.clear();
            part.projected = Position(0);
        });
        Ok(())
    }
}

impl Part {
    fn apply(
        &mut self,
        partition: PartitionId,
        from: Position,
        to: Position,
        rows: &RowBatch,
    ) -> StoreResult<()> {
        if self.projected != from {
            let (expected, found) = (from.0, self.projected.0);
            return Err(StoreError::ProjectionMoved { partition: partition.0, expected, found });
        }
        for row in rows.rows() {
            self.rows.insert((row.table, row.key()), row.clone());
        }
        self.steps.extend(rows.steps());
        self.projected = to;
        Ok(())
    }
}
