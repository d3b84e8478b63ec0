//! Following the committed log: what came together is folded together and written once.

use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::kernel::Frame;
use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::partition::Committed;
use dacapo_log::wire;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::gather::{self, Load};
use super::{Fold, Projection, ProjectionError};
use crate::store::{Projector, Row, RowBatch, Store, StoreError, Table};

impl Projection {
    /// Starts to write the read model of a partition: catches up with the log, then follows what is committed, until nobody
    /// tells any more. The task ends with an error if the read model cannot be written any more.
    pub fn start<F>(
        store: &Store,
        partition: PartitionId,
        fold: F,
        committed: mpsc::Receiver<Committed<F::Machine>>,
    ) -> (Self, JoinHandle<Result<(), ProjectionError>>)
    where
        F: Fold,
        Frame<F::Machine>: Send + Sync,
    {
        let (sender, reached) = watch::channel(Position(0));
        let writer = Writer::new(store, partition, fold, sender);
        let task = tokio::spawn(async move {
            let ended = writer.run(committed).await;
            if let Err(error) = &ended {
                tracing::error!(%error, "the read model is not written any more");
            }
            ended
        });
        (Self { reached }, task)
    }
}

/// Folds frames in order and writes the rows.
pub(super) struct Writer<F: Fold> {
    fold: F,
    projector: Projector,
    /// Where the written rows are.
    written: Position,
    /// Where the folded rows are.
    folded: Position,
    reached: watch::Sender<Position>,
}

impl<F> Writer<F>
where
    F: Fold,
    Frame<F::Machine>: Send + Sync,
{
    pub(super) fn new(
        store: &Store,
        partition: PartitionId,
        fold: F,
        reached: watch::Sender<Position>,
    ) -> Self {
        let (written, folded) = (Position(0), Position(0));
        Self { fold, projector: store.projector(partition), written, folded, reached }
    }

    async fn run(
        mut self,
        mut committed: mpsc::Receiver<Committed<F::Machine>>,
    ) -> Result<(), ProjectionError> {
        self.begin().await?;
        let mut together = Vec::new();
        while committed.recv_many(&mut together, COMMITS_MAX).await > 0 {
            let frames = together.drain(..).flat_map(|it| it.frames.to_vec()).collect();
            self.take(frames).await?;
        }
        Ok(())
    }

    /// Finds where the read model is, and catches up with the log.
    pub(super) async fn begin(&mut self) -> Result<(), ProjectionError> {
        let partition = self.projector.partition();
        let store = self.projector.store().clone();
        let head = store.head(partition).await?.map_or(Position(0), |it| it.position);
        self.written = store.projected(partition).await?;
        if self.written > head {
            tracing::warn!(
                "the read model is ahead of the log, which lost its tail: rebuilding it"
            );
            self.projector.clear().await?;
            self.written = Position(0);
        }
        self.folded = self.written;
        self.reached.send_replace(self.written);
        self.catch_up(head).await
    }

    async fn take(&mut self, mut frames: Frames<F>) -> Result<(), ProjectionError> {
        frames.retain(|it| it.header.position > self.folded);
        let Some(first) = frames.first().map(|it| it.header.position) else { return Ok(()) };
        if first > self.folded.next() {
            // committed before this task was told
            self.catch_up(Position(first.0 - 1)).await?;
        }
        self.fold(frames).await
    }

    /// Folds the log up to a position.
    async fn catch_up(&mut self, to: Position) -> Result<(), ProjectionError> {
        let (store, partition) = (self.projector.store().clone(), self.projector.partition());
        let mut reading = store.reading(partition, self.folded.next(), to);
        loop {
            let stored = reading.next(FRAMES_PER_READ).await?;
            if stored.is_empty() {
                break;
            }
            let frames = stored.iter().map(|it| wire::decode(&it.body).map(Arc::new));
            self.fold(frames.collect::<Result<_, _>>()?).await?;
        }
        match self.folded < to {
            true => Err(ProjectionError::LogEnds { expected: to, found: self.folded }),
            false => Ok(()),
        }
    }

    /// Folds frames and writes the rows.
    async fn fold(&mut self, frames: Frames<F>) -> Result<(), ProjectionError> {
        let Some(last) = frames.last().map(|it| it.last()) else { return Ok(()) };
        gather::fold(&mut self.fold, &mut self.projector, &frames).await?;
        self.folded = last;
        self.flush().await
    }

    /// Writes what was folded. The store may be away for a while; what was written meanwhile is not written twice.
    async fn flush(&mut self) -> Result<(), ProjectionError> {
        let rows = Arc::new(self.fold.take());
        let mut pause = PAUSE_MIN;
        while let Err(error) = self.write(&rows).await {
            if !error.is_temporary() {
                return Err(error.into());
            }
            tracing::warn!(%error, "the read model cannot be written, trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
        self.written = self.folded;
        self.reached.send_replace(self.written);
        Ok(())
    }

    async fn write(&mut self, rows: &Arc<RowBatch>) -> Result<(), StoreError> {
        let written = self.projector.apply(self.written, self.folded, Arc::clone(rows)).await;
        match written {
            // an earlier try got through, although nobody heard of it
            Err(StoreError::ProjectionMoved { found, .. }) if found == self.folded.0 => Ok(()),
            other => other,
        }
    }
}

impl Load for Projector {
    async fn load(&mut self, table: Table, keys: Vec<i64>) -> Result<Vec<Row>, StoreError> {
        Self::load(self, table, keys).await
    }
}

type Frames<F> = Vec<Arc<Frame<<F as Fold>::Machine>>>;

/// How many commits are folded together at most.
const COMMITS_MAX: usize = 64;
const FRAMES_PER_READ: u32 = 1_000;
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(2);
