//! Snapshots: taken from a copy of the state that followed the log, stored in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dacapo_engine::kernel::{Engine, StateDigest};
use dacapo_engine::process::Process;
use dacapo_engine::record::{FORMAT_VERSION, PartitionId, Position, SEMANTICS, Timestamp};
use dacapo_log::partition::Recovery;
use dacapo_log::wire::snapshot::{self, SnapshotChunk, SnapshotHeader};
use dacapo_log::wire::{Chain, leaf};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::store::{SnapshotHead, Store, StoreError};

/// Where snapshots go.
#[derive(Clone)]
pub(super) struct Snapshots {
    pub(super) store: Store,
    pub(super) partition: PartitionId,
    is_busy: Arc<AtomicBool>,
}

/// What the store's own head of a snapshot has no place for; its first chunk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preface {
    incarnation: u32,
    timestamp: i64,
    semantics: u32,
}

impl Snapshots {
    pub(super) fn new(store: Store, partition: PartitionId) -> Self {
        Self { store, partition, is_busy: Arc::default() }
    }

    /// Takes a snapshot in the background, unless one is being taken.
    pub(super) fn take(&self, engine: Engine<Process>, chain: Chain) {
        if self.is_busy.swap(true, Ordering::AcqRel) {
            return;
        }
        let this = self.clone();
        tokio::spawn(async move {
            this.take_now(engine, chain).await;
            this.is_busy.store(false, Ordering::Release);
        });
    }

    /// Takes a snapshot and returns when it is stored, or given up.
    pub(super) async fn take_now(&self, mut engine: Engine<Process>, chain: Chain) {
        let started = Instant::now();
        let position = chain.position;
        let taken = spawn_blocking(move || snapshot::take(&mut engine, chain)).await;
        let (header, chunks) = match taken {
            Ok(Ok(taken)) => taken,
            Ok(Err(error)) => return tracing::warn!(%error, "a snapshot could not be taken"),
            Err(_) => return tracing::warn!("a snapshot was given up"),
        };
        if let Err(error) = self.put(header, chunks).await {
            return tracing::warn!(%error, "a snapshot could not be stored");
        }
        let ms = started.elapsed().as_millis();
        tracing::info!(position = position.0, %ms, "a snapshot was stored");
    }

    async fn put(
        &self,
        header: SnapshotHeader,
        chunks: Vec<SnapshotChunk>,
    ) -> Result<(), StoreError> {
        self.wait_for_projection(header.position).await?;
        let preface = Preface {
            incarnation: header.incarnation,
            timestamp: header.timestamp.0,
            semantics: header.semantics,
        };
        // Three numbers always have a JSON form.
        let preface: Arc<[u8]> = serde_json::to_vec(&preface).unwrap_or_default().into();
        let chunks: Vec<Arc<[u8]>> =
            std::iter::once(preface).chain(chunks.into_iter().map(|it| it.body.into())).collect();
        let head = SnapshotHead {
            position: header.position,
            hash: header.hash,
            digest: header.digest.bytes(),
            format: FORMAT,
            parts: u32::try_from(chunks.len()).unwrap_or(u32::MAX),
        };
        self.store.snapshot_put(self.partition, head, chunks).await?;
        self.store.snapshot_prune(self.partition, KEEP).await.map(drop)
    }

    /// A snapshot is never newer than the read model.
    async fn wait_for_projection(&self, position: Position) -> Result<(), StoreError> {
        let until = Instant::now() + PROJECTION_MAX;
        while self.store.projected(self.partition).await? < position && Instant::now() < until {
            tokio::time::sleep(PROJECTION_PAUSE).await;
        }
        Ok(())
    }

    /// Begins to read the log at the newest snapshot that verifies, or at the beginning.
    pub(super) async fn recover(&self, head: Position) -> Result<Recovery<Process>, StoreError> {
        let newest = self.store.snapshot_newest(self.partition, FORMAT, head).await?;
        let Some(newest) = newest else { return Ok(Recovery::new()) };
        let mut bodies = Vec::new();
        for part in 0..newest.parts {
            let Some(body) =
                self.store.snapshot_chunk(self.partition, newest.position, part).await?
            else {
                tracing::warn!(
                    position = newest.position.0,
                    part,
                    "a part of a snapshot is missing"
                );
                return Ok(Recovery::new());
            };
            bodies.push(body);
        }
        match load(self.partition, &newest, &bodies) {
            Ok(recovery) => Ok(recovery),
            Err(error) => {
                tracing::warn!(%error, "a snapshot does not verify, the whole log is read");
                Ok(Recovery::new())
            }
        }
    }
}

fn load(
    partition: PartitionId,
    head: &SnapshotHead,
    bodies: &[Arc<[u8]>],
) -> Result<Recovery<Process>, String> {
    let (preface, bodies) = bodies.split_first().ok_or("expected a first part, found none")?;
    let preface: Preface = serde_json::from_slice(preface).map_err(|error| error.to_string())?;
    let chunks: Vec<_> =
        bodies.iter().map(|it| SnapshotChunk { body: it.to_vec(), hash: leaf(it) }).collect();
    let header = SnapshotHeader {
        format: FORMAT_VERSION,
        partition,
        incarnation: preface.incarnation,
        position: head.position,
        timestamp: Timestamp(preface.timestamp),
        hash: head.hash,
        digest: StateDigest::from_bytes(head.digest),
        semantics: preface.semantics,
        chunks: u32::try_from(chunks.len()).unwrap_or(u32::MAX),
    };
    Recovery::from_snapshot(&header, &chunks).map_err(|error| error.to_string())
}

/// Another format or other semantics: another snapshot.
const FORMAT: u32 = (FORMAT_VERSION as u32) << 16 | SEMANTICS;
const KEEP: u32 = 2;
const PROJECTION_MAX: Duration = Duration::from_secs(5);
const PROJECTION_PAUSE: Duration = Duration::from_millis(20);
