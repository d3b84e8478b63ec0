//! Going to a far place bit by bit, so that whoever waits can be told how far it is.

use dacapo_engine::kernel::{Machine, Place};
use dacapo_engine::record::Position;

use super::player::UNDOS_MAX;
use super::{PlayError, Player, Target};

impl<M: Machine> Player<M> {
    /// Goes towards a place, by at most so many frames; returns how many frames are left. Where it stands in between, no step is
    /// shown.
    ///
    /// # Errors
    ///
    /// As [`Player::seek`].
    pub fn seek_part(&mut self, target: &Target, frames_max: u64) -> Result<u64, PlayError> {
        let to = self.find(target).ok_or_else(|| PlayError::Target(target.clone()))?;
        let Some(last) = to.checked_sub(1).filter(|_| to != self.at) else {
            self.seek(target)?;
            return Ok(0);
        };
        self.back_to(last);
        let mut left = frames_max;
        while self.at < last && left > 0 {
            self.play_quickly(last - self.at < UNDOS_MAX)?;
            left -= 1;
        }
        if self.at < last {
            return Ok((last - self.at) as u64 + 1);
        }
        self.seek(target)?;
        Ok(0)
    }

    /// Keeps a snapshot when a multiple of the spacing is passed; of too many, every second one is dropped.
    pub(super) fn keep_snapshot(&mut self, before: Place) {
        let number = |position: Position| position.0 / self.spacing;
        if number(before.position) == number(self.position())
            || self.snapshots.contains_key(&self.at)
        {
            return;
        }
        self.snapshots.insert(self.at, self.engine.fork());
        // Many where the state is small, so that every place is near one; few where it is large.
        let rows = self.engine.state().rows().saturating_mul(self.snapshots.len() as u64);
        let is_full = self.snapshots.len() > SNAPSHOTS_MAX || rows > SNAPSHOT_ROWS_MAX;
        if is_full && self.snapshots.len() > SNAPSHOTS_MIN {
            self.spacing = self.spacing.saturating_mul(2);
            let mut is_kept = false;
            self.snapshots.retain(|_, _| {
                is_kept = !is_kept;
                is_kept
            });
        }
    }
}

/// The snapshots that are kept at most, and those that are kept however large the state is.
const SNAPSHOTS_MAX: usize = 512;
const SNAPSHOTS_MIN: usize = 32;

/// The rows of all snapshots, about: they need a few times ten megabytes.
const SNAPSHOT_ROWS_MAX: u64 = 200_000;
