//! Snapshots: taken from a copy of the state that followed the log, stored in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dacapo_engine::kernel::{DigestMode, Engine, StateDigest};
use dacapo_engine::process::Process;
use dacapo_engine::record::{FORMAT_VERSION, PartitionId, Position, SEMANTICS, Timestamp};
use dacapo_log::partition::Recovery;
use dacapo_log::wire::snapshot::{self, SnapshotChunk, SnapshotHeader};
use dacapo_log::wire::{Chain, Hash, leaf};
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
        let Some((header, chunks)) = self.find(head).await? else { return Ok(Recovery::new()) };
        Ok(Recovery::from_snapshot(&header, &chunks).unwrap_or_else(|error| {
            tracing::warn!(%error, "a snapshot does not verify, the whole log is read");
            Recovery::new()
        }))
    }

    /// Loads the newest snapshot at or before a position, and the chain hash there.
    pub(super) async fn newest(
        &self,
        at_most: Position,
    ) -> Result<Option<(Engine<Process>, Hash)>, StoreError> {
        let Some((header, chunks)) = self.find(at_most).await? else { return Ok(None) };
        let hash = header.hash;
        let loaded =
            spawn_blocking(move || snapshot::load(&header, &chunks, DigestMode::OnDemand).ok());
        Ok(loaded.await.ok().flatten().map(|engine| (engine, hash)))
    }

    async fn find(
        &self,
        at_most: Position,
    ) -> Result<Option<(SnapshotHeader, Vec<SnapshotChunk>)>, StoreError> {
        let found = self.store.snapshot_newest(self.partition, FORMAT, at_most).await?;
        let Some(found) = found else { return Ok(None) };
        let mut bodies = Vec::new();
        for part in 0..found.parts {
            let body = self.store.snapshot_chunk(self.partition, found.position, part).await?;
            let Some(body) = body else {
                tracing::warn!(
                    position = found.position.0,
                    part,
                    "a part of a snapshot is missing"
                );
                return Ok(None);
            };
            bodies.push(body);
        }
        Ok(self.parse(&found, &bodies))
    }

    fn parse(
        &self,
        found: &SnapshotHead,
        bodies: &[Arc<[u8]>],
    ) -> Option<(SnapshotHeader, Vec<SnapshotChunk>)> {
        let (preface, bodies) = bodies.split_first()?;
        let preface: Preface = serde_json::from_slice(preface).ok()?;
        let chunk = |it: &Arc<[u8]>| SnapshotChunk { body: it.to_vec(), hash: leaf(it) };
        let chunks: Vec<_> = bodies.iter().map(chunk).collect();
        let header = SnapshotHeader {
            format: FORMAT_VERSION,
            partition: self.partition,
            incarnation: preface.incarnation,
            position: found.position,
            timestamp: Timestamp(preface.timestamp),
            hash: found.hash,
            digest: StateDigest::from_bytes(found.digest),
            semantics: preface.semantics,
            chunks: u32::try_from(chunks.len()).ok()?,
        };
        Some((header, chunks))
    }
}

/// Another format or other semantics: another snapshot.
const FORMAT: u32 = (FORMAT_VERSION as u32) << 16 | SEMANTICS;
const KEEP: u32 = 2;
const PROJECTION_MAX: Duration = Duration::from_secs(5);
const PROJECTION_PAUSE: Duration = Duration::from_millis(20);
