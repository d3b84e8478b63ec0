//! How a writer takes a partition: the log is verified and replayed, then the first records of its own are written.

use dacapo_engine::kernel::{DigestMode, Machine};
use dacapo_engine::record::{Control, FORMAT_VERSION, Genesis, Position, SEMANTICS};

use super::clock::Clock;
use super::{Effect, Lead, Partition};
use crate::wire::snapshot::{self, SnapshotChunk, SnapshotError, SnapshotHeader};
use crate::wire::{Chain, FollowError, Follower, Hash, ReadLimits, hex};

/// A log that is being read before a writer takes it.
pub struct Recovery<M: Machine> {
    follower: Follower<M>,
    digest: Option<[u8; 8]>,
}

/// Why a partition cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// A frame does not verify.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The log does not end where the head says.
    #[error(
        "expected the log to end at position {} with hash {}, found position {} with hash {}",
        expected.position.0, hex(&expected.hash), found.position.0, hex(&found.hash)
    )]
    Head {
        /// The head.
        expected: Chain,
        /// The end of the log, or a snapshot that is ahead of it.
        found: Chain,
    },
    /// The state after the last frame is not the one that its writer had.
    #[error("expected digest {expected:02x?} after position {}, found {found:02x?}", position.0)]
    Digest {
        /// The last position.
        position: Position,
        /// The frame's.
        expected: [u8; 8],
        /// The replayed state's.
        found: [u8; 8],
    },
    /// A newer program wrote the log.
    #[error("expected semantics of at most {SEMANTICS}, found {found}: a newer program is needed")]
    NeedsUpgrade {
        /// The log's.
        found: u32,
    },
    /// The log belongs to another partition or life.
    #[error("expected {what} {expected} of the head in the log, found {found}")]
    Identity {
        /// The field.
        what: &'static str,
        /// The head's.
        expected: u64,
        /// The log's.
        found: u64,
    },
    /// The first records of the writer cannot be written.
    #[error("expected the records of a new leader to fit, {0}")]
    Lead(String),
}

impl<M: Machine> Recovery<M> {
    /// Begins before genesis.
    pub fn new() -> Self {
        let follower = Follower::new(DigestMode::OnDemand, ReadLimits::TRUSTED);
        Self { follower, digest: None }
    }

    /// Begins at a snapshot.
    ///
    /// # Errors
    ///
    /// Fails if the snapshot does not verify; [`Recovery::new`] and the whole log are the way then.
    pub fn from_snapshot(
        header: &SnapshotHeader,
        chunks: &[SnapshotChunk],
    ) -> Result<Self, SnapshotError> {
        let engine = snapshot::load(header, chunks, DigestMode::OnDemand)?;
        let follower = Follower::from_engine(engine, header.hash, ReadLimits::TRUSTED);
        Ok(Self { follower, digest: None })
    }

    /// Takes the next stored frame.
    ///
    /// # Errors
    ///
    /// Fails if the frame is not the next one, is damaged, or does not fit the state.
    pub fn push(&mut self, body: &[u8], hash: &Hash) -> Result<(), RecoveryError> {
        self.follower.push_stored(body, hash)?;
        self.digest = body.last_chunk().copied();
        Ok(())
    }

    /// Returns the last position that was read.
    pub fn position(&self) -> Position {
        self.follower.position()
    }

    /// Takes the partition. The first effect appends the records of the new leader; inputs are taken at once.
    ///
    /// # Errors
    ///
    /// Fails if the log does not end where the head says, its state is not the one that its writer had, or a newer program
    /// wrote it.
    pub fn lead(self, lead: Lead) -> Result<(Partition<M>, Vec<Effect<M>>), RecoveryError> {
        self.check_head(&lead)?;
        let mut engine = self.follower.into_engine();
        engine.set_digest_mode(DigestMode::Every);
        let place = engine.place();
        if let Some(expected) = self.digest.filter(|digest| *digest != place.digest.short()) {
            let (position, found) = (place.position, place.digest.short());
            return Err(RecoveryError::Digest { position, expected, found });
        }
        let clock = Clock::new(lead.now_ms, lead.store_now_ms);
        let mut partition =
            Partition::new(engine, lead.head, clock, lead.settings.clone(), lead.was_clean);
        partition.begin(&lead).map_err(RecoveryError::Lead)?;
        let effects = partition.pump();
        Ok((partition, effects))
    }

    fn check_head(&self, lead: &Lead) -> Result<(), RecoveryError> {
        let expected = Chain { position: lead.head.position, hash: lead.head.hash };
        let found = self.follower.chain();
        if expected != found {
            return Err(RecoveryError::Head { expected, found });
        }
        let Some(control) = self.follower.engine().control() else { return Ok(()) };
        if control.semantics > SEMANTICS {
            return Err(RecoveryError::NeedsUpgrade { found: control.semantics });
        }
        let same = |what, expected, found| {
            if expected == found {
                Ok(())
            } else {
                Err(RecoveryError::Identity { what, expected, found })
            }
        };
        let partition = u64::from(control.partition.0);
        same("partition", u64::from(lead.head.partition.0), partition)
    }
}

impl<M: Machine> Default for Recovery<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Machine> Partition<M> {
    /// Writes what a new leader writes first: genesis into an empty log, its own start, and a barrier if it decides by later
    /// semantics.
    fn begin(&mut self, lead: &Lead) -> Result<(), String> {
        if self.engine.control().is_none() {
            let genesis = genesis(lead);
            let at = self.clock.first(genesis.limits.clock_jump_ms);
            self.write_control(Control::Genesis(genesis), at)?;
        }
        // The start of a leader is written also while the clock is not trusted, but in the time of the last record.
        let at = self.stamp().unwrap_or(self.engine.place().timestamp);
        self.write_control(
            Control::LeaderStarted {
                epoch: lead.head.epoch,
                incarnation: lead.head.incarnation,
                engine_version: lead.engine_version.clone(),
                durability: lead.durability,
            },
            at,
        )?;
        let semantics = self.engine.control().map_or(SEMANTICS, |control| control.semantics);
        if semantics < SEMANTICS {
            self.write_control(Control::VersionBarrier { semantics: SEMANTICS }, at)?;
        }
        Ok(())
    }
}

fn genesis(lead: &Lead) -> Genesis {
    let it = &lead.bootstrap;
    Genesis {
        format: FORMAT_VERSION,
        partition: lead.head.partition,
        seed: it.seed,
        incarnation: lead.head.incarnation,
        tzdb: it.tzdb.clone(),
        semantics: SEMANTICS,
        limits: it.limits.clone(),
        default_tenant: it.default_tenant.clone(),
    }
}
