//! Log files: a whole log, or a slice of one that shows some frames and only the leaves of the others.
//!
//! ```text
//! header   "DACAPOLG" · format u16 · flags u16 · partition u16 · first position u64 · hash before it 32 · genesis · subject
//! genesis  length u32 · bytes; only in a file that does not show the frame of genesis itself
//! subject  key u64; only in a slice that says (flag 2) which entity it is about
//! frame    1 · length u32 · bytes
//! leaf     2 · position u64 · count u32 · leaf 32
//! trailer  3 · number of frames and leaves u64 · last position u64 · last hash 32
//! ```
//!
//! Numbers are big endian. A file without its trailer was cut off.

use dacapo_engine::record::{FORMAT_VERSION, Key, PartitionId, Position, Timestamp};

use super::file_error::{LogFileError, LogFileProblem};
use super::{Chain, ChainError, FrameView, Hash, ReadLimits, hex};

/// What the head of a log file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFileHeader {
    /// Whether some frames may be missing, their leaves in their place.
    pub is_slice: bool,
    /// The partition.
    pub partition: PartitionId,
    /// The end of the chain before the first frame or leaf.
    pub before: Chain,
    /// The bytes of the frame of genesis, if the file does not show it at its place.
    pub genesis: Option<Vec<u8>>,
    /// The entity that a slice shows the history of; the frames that it shows may tell of others as well, but not all.
    pub subject: Option<Key>,
}

/// What stands in a log file, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFileItem<'a> {
    /// A frame.
    Frame {
        /// The bytes.
        bytes: &'a [u8],
        /// The position of its first record.
        position: Position,
        /// How many records it holds.
        count: u32,
        /// The time of the step.
        timestamp: Timestamp,
        /// The chain hash after it.
        hash: Hash,
    },
    /// The leaf of a frame that is not shown. Its content cannot be verified, only that the chain goes through it.
    Leaf {
        /// The hash of the frame's bytes.
        leaf: Hash,
        /// The position of its first record.
        position: Position,
        /// How many records it holds.
        count: u32,
        /// The chain hash after it.
        hash: Hash,
    },
}

/// Writes a log file piece by piece: every function returns the bytes that come next.
#[derive(Clone, Debug)]
pub struct LogFileWriter {
    header: LogFileHeader,
    chain: Chain,
    items: u64,
}

/// Reads a log file item by item.
#[derive(Clone, Debug)]
pub struct LogFileReader<'a> {
    bytes: &'a [u8],
    offset: usize,
    place: LogFilePlace,
}

/// How far a log file was read: what a reader needs to go on in bytes that come later.
#[derive(Clone, Debug)]
pub struct LogFilePlace {
    /// The byte of the file where the bytes at hand begin.
    base: u64,
    limits: ReadLimits,
    header: LogFileHeader,
    chain: Chain,
    items: u64,
    is_over: bool,
}

impl LogFilePlace {
    /// Returns what the head of the file says.
    pub fn header(&self) -> &LogFileHeader {
        &self.header
    }

    /// Makes the error of bytes that came after the trailer.
    pub fn trailing(&self, bytes: u64) -> LogFileError {
        let (offset, position) = (self.base, self.chain.position);
        LogFileError { offset, position, problem: LogFileProblem::Trailing(bytes) }
    }
}

impl LogFileWriter {
    /// Begins a file.
    pub fn new(header: LogFileHeader) -> Self {
        let chain = header.before;
        Self { header, chain, items: 0 }
    }

    /// Returns the head of the file.
    pub fn header(&self) -> Vec<u8> {
        let header = &self.header;
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&FORMAT_VERSION.to_be_bytes());
        let subject = header.subject.filter(|_| header.is_slice);
        let flags = (u16::from(header.is_slice) * SLICE) | (u16::from(subject.is_some()) * SUBJECT);
        out.extend_from_slice(&flags.to_be_bytes());
        out.extend_from_slice(&header.partition.0.to_be_bytes());
        out.extend_from_slice(&header.before.position.next().0.to_be_bytes());
        out.extend_from_slice(&header.before.hash);
        let genesis = header.genesis.as_deref().unwrap_or_default();
        out.extend_from_slice(&(genesis.len() as u32).to_be_bytes());
        out.extend_from_slice(genesis);
        if let Some(subject) = subject {
            out.extend_from_slice(&subject.0.to_be_bytes());
        }
        out
    }

    /// Returns the next frame as it stands in the file.
    ///
    /// # Errors
    ///
    /// Fails if it is not the next frame.
    pub fn frame(
        &mut self,
        position: Position,
        count: u32,
        bytes: &[u8],
    ) -> Result<Vec<u8>, ChainError> {
        self.chain.push(position, count, bytes)?;
        self.items += 1;
        let mut out = vec![FRAME];
        out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        out.extend_from_slice(bytes);
        Ok(out)
    }

    /// Returns the leaf of the next frame, which is not shown.
    ///
    /// # Errors
    ///
    /// Fails if it is not the next frame.
    pub fn leaf(
        &mut self,
        position: Position,
        count: u32,
        leaf: &Hash,
    ) -> Result<Vec<u8>, ChainError> {
        self.chain.push_leaf(position, count, leaf)?;
        self.items += 1;
        let mut out = vec![LEAF];
        out.extend_from_slice(&position.0.to_be_bytes());
        out.extend_from_slice(&count.to_be_bytes());
        out.extend_from_slice(leaf);
        Ok(out)
    }

    /// Returns the end of the file.
    pub fn trailer(self) -> Vec<u8> {
        let mut out = vec![TRAILER];
        out.extend_from_slice(&self.items.to_be_bytes());
        out.extend_from_slice(&self.chain.position.0.to_be_bytes());
        out.extend_from_slice(&self.chain.hash);
        out
    }
}

impl<'a> LogFileReader<'a> {
    /// Reads the head of a file.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not a log file of this version.
    pub fn new(bytes: &'a [u8], limits: ReadLimits) -> Result<Self, LogFileError> {
        let header = LogFileHeader {
            is_slice: false,
            partition: PartitionId(0),
            before: Chain::default(),
            genesis: None,
            subject: None,
        };
        let chain = Chain::default();
        let place = LogFilePlace { base: 0, limits, header, chain, items: 0, is_over: false };
        let mut reader = Self::at(bytes, place);
        reader.read_header().map_err(|problem| reader.error(problem))?;
        Ok(reader)
    }

    /// Goes on where another reader stopped, with the bytes from there on.
    pub fn at(bytes: &'a [u8], place: LogFilePlace) -> Self {
        Self { bytes, offset: 0, place }
    }

    /// Stops; returns where, and the bytes that were not read.
    pub fn stop(self) -> (LogFilePlace, &'a [u8]) {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        (LogFilePlace { base: self.place.base + self.offset as u64, ..self.place }, rest)
    }

    /// Tells whether the next item is there whole, or says of itself that it cannot be. Otherwise more bytes are needed.
    pub fn is_ready(&self) -> bool {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let (needed, is_absurd) = match rest {
            [] => return self.place.is_over,
            [FRAME, a, b, c, d, ..] => {
                let length = u32::from_be_bytes([*a, *b, *c, *d]);
                (u64::from(length) + 5, length > self.place.limits.frame_bytes)
            }
            [FRAME, ..] => (5, false),
            [LEAF, ..] => (1 + 8 + 4 + 32, false),
            [TRAILER, ..] => (1 + 8 + 8 + 32, false),
            [_, ..] => (1, false),
        };
        is_absurd || needed <= rest.len() as u64
    }

    /// Tells whether the trailer was read.
    pub fn is_over(&self) -> bool {
        self.place.is_over
    }

    /// Returns what the head of the file says.
    pub fn header(&self) -> &LogFileHeader {
        &self.place.header
    }

    /// Returns the end of the chain as far as it was read.
    pub fn chain(&self) -> Chain {
        self.place.chain
    }

    /// Returns the next frame or leaf; none after the trailer was found to agree with all that was read.
    ///
    /// # Errors
    ///
    /// Fails if the file is cut off or damaged. What follows a damage is not read.
    pub fn next_item(&mut self) -> Result<Option<LogFileItem<'a>>, LogFileError> {
        if self.place.is_over {
            return Ok(None);
        }
        let start = self.offset;
        self.read_item().map_err(|problem| {
            self.place.is_over = true;
            LogFileError {
                offset: self.place.base + start as u64,
                position: self.place.chain.position,
                problem,
            }
        })
    }

    fn read_header(&mut self) -> Result<(), LogFileProblem> {
        if self.take(MAGIC.len() as u64).map_err(|_| LogFileProblem::Magic)? != MAGIC {
            return Err(LogFileProblem::Magic);
        }
        let format = u16::from_be_bytes(self.array()?);
        if format != FORMAT_VERSION {
            return Err(LogFileProblem::Format(format));
        }
        let flags = u16::from_be_bytes(self.array()?);
        if !matches!(flags, 0 | SLICE | SLICE_WITH_SUBJECT) {
            return Err(LogFileProblem::Unknown("flag", flags));
        }
        let partition = PartitionId(u16::from_be_bytes(self.array()?));
        let first = u64::from_be_bytes(self.array()?);
        let before = Position(first.checked_sub(1).ok_or(LogFileProblem::Magic)?);
        let hash = self.array()?;
        let length = u64::from(u32::from_be_bytes(self.array()?));
        let genesis = self.take(length)?;
        let has_subject = flags == SLICE_WITH_SUBJECT;
        let subject = if has_subject { Some(Key(u64::from_be_bytes(self.array()?))) } else { None };
        self.place.header = LogFileHeader {
            is_slice: flags != 0,
            partition,
            before: Chain { position: before, hash },
            genesis: (!genesis.is_empty()).then(|| genesis.to_vec()),
            subject,
        };
        self.place.chain = self.place.header.before;
        Ok(())
    }

    fn read_item(&mut self) -> Result<Option<LogFileItem<'a>>, LogFileProblem> {
        let [tag] = self.array()?;
        match tag {
            FRAME => self.read_frame().map(Some),
            LEAF if self.place.header.is_slice => self.read_leaf().map(Some),
            LEAF => Err(LogFileProblem::Leaf),
            TRAILER => self.read_trailer().map(|()| None),
            other => Err(LogFileProblem::Unknown("tag", u16::from(other))),
        }
    }

    fn read_frame(&mut self) -> Result<LogFileItem<'a>, LogFileProblem> {
        let length = u64::from(u32::from_be_bytes(self.array()?));
        let bytes = self.take(length)?;
        let view = FrameView::parse(bytes, &self.place.limits).map_err(LogFileProblem::Wire)?;
        if view.partition != self.place.header.partition {
            let (expected, found) = (self.place.header.partition, view.partition);
            return Err(LogFileProblem::Partition { expected, found });
        }
        let (position, count, timestamp) = (view.position, view.count, view.timestamp);
        let hash = self.place.chain.push(position, count, bytes).map_err(LogFileProblem::Chain)?;
        self.place.items += 1;
        Ok(LogFileItem::Frame { bytes, position, count, timestamp, hash })
    }

    fn read_leaf(&mut self) -> Result<LogFileItem<'a>, LogFileProblem> {
        let position = Position(u64::from_be_bytes(self.array()?));
        let count = u32::from_be_bytes(self.array()?);
        let leaf = self.array()?;
        let hash =
            self.place.chain.push_leaf(position, count, &leaf).map_err(LogFileProblem::Chain)?;
        self.place.items += 1;
        Ok(LogFileItem::Leaf { leaf, position, count, hash })
    }

    fn read_trailer(&mut self) -> Result<(), LogFileProblem> {
        let items = u64::from_be_bytes(self.array()?);
        let position = u64::from_be_bytes(self.array()?);
        let hash: Hash = self.array()?;
        let say = |items: u64, position: u64, hash: &Hash| {
            format!("{items} frames to position {position} with hash {}", hex(hash))
        };
        let expected = say(items, position, &hash);
        let found = say(self.place.items, self.place.chain.position.0, &self.place.chain.hash);
        if expected != found {
            return Err(LogFileProblem::Trailer { expected, found });
        }
        self.place.is_over = true;
        match self.left() {
            0 => Ok(()),
            left => Err(LogFileProblem::Trailing(left)),
        }
    }

    fn left(&self) -> u64 {
        self.bytes.len().saturating_sub(self.offset) as u64
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], LogFileProblem> {
        let end = usize::try_from(length).ok().and_then(|it| self.offset.checked_add(it));
        let Some(bytes) = end.and_then(|end| self.bytes.get(self.offset..end)) else {
            return Err(LogFileProblem::Truncated { needed: length, left: self.left() });
        };
        self.offset += bytes.len();
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], LogFileProblem> {
        let bytes = self.take(N as u64)?;
        let truncated = LogFileProblem::Truncated { needed: N as u64, left: self.left() };
        bytes.first_chunk().copied().ok_or(truncated)
    }

    fn error(&self, problem: LogFileProblem) -> LogFileError {
        let offset = self.place.base + self.offset as u64;
        LogFileError { offset, position: self.place.chain.position, problem }
    }
}

impl<'a> Iterator for LogFileReader<'a> {
    type Item = Result<LogFileItem<'a>, LogFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_item().transpose()
    }
}

const MAGIC: &[u8] = b"DACAPOLG";
const SLICE: u16 = 1;
const SUBJECT: u16 = 2;
const SLICE_WITH_SUBJECT: u16 = SLICE | SUBJECT;
const FRAME: u8 = 1;
const LEAF: u8 = 2;
const TRAILER: u8 = 3;
