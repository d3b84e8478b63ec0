//! Log files: a whole log, or a slice of one that shows some frames and only the leaves of the others.
//!
//! ```text
//! header   "DACAPOLG" · format u16 · flags u16 · partition u16 · first position u64 · hash before it 32 · genesis
//! genesis  length u32 · bytes; only in a file that does not show the frame of genesis itself
//! frame    1 · length u32 · bytes
//! leaf     2 · position u64 · count u32 · leaf 32
//! trailer  3 · number of frames and leaves u64 · last position u64 · last hash 32
//! ```
//!
//! Numbers are big endian. A file without its trailer was cut off.

use dacapo_engine::record::{FORMAT_VERSION, PartitionId, Position};

use super::{Chain, ChainError, FrameView, Hash, ReadLimits, WireError, hex};

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

/// Why bytes are not a log file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("log file at byte {offset}, after position {}: {problem}", position.0)]
pub struct LogFileError {
    /// The byte of the file.
    pub offset: u64,
    /// The last position that was read.
    pub position: Position,
    /// What was expected and what was found.
    pub problem: LogFileProblem,
}

/// What is wrong with a log file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogFileProblem {
    /// The bytes are not of a log file.
    #[error("expected a log file, found other bytes")]
    Magic,
    /// Another program wrote it.
    #[error("expected format version {FORMAT_VERSION}, found {0}")]
    Format(u16),
    /// A flag or a tag that this version does not know.
    #[error("expected a known {0}, found {1}")]
    Unknown(&'static str, u16),
    /// The file ends too early.
    #[error("expected {needed} more bytes, found {left}: the file was cut off")]
    Truncated {
        /// What should be there.
        needed: u64,
        /// What is there.
        left: u64,
    },
    /// Bytes after the trailer.
    #[error("expected the end of the file, found {0} more bytes")]
    Trailing(u64),
    /// A leaf in a file that is not a slice.
    #[error("expected only frames in a whole log, found a leaf")]
    Leaf,
    /// A frame of another partition.
    #[error("expected a frame of partition {}, found one of partition {}", expected.0, found.0)]
    Partition {
        /// The file's.
        expected: PartitionId,
        /// The frame's.
        found: PartitionId,
    },
    /// The trailer does not agree with what was read.
    #[error("expected {expected} at the end of the file, found {found}")]
    Trailer {
        /// What the trailer says.
        expected: String,
        /// What was read.
        found: String,
    },
    /// A frame is malformed.
    #[error(transparent)]
    Wire(WireError),
    /// A frame is not the next one.
    #[error(transparent)]
    Chain(ChainError),
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
    limits: ReadLimits,
    header: LogFileHeader,
    chain: Chain,
    items: u64,
    is_over: bool,
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
        out.extend_from_slice(&u16::from(header.is_slice).to_be_bytes());
        out.extend_from_slice(&header.partition.0.to_be_bytes());
        out.extend_from_slice(&header.before.position.next().0.to_be_bytes());
        out.extend_from_slice(&header.before.hash);
        let genesis = header.genesis.as_deref().unwrap_or_default();
        out.extend_from_slice(&(genesis.len() as u32).to_be_bytes());
        out.extend_from_slice(genesis);
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
        };
        let chain = Chain::default();
        let mut reader = Self { bytes, offset: 0, limits, header, chain, items: 0, is_over: false };
        reader.read_header().map_err(|problem| reader.error(problem))?;
        Ok(reader)
    }

    /// Returns what the head of the file says.
    pub fn header(&self) -> &LogFileHeader {
        &self.header
    }

    /// Returns the end of the chain as far as it was read.
    pub fn chain(&self) -> Chain {
        self.chain
    }

    /// Returns the next frame or leaf; none after the trailer was found to agree with all that was read.
    ///
    /// # Errors
    ///
    /// Fails if the file is cut off or damaged. What follows a damage is not read.
    pub fn next_item(&mut self) -> Result<Option<LogFileItem<'a>>, LogFileError> {
        if self.is_over {
            return Ok(None);
        }
        let start = self.offset;
        self.read_item().map_err(|problem| {
            self.is_over = true;
            LogFileError { offset: start as u64, position: self.chain.position, problem }
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
        if flags > 1 {
            return Err(LogFileProblem::Unknown("flag", flags));
        }
        let partition = PartitionId(u16::from_be_bytes(self.array()?));
        let first = u64::from_be_bytes(self.array()?);
        let before = Position(first.checked_sub(1).ok_or(LogFileProblem::Magic)?);
        let hash = self.array()?;
        let length = u64::from(u32::from_be_bytes(self.array()?));
        let genesis = self.take(length)?;
        self.header = LogFileHeader {
            is_slice: flags == 1,
            partition,
            before: Chain { position: before, hash },
            genesis: (!genesis.is_empty()).then(|| genesis.to_vec()),
        };
        self.chain = self.header.before;
        Ok(())
    }

    fn read_item(&mut self) -> Result<Option<LogFileItem<'a>>, LogFileProblem> {
        let [tag] = self.array()?;
        match tag {
            FRAME => self.read_frame().map(Some),
            LEAF if self.header.is_slice => self.read_leaf().map(Some),
            LEAF => Err(LogFileProblem::Leaf),
            TRAILER => self.read_trailer().map(|()| None),
            other => Err(LogFileProblem::Unknown("tag", u16::from(other))),
        }
    }

    fn read_frame(&mut self) -> Result<LogFileItem<'a>, LogFileProblem> {
        let length = u64::from(u32::from_be_bytes(self.array()?));
        let bytes = self.take(length)?;
        let view = FrameView::parse(bytes, &self.limits).map_err(LogFileProblem::Wire)?;
        if view.partition != self.header.partition {
            let (expected, found) = (self.header.partition, view.partition);
            return Err(LogFileProblem::Partition { expected, found });
        }
        let (position, count) = (view.position, view.count);
        let hash = self.chain.push(position, count, bytes).map_err(LogFileProblem::Chain)?;
        self.items += 1;
        Ok(LogFileItem::Frame { bytes, position, count, hash })
    }

    fn read_leaf(&mut self) -> Result<LogFileItem<'a>, LogFileProblem> {
        let position = Position(u64::from_be_bytes(self.array()?));
        let count = u32::from_be_bytes(self.array()?);
        let leaf = self.array()?;
        let hash = self.chain.push_leaf(position, count, &leaf).map_err(LogFileProblem::Chain)?;
        self.items += 1;
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
        let found = say(self.items, self.chain.position.0, &self.chain.hash);
        if expected != found {
            return Err(LogFileProblem::Trailer { expected, found });
        }
        self.is_over = true;
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
        LogFileError { offset: self.offset as u64, position: self.chain.position, problem }
    }
}

impl<'a> Iterator for LogFileReader<'a> {
    type Item = Result<LogFileItem<'a>, LogFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_item().transpose()
    }
}

const MAGIC: &[u8] = b"DACAPOLG";
const FRAME: u8 = 1;
const LEAF: u8 = 2;
const TRAILER: u8 = 3;
