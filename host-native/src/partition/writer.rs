//! The task that appends: it owns the connection, one batch at a time, so that the next batch forms while this one commits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dacapo_log::partition::{AppendOutcome, NotDone};
use dacapo_log::wire::{Hash, Head};
use metrics::{counter, histogram};
use tokio::sync::mpsc;

use crate::metrics::{BATCH_FRAMES, COMMIT_SECONDS, UNKNOWN_COMMITS};
use crate::projection::{Inline, ProcessFold, ProjectionError};
use crate::store::{Appended, Appender, Batch, Refusal, Resolved};

/// What the writer is asked.
#[derive(Debug)]
pub enum Order {
    /// Append a batch.
    Append(u64, Arc<Batch>),
    /// Find out what became of it.
    Resolve(u64, Arc<Batch>),
}

/// What the writer reports.
#[derive(Debug)]
pub enum Report {
    /// What became of a batch.
    Appended(u64, AppendOutcome),
    /// Where the head stands, and the hash of the batch's last frame if it is there.
    Resolved(u64, Head, Option<Hash>),
    /// The store refuses for good, and why.
    Broken(String),
}

/// Works off orders until there is nobody to give any. Rows that stand in the append transaction are made here.
pub async fn write(
    mut appender: Appender,
    mut inline: Option<Inline<ProcessFold>>,
    mut orders: mpsc::Receiver<Order>,
    reports: mpsc::Sender<Report>,
) {
    let mut pause = Pause::default();
    while let Some(order) = orders.recv().await {
        let report = match order {
            Order::Append(id, batch) => match filled(&mut inline, batch).await {
                Ok(batch) => append(&mut appender, id, batch, &mut pause).await,
                Err(error) => Report::Broken(error.to_string()),
            },
            Order::Resolve(id, batch) => resolve(&mut appender, id, batch, &mut pause).await,
        };
        if reports.send(report).await.is_err() {
            return;
        }
    }
}

async fn filled(
    inline: &mut Option<Inline<ProcessFold>>,
    batch: Arc<Batch>,
) -> Result<Arc<Batch>, ProjectionError> {
    match inline {
        Some(inline) => inline.fill(batch).await,
        None => Ok(batch),
    }
}

async fn append(appender: &mut Appender, id: u64, batch: Arc<Batch>, pause: &mut Pause) -> Report {
    let started = Instant::now();
    let frames = u32::try_from(batch.frames.len()).unwrap_or(u32::MAX);
    let appended = appender.append(batch).await;
    histogram!(COMMIT_SECONDS).record(started.elapsed());
    let outcome = match appended {
        Appended::Done => {
            histogram!(BATCH_FRAMES).record(f64::from(frames));
            *pause = Pause::default();
            AppendOutcome::Done
        }
        Appended::NotDone(Refusal::Fenced { .. }) => AppendOutcome::NotDone(NotDone::Fenced),
        Appended::NotDone(Refusal::Unavailable(error)) => {
            tracing::warn!(%error, "the store is not available, asking again");
            pause.wait().await;
            AppendOutcome::NotDone(NotDone::Unavailable)
        }
        Appended::NotDone(refusal) => return Report::Broken(refusal.to_string()),
        Appended::Unknown(error) => {
            tracing::warn!(%error, "nobody knows what became of a commit, looking it up");
            counter!(UNKNOWN_COMMITS).increment(1);
            AppendOutcome::Unknown
        }
    };
    Report::Appended(id, outcome)
}

async fn resolve(appender: &mut Appender, id: u64, batch: Arc<Batch>, pause: &mut Pause) -> Report {
    loop {
        match appender.resolve(batch.clone()).await {
            Ok(Resolved { head, is_stored }) => {
                *pause = Pause::default();
                return Report::Resolved(id, head, is_stored.then_some(batch.next.hash));
            }
            Err(error) if error.is_temporary() => {
                tracing::warn!(%error, "the store does not answer, asking again");
                pause.wait().await;
            }
            Err(error) => return Report::Broken(error.to_string()),
        }
    }
}

/// Pauses that grow while the store is away.
#[derive(Debug, Default)]
struct Pause {
    count: u32,
}

impl Pause {
    async fn wait(&mut self) {
        let longer = PAUSE_MIN.saturating_mul(1 << self.count.min(8));
        self.count = self.count.saturating_add(1);
        tokio::time::sleep(longer.min(PAUSE_MAX)).await;
    }
}

const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(2);
