//! How a partition is taken: the lease, the snapshot, the tail of the log, and then the tasks around the loop.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use dacapo_engine::process::Process;
use dacapo_engine::record::{Durability, Limits, PartitionId, Position};
use dacapo_log::partition::{
    Bootstrap, Committed, Effect, Lead, Partition, Recovery, RecoveryError, Settings, StopReason,
};
use dacapo_log::wire::Head;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::clocks::{StoreClock, now_ms};
use super::follower::{Follow, follow};
use super::inbox::InboxLine;
use super::snapshots::Snapshots;
use super::task::Task;
use super::writer::write;
use super::{PartitionHandle, Standing};
use crate::effects::Effects;
use crate::projection::{Inline, ProcessFold, ProjectionError};
use crate::store::{Appender, Store, StoreError};

/// What a partition is taken with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which one.
    pub partition: PartitionId,
    /// The name of this program among those that may hold it.
    pub holder: Arc<str>,
    /// What an acknowledgement means.
    pub durability: Durability,
    /// 128 random bits for an empty log.
    pub seed: (u64, u64),
    /// How to queue and batch.
    pub settings: Settings,
}

/// Why a partition was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TakeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log.
    #[error(transparent)]
    Log(#[from] RecoveryError),
    /// The read model.
    #[error(transparent)]
    Rows(#[from] ProjectionError),
}

/// A partition that is being taken or is held.
pub struct Taken {
    /// The way in.
    pub handle: PartitionHandle,
    /// The frames that become durable, for the read model.
    pub committed: mpsc::Receiver<Committed<Process>>,
    /// Ends when the partition has stopped, and says why.
    pub ended: JoinHandle<Result<StopReason, TakeError>>,
}

/// Takes a partition; the handle is there at once, and says how far the log is read.
pub fn take(store: Store, options: Options) -> Taken {
    let (requests, inward) = mpsc::channel(REQUESTS_MAX);
    let (committed, outward) = mpsc::channel(COMMITTED_MAX);
    let (follower, told) = mpsc::channel(COMMITTED_MAX);
    let begin = Standing::Replaying { position: Position(0), head: Position(0) };
    let (standing, watched) = watch::channel(begin);
    let (head, head_watched) = watch::channel(Position(0));
    let effects = Arc::new(Effects::default());
    let handle = PartitionHandle {
        partition: options.partition,
        requests,
        follower: follower.clone(),
        standing: watched,
        head: head_watched,
        effects: effects.clone(),
    };
    let tasks = Tasks { store, options, effects, standing, head, follower, told, committed };
    let ended = tokio::spawn(tasks.run(inward));
    Taken { handle, committed: outward, ended }
}

struct Tasks {
    store: Store,
    options: Options,
    effects: Arc<Effects>,
    standing: watch::Sender<Standing>,
    head: watch::Sender<Position>,
    follower: mpsc::Sender<Follow>,
    told: mpsc::Receiver<Follow>,
    committed: mpsc::Sender<Committed<Process>>,
}

impl Tasks {
    async fn run(self, requests: mpsc::Receiver<super::Request>) -> Result<StopReason, TakeError> {
        let standing = self.standing.clone();
        let effects = self.effects.clone();
        let result = self.take_and_run(requests).await;
        if let Err(error) = &result {
            standing.send_replace(Standing::Stopped(error.to_string()));
        }
        effects.end();
        result
    }

    async fn take_and_run(
        self,
        requests: mpsc::Receiver<super::Request>,
    ) -> Result<StopReason, TakeError> {
        let Options { partition: id, holder, .. } = self.options.clone();
        self.store.bootstrap(id, 0).await?;
        let mut appender = self.store.appender(id);
        let head = acquire(&mut appender, &holder).await?;
        self.head.send_replace(head.position);
        let snapshots = Snapshots::new(self.store.clone(), id);
        let clock = Arc::new(StoreClock::default());
        let (partition, begin) = self.recover(&snapshots, head, &clock).await?;

        let is_cautious = Arc::new(AtomicBool::new(partition.is_cautious()));
        let engine = partition.engine().fork();
        let followed = tokio::spawn(follow(engine, self.effects.clone(), self.told, snapshots));
        let inline = match self.store.prefers_inline() {
            true => Some(Inline::start(&self.store, id).await?),
            false => None,
        };
        let (orders, reports) = start_writer(appender, inline);
        let inbox = InboxLine::open(self.store.clone(), id, is_cautious.clone());
        let renewal = tokio::spawn(renew(self.store.clone(), id, holder.clone(), clock.clone()));
        let task = Task {
            partition,
            requests,
            orders,
            reports,
            follower: self.follower.clone(),
            committed: self.committed,
            inbox,
            standing: self.standing.clone(),
            head: self.head,
            is_cautious,
            clock,
        };
        let reason = task.run(begin).await;
        if reason == StopReason::Asked {
            let (done, ended) = oneshot::channel();
            let _ = self.follower.send(Follow::End(done)).await;
            let _ = ended.await;
        }
        renewal.abort();
        followed.abort();
        if reason != StopReason::Fenced {
            self.store.release(id, holder).await?;
        }
        Ok(reason)
    }

    /// Reads the log from the newest snapshot on, verifies it, and takes it.
    async fn recover(
        &self,
        snapshots: &Snapshots,
        head: Head,
        clock: &StoreClock,
    ) -> Result<(Partition<Process>, Vec<Effect<Process>>), TakeError> {
        let mut recovery = snapshots.recover(head.position).await?;
        // A program that stops cleanly leaves a snapshot at the very end of the log.
        let was_clean = recovery.position() == head.position;
        self.read(&mut recovery, head).await?;
        clock.look(&self.store).await?;
        let options = &self.options;
        let lead = Lead {
            head,
            bootstrap: Bootstrap {
                seed: options.seed,
                tzdb: "none".into(),
                limits: Limits::default(),
                default_tenant: "<default>".into(),
            },
            engine_version: env!("CARGO_PKG_VERSION").into(),
            durability: options.durability,
            was_clean,
            now_ms: now_ms(),
            store_now_ms: clock.now_ms(),
            settings: options.settings.clone(),
        };
        Ok(recovery.lead(lead)?)
    }

    async fn read(&self, recovery: &mut Recovery<Process>, head: Head) -> Result<(), TakeError> {
        let from = recovery.position().next();
        let mut reading = self.store.reading(self.options.partition, from, head.position);
        loop {
            let frames = reading.next(FRAMES_PER_READ).await?;
            if frames.is_empty() {
                return Ok(());
            }
            for frame in &frames {
                recovery.push(&frame.body, &frame.hash)?;
            }
            let (position, head) = (recovery.position(), head.position);
            self.standing.send_replace(Standing::Replaying { position, head });
            tokio::task::yield_now().await;
        }
    }
}

type Orders = (mpsc::Sender<super::writer::Order>, mpsc::Receiver<super::writer::Report>);

fn start_writer(appender: Appender, inline: Option<Inline<ProcessFold>>) -> Orders {
    let (orders, taken) = mpsc::channel(1);
    let (report, reports) = mpsc::channel(1);
    tokio::spawn(write(appender, inline, taken, report));
    (orders, reports)
}

/// Takes the partition. A program that was killed still holds its lease for a while; one that is alive renews it.
async fn acquire(appender: &mut Appender, holder: &Arc<str>) -> Result<Head, StoreError> {
    let patience = Instant::now() + LEASE * 2;
    loop {
        match appender.acquire(holder.clone(), LEASE).await {
            Err(StoreError::Held { holder, remaining_ms, .. }) if Instant::now() < patience => {
                tracing::warn!(
                    "waiting for {holder} to renew its lease or to lose it in {remaining_ms} ms"
                );
                let remaining = Duration::from_millis(remaining_ms.max(0).unsigned_abs());
                tokio::time::sleep(remaining.clamp(HELD_PAUSE_MIN, LEASE)).await;
            }
            other => return other,
        }
    }
}

/// Keeps the lease, and looks at the store's clock. Losing it is not dangerous, for every append is fenced; it only means that another one may take over.
async fn renew(store: Store, partition: PartitionId, holder: Arc<str>, clock: Arc<StoreClock>) {
    loop {
        tokio::time::sleep(LEASE / 3).await;
        match store.renew(partition, holder.clone(), LEASE).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("another program may take the partition"),
            Err(error) => tracing::warn!(%error, "the lease could not be renewed"),
        }
        if let Err(error) = clock.look(&store).await {
            tracing::warn!(%error, "the clock of the store could not be read");
        }
    }
}

const LEASE: Duration = Duration::from_secs(5);
const HELD_PAUSE_MIN: Duration = Duration::from_millis(50);
const REQUESTS_MAX: usize = 8_192;
const COMMITTED_MAX: usize = 64;
const FRAMES_PER_READ: u32 = 1_000;
