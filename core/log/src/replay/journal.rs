//! The frames of a whole log, indexed by position and time.

use dacapo_engine::record::{Position, Timestamp};

use crate::wire::{
    Chain, ChainError, FrameView, Hash, LogFileItem, LogFileReader, ReadLimits, StoredFrame,
};

use super::PlayError;

/// All frames of a log, their chain checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    bytes: Vec<u8>,
    frames: Vec<Indexed>,
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
        journal.take(&mut reader)?;
        Ok(journal)
    }

    /// Takes the frames of a file that begins where this log ends; all or none. Returns how many there were.
    pub(super) fn extend(&mut self, file: &[u8], limits: ReadLimits) -> Result<u64, PlayError> {
        let mut reader = LogFileReader::new(file, limits)?;
        let before = reader.header().before;
        let end = self.end();
        if before.position != end.position {
            return Err(PlayError::Start(before.position.next()));
        }
        if before.hash != end.hash {
            let (position, expected, found) = (end.position, end.hash, before.hash);
            return Err(ChainError::Hash { position, expected, found }.into());
        }
        let mut more = Self::default();
        more.take(&mut reader)?;
        let shift = self.bytes.len();
        self.bytes.append(&mut more.bytes);
        let shifted =
            |it: &Indexed| Indexed { start: it.start + shift, end: it.end + shift, ..*it };
        self.frames.extend(more.frames.iter().map(shifted));
        Ok(more.frames.len() as u64)
    }

    fn take(&mut self, reader: &mut LogFileReader<'_>) -> Result<(), PlayError> {
        while let Some(item) = reader.next_item()? {
            match item {
                LogFileItem::Frame { bytes, position, timestamp, hash, .. } => {
                    self.push(position, timestamp, bytes, hash);
                }
                LogFileItem::Leaf { position, .. } => return Err(PlayError::Slice(position)),
            }
        }
        Ok(())
    }

    /// Returns the end of the chain.
    pub(super) fn end(&self) -> Chain {
        let Some(frame) = self.frames.last() else { return Chain::default() };
        let bytes = self.bytes.get(frame.start..frame.end).unwrap_or_default();
        let count = FrameView::parse_checked(bytes).map_or(1, |it| it.count);
        Chain { position: frame.position.plus(u64::from(count) - 1), hash: frame.hash }
    }

    pub(super) fn from_stored<'a>(
        frames: impl IntoIterator<Item = &'a StoredFrame>,
        limits: ReadLimits,
    ) -> Result<Self, PlayError> {
        let (mut journal, mut chain) = (Self::default(), Chain::default());
        for frame in frames {
            let view = FrameView::parse(&frame.body, &limits)?;
            chain.push_stored(frame)?;
            journal.push(view.position, view.timestamp, &frame.body, frame.hash);
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
        position: Position,
        timestamp: Timestamp,
        bytes: &[u8],
        hash: Hash,
    ) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let end = self.bytes.len();
        self.frames.push(Indexed { start, end, position, timestamp, hash });
    }
}

/// What is reserved at most for bytes that were only announced.
const RESERVED_MAX: usize = 1 << 30;
