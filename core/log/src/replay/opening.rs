//! Opens a log file bit by bit, as its bytes come.

use dacapo_engine::kernel::{DigestMode, Machine};
use dacapo_engine::record::Position;

use super::journal::Journal;
use super::{PlayError, Player};
use crate::wire::{LogFilePlace, LogFileProblem, LogFileReader, ReadLimits};

/// A log file that is being read.
#[derive(Debug)]
pub struct Opening {
    /// Bytes that came and were not read.
    waiting: Vec<u8>,
    limits: ReadLimits,
    /// Where reading goes on; none before the head of the file.
    place: Option<LogFilePlace>,
    journal: Journal,
}

impl Opening {
    /// Begins a file of about so many bytes; 0 if that is not known.
    pub fn new(bytes_expected: usize, limits: ReadLimits) -> Self {
        let mut journal = Journal::default();
        journal.reserve(bytes_expected);
        Self { waiting: Vec::new(), limits, place: None, journal }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Reads at most so many frames of what has come; returns whether there may be more to read at once.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged or begins after genesis.
    pub fn read(&mut self, frames_max: u32) -> Result<bool, PlayError> {
        let mut reader = match self.place.take() {
            Some(place) => LogFileReader::at(&self.waiting, place),
            None => match begin(&self.waiting, self.limits)? {
                Some(reader) => {
                    self.journal.begin(reader.header());
                    reader
                }
                None => return Ok(false),
            },
        };
        let mut left = frames_max;
        while left > 0 && reader.is_ready() {
            match reader.next_item()? {
                Some(item) => self.journal.push_item(&item),
                None => break,
            }
            left -= 1;
        }
        let (is_more, is_over) = (left == 0 && reader.is_ready(), reader.is_over());
        let (place, rest) = reader.stop();
        if is_over && !rest.is_empty() {
            return Err(place.trailing(rest.len() as u64).into());
        }
        let read = self.waiting.len().saturating_sub(rest.len());
        self.waiting.drain(..read);
        self.place = Some(place);
        Ok(is_more)
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
        match self.place {
            None => return Err(head(&self.waiting, self.limits)),
            Some(place) => {
                let mut reader = LogFileReader::at(&self.waiting, place);
                // What is there is not a whole item: the reader says what is missing.
                while reader.next_item()?.is_some() {}
            }
        }
        Ok(Player::of_journal(self.journal, self.limits, mode))
    }
}

/// Reads the head of the file if it is there whole.
fn begin(bytes: &[u8], limits: ReadLimits) -> Result<Option<LogFileReader<'_>>, PlayError> {
    let reader = match LogFileReader::new(bytes, limits) {
        Ok(reader) => reader,
        Err(error) => {
            let is_cut = match error.problem {
                LogFileProblem::Magic => bytes.len() < MAGIC_BYTES,
                LogFileProblem::Truncated { needed, .. } => needed <= u64::from(limits.frame_bytes),
                _ => false,
            };
            return if is_cut { Ok(None) } else { Err(error.into()) };
        }
    };
    match reader.header().before.position {
        Position(0) => Ok(Some(reader)),
        before => Err(PlayError::Start(before.next())),
    }
}

/// Returns what is wrong with the head of a file that ends within it.
fn head(bytes: &[u8], limits: ReadLimits) -> PlayError {
    match LogFileReader::new(bytes, limits) {
        Err(error) => error.into(),
        Ok(reader) => PlayError::Start(reader.header().before.position.next()),
    }
}

const MAGIC_BYTES: usize = 8;
