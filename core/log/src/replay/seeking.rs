//! Going to a far place bit by bit, so that whoever waits can be told how far it is.

use dacapo_engine::kernel::Machine;

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
}
