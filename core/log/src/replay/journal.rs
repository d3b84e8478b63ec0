//! The frames of a log, indexed by position and time, and the leaves of those that a slice does not show.

use dacapo_engine::record::{Key, Position, Timestamp};

use crate::wire::{
    Chain, ChainError, FrameView, Hash, LogFileHeader, LogFileItem, LogFileReader, ReadLimits,
    StoredFrame,
};

use super::PlayError;

/// All frames of a log, or those that a slice of it shows, their chain checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    bytes: Vec<u8>,
    frames: Vec<Indexed>,
    leaves: Vec<Leaf>,
    is_slice: bool,
    subject: Option<Key>,
    end: Chain,
}

/// A frame that a slice does not show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    /// How many shown frames stand before it.
    before: usize,
    /// The position of its first record.
    pub(super) position: Position,
    /// How many records it holds.
    pub(super) count: u32,
    /// The hash of its bytes.
    pub(super) leaf: Hash,
}

#[derive(Clone, Copy, Debug)]
struct Indexed {
    start: usize,
    end: usize,
    position: Position,
    timestamp: Timestamp,
    hash: Hash,
}

impl Journal {
    pub(super) fn from_file(file: &[u8], limits: ReadLimits) -> Result<Self, PlayError> {
        let mut reader = LogFileReader::new(file, limits)?;
        let before = reader.header().before.position;
        if before != Position(0) {
            return Err(PlayError::Start(before.next()));
        }
        let mut journal = Self::default();
        journal.begin(reader.header());
        journal.take(&mut reader)?;
        Ok(journal)
    }

    /// Takes what the head of a file says.
    pub(super) fn begin(&mut self, header: &LogFileHeader) {
        (self.is_slice, self.subject) = (header.is_slice, header.subject);
    }

    /// Takes the frames of a file that begins where this log ends; all or none. Returns how many there were.
    pub(super) fn extend(&mut self, file: &[u8], limits: ReadLimits) -> Result<u64, PlayError> {
        let mut reader = LogFileReader::new(file, limits)?;
        let header = reader.header();
        let before = header.before;
        let end = self.end();
        if header.is_slice != self.is_slice || header.subject != self.subject {
            return Err(PlayError::Slice(end.position.next()));
        }
        if before.position != end.position {
            return Err(PlayError::Start(before.position.next()));
        }
        if before.hash != end.hash {
            let (position, expected, found) = (end.position, end.hash, before.hash);
            return Err(ChainError::Hash { position, expected, found }.into());
        }
        let mut more = Self { end, ..Self::default() };
        more.begin(reader.header());
        more.take(&mut reader)?;
        let (shift, frames) = (self.bytes.len(), self.frames.len());
        let shifted = |it: &Leaf| Leaf { before: it.before + frames, ..*it };
        self.leaves.extend(more.leaves.iter().map(shifted));
        self.end = more.end;
        self.bytes.append(&mut more.bytes);
        let shifted =
            |it: &Indexed| Indexed { start: it.start + shift, end: it.end + shift, ..*it };
        self.frames.extend(more.frames.iter().map(shifted));
        Ok(more.frames.len() as u64)
    }

    fn take(&mut self, reader: &mut LogFileReader<'_>) -> Result<(), PlayError> {
        while let Some(item) = reader.next_item()? {
            self.push_item(&item);
        }
        Ok(())
    }

    pub(super) fn push_item(&mut self, item: &LogFileItem<'_>) {
        match *item {
            LogFileItem::Frame { bytes, position, count, timestamp, hash } => {
                self.push((position, count), timestamp, bytes, hash);
            }
            LogFileItem::Leaf { leaf, position, count, hash } => {
                self.leaves.push(Leaf { before: self.frames.len(), position, count, leaf });
                self.end_at(position, count, hash);
            }
        }
    }

    /// Returns the end of the chain.
    pub(super) fn end(&self) -> Chain {
        self.end
    }

    /// Tells whether frames may be missing.
    pub(super) fn is_slice(&self) -> bool {
        self.is_slice
    }

    /// Returns what a slice is about, if it says so.
    pub(super) fn subject(&self) -> Option<Key> {
        self.subject
    }

    /// Returns the frames that are not shown, in order.
    pub(super) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Returns the frames that are not shown between a frame and the one before it.
    pub(super) fn leaves_before(&self, index: usize) -> &[Leaf] {
        let from = self.leaves.partition_point(|it| it.before < index);
        let to = self.leaves.partition_point(|it| it.before <= index);
        self.leaves.get(from..to).unwrap_or_default()
    }

    /// Tells whether the frame that holds a position is shown.
    pub(super) fn shows(&self, position: Position) -> bool {
        let next = self.leaves.partition_point(|it| it.position <= position);
        let leaf = next.checked_sub(1).and_then(|it| self.leaves.get(it));
        let is_hidden = leaf.is_some_and(|it| position.0 - it.position.0 < u64::from(it.count));
        !is_hidden && position <= self.end.position
    }

    pub(super) fn from_stored<'a>(
        frames: impl IntoIterator<Item = &'a StoredFrame>,
        limits: ReadLimits,
    ) -> Result<Self, PlayError> {
        let (mut journal, mut chain) = (Self::default(), Chain::default());
        for frame in frames {
            let view = FrameView::parse(&frame.body, &limits)?;
            chain.push_stored(frame)?;
            journal.push((view.position, view.count), view.timestamp, &frame.body, frame.hash);
        }
        Ok(journal)
    }

    /// Makes room for so many bytes of frames.
    pub(super) fn reserve(&mut self, bytes: usize) {
        // A size that is not true may be too much; then room is made as it is needed.
        let _ = self.bytes.try_reserve_exact(bytes.min(RESERVED_MAX));
    }

    pub(super) fn count(&self) -> usize {
        self.frames.len()
    }

    /// Returns the bytes of a frame and the chain hash after it.
    pub(super) fn frame(&self, index: usize) -> Option<(&[u8], Hash)> {
        let frame = self.frames.get(index)?;
        Some((self.bytes.get(frame.start..frame.end)?, frame.hash))
    }

    /// Returns where a frame begins.
    pub(super) fn position(&self, index: usize) -> Option<Position> {
        self.frames.get(index).map(|it| it.position)
    }

    /// Returns how many frames begin at or before a position.
    pub(super) fn until(&self, position: Position) -> usize {
        self.frames.partition_point(|frame| frame.position <= position)
    }

    /// Returns how many frames are not later than a time.
    pub(super) fn until_time(&self, timestamp: Timestamp) -> usize {
        self.frames.partition_point(|frame| frame.timestamp <= timestamp)
    }

    pub(super) fn push(
        &mut self,
        (position, count): (Position, u32),
        timestamp: Timestamp,
        bytes: &[u8],
        hash: Hash,
    ) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let end = self.bytes.len();
        self.frames.push(Indexed { start, end, position, timestamp, hash });
        self.end_at(position, count, hash);
    }

    fn end_at(&mut self, position: Position, count: u32, hash: Hash) {
        self.end = Chain { position: position.plus(u64::from(count).saturating_sub(1)), hash };
    }
}

/// What is reserved at most for bytes that were only announced.
const RESERVED_MAX: usize = 1 << 30;
