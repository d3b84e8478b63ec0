//! Opens a log file bit by bit, as its bytes come.

use dacapo_engine::kernel::{DigestMode, Machine};
use dacapo_engine::record::Position;

use super::journal::Journal;
use super::{PlayError, Player};
use crate::wire::{LogFileStream, ReadLimits};

/// A log file that is being read.
#[derive(Debug)]
pub struct Opening {
    stream: LogFileStream,
    limits: ReadLimits,
    journal: Journal,
    has_begun: bool,
}

impl Opening {
    /// Begins a file of about so many bytes; 0 if that is not known.
    pub fn new(bytes_expected: usize, limits: ReadLimits) -> Self {
        let mut journal = Journal::default();
        journal.reserve(bytes_expected);
        Self { stream: LogFileStream::new(limits), limits, journal, has_begun: false }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.stream.push(bytes);
    }

    /// Reads at most so many frames of what has come; returns whether there may be more to read at once.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged or begins after genesis.
    pub fn read(&mut self, frames_max: u32) -> Result<bool, PlayError> {
        let Some(header) = self.stream.header()? else { return Ok(false) };
        if !self.has_begun {
            if header.before.position != Position(0) {
                return Err(PlayError::Start(header.before.position.next()));
            }
            self.journal.begin(header);
            self.has_begun = true;
        }
        let mut left = frames_max;
        self.stream.read(|item| {
            self.journal.push_item(&item);
            left = left.saturating_sub(1);
            Ok(left > 0)
        })
    }

    /// Returns how many frames were read.
    pub fn frame_count(&self) -> u64 {
        self.journal.count() as u64
    }

    /// Ends: no more bytes come. The player stands before the first record.
    ///
    /// # Errors
    ///
    /// Fails as [`Opening::read`], and if the file is cut off.
    pub fn finish<M: Machine>(mut self, mode: DigestMode) -> Result<Player<M>, PlayError> {
        while self.read(u32::MAX)? {}
        self.stream.finish()?;
        Ok(Player::of_journal(self.journal, self.limits, mode))
    }
}
