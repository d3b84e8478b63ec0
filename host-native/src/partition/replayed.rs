//! The state at an earlier position: the nearest snapshot, and the log from there.

use dacapo_engine::kernel::{DigestMode, Engine};
use dacapo_engine::process::Process;
use dacapo_engine::record::Position;
use dacapo_log::wire::{FollowError, Follower, ReadLimits};

use super::PartitionHandle;
use super::snapshots::Snapshots;
use crate::store::{Store, StoreError};

/// Why an earlier state is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayedError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log does not replay.
    #[error(transparent)]
    Follow(#[from] FollowError),
}

impl PartitionHandle {
    /// Replays the log up to a position: all frames that end there or before. Nothing is written.
    ///
    /// # Errors
    /// The log cannot be read, or does not replay.
    pub async fn replayed(
        &self,
        store: &Store,
        position: Position,
    ) -> Result<Engine<Process>, ReplayedError> {
        let snapshots = Snapshots::new(store.clone(), self.partition);
        let mut follower = match snapshots.newest(position).await? {
            Some((engine, hash)) => Follower::from_engine(engine, hash, ReadLimits::TRUSTED),
            None => Follower::new(DigestMode::OnDemand, ReadLimits::TRUSTED),
        };
        let mut reading = store.reading(self.partition, follower.position().next(), position);
        loop {
            let frames = reading.next(FRAMES_PER_READ).await?;
            let mut whole =
                frames.iter().filter(|it| it.position.plus(u64::from(it.count) - 1) <= position);
            whole.try_for_each(|it| follower.push_stored(&it.body, &it.hash))?;
            if frames.is_empty() {
                return Ok(follower.into_engine());
            }
            // Others want to be answered, too.
            tokio::task::yield_now().await;
        }
    }
}

const FRAMES_PER_READ: u32 = 250;
