//! Log files: a whole log, or a slice of one whose chain still verifies.
//!
//! ```text
//! "DACAPOLG" · format u16 · flags u8 (1: slice) · 0 u8 · partition u16 · position before u64 · hash before [32]
//! items:   0 · length u32 · frame bytes            a frame
//!          1 · position u64 · count u32 · leaf [32] a frame whose bytes stay elsewhere
//! trailer: 255 · items u64 · last position u64 · final hash [32]
//! ```
//! Numbers are little-endian. The trailer is last: a file that was cut is found out.

use std::ops::Range;
use std::sync::Arc;

use dacapo_engine::record::{PartitionId, Position};

use super::{Chain, ChainError, FrameView, Hash, ReadLimits, WireError, hex};

/// What stands before the first item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// The partition.
    pub partition: PartitionId,
    /// Whether frames may be missing.
    pub is_slice: bool,
    /// Where the chain stands before the first item.
    pub before: Chain,
}

/// One item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A frame: where its bytes stand in the file.
    Frame(Range<usize>),
    /// A frame whose bytes stay elsewhere.
    Leaf {
        /// Its position.
        position: Position,
        /// How many records it holds.
        count: u32,
        /// The hash of its bytes.
        leaf: Hash,
    },
}

/// A log file that was read: every item in place, the chain not yet followed.
#[derive(Clone, Debug)]
pub struct LogFile {
    bytes: Arc<[u8]>,
    header: FileHeader,
    items: Vec<Item>,
    end: Chain,
}

/// Why bytes are not a log file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The first bytes are others.
    #[error("expected a dacapo log file, found another kind of file")]
    Magic,
    /// The file is of another format.
    #[error("expected format version {FILE_VERSION}, found {0}")]
    Version(u16),
    /// The file ends too early.
    #[error("expected {expected} at byte {offset}, found the end of the file: it was cut")]
    Cut {
        /// What should stand there.
        expected: &'static str,
        /// The byte.
        offset: u64,
    },
    /// Something else stands there.
    #[error("expected {expected} at byte {offset}, found {found}")]
    Unexpected {
        /// What should stand there.
        expected: &'static str,
        /// The byte.
        offset: u64,
        /// What stands there.
        found: String,
    },
    /// A frame is not one.
    #[error("the frame at byte {offset}: {error}")]
    Frame {
        /// The byte at which the frame begins.
        offset: u64,
        /// What is wrong with it.
        error: WireError,
    },
    /// The frames do not follow each other.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

/// Writes a log file piece by piece; each call returns the bytes to write next.
#[derive(Clone, Debug)]
pub struct LogFileWriter {
    chain: Chain,
    items: u64,
}

impl LogFileWriter {
    /// Begins a file.
    pub fn begin(header: FileHeader) -> (Self, Vec<u8>) {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FILE_VERSION.to_le_bytes());
        bytes.extend_from_slice(&[u8::from(header.is_slice), 0]);
        bytes.extend_from_slice(&header.partition.0.to_le_bytes());
        bytes.extend_from_slice(&header.before.position.0.to_le_bytes());
        bytes.extend_from_slice(&header.before.hash);
        (Self { chain: header.before, items: 0 }, bytes)
    }

    /// Adds a frame.
    ///
    /// # Errors
    ///
    /// Fails if the frame is not the next one.
    pub fn frame(
        &mut self,
        position: Position,
        count: u32,
        body: &[u8],
    ) -> Result<Vec<u8>, ChainError> {
        self.chain.push(position, count, body)?;
        self.items += 1;
        let mut bytes = vec![TAG_FRAME];
        bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
        bytes.extend_from_slice(body);
        Ok(bytes)
    }

    /// Adds a frame whose bytes stay elsewhere.
    ///
    /// # Errors
    ///
    /// Fails if the frame is not the next one.
    pub fn leaf(
        &mut self,
        position: Position,
        count: u32,
        leaf: &Hash,
    ) -> Result<Vec<u8>, ChainError> {
        self.chain.push_leaf(position, count, leaf)?;
        self.items += 1;
        let mut bytes = vec![TAG_LEAF];
        bytes.extend_from_slice(&position.0.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(leaf);
        Ok(bytes)
    }

    /// Ends the file.
    pub fn end(self) -> Vec<u8> {
        let mut bytes = vec![TAG_END];
        bytes.extend_from_slice(&self.items.to_le_bytes());
        bytes.extend_from_slice(&self.chain.position.0.to_le_bytes());
        bytes.extend_from_slice(&self.chain.hash);
        bytes
    }
}

impl LogFile {
    /// Reads a file. Frames are checked for their form when they are used.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not exactly one log file, with the byte at which reading stopped.
    pub fn parse(bytes: Arc<[u8]>) -> Result<Self, FileError> {
        let mut cursor = Cursor { bytes: &bytes, at: 0 };
        let header = cursor.header()?;
        let mut items = Vec::new();
        let end = loop {
            match cursor.item()? {
                Piece::Item(item) => items.push(item),
                Piece::End { count, end } if count == items.len() as u64 => break end,
                Piece::End { count, .. } => {
                    let found = items.len().to_string();
                    return Err(
                        cursor.unexpected("the count of all items", format!("{count} for {found}"))
                    );
                }
            }
        };
        if cursor.at != bytes.len() {
            return Err(cursor.unexpected("the end of the file", "more bytes".into()));
        }
        Ok(Self { header, items, end, bytes })
    }

    /// Returns what stands before the first item.
    pub fn header(&self) -> FileHeader {
        self.header
    }

    /// Returns the items in order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the bytes of a frame.
    pub fn frame(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// Returns where the file says that the chain ends.
    pub fn end(&self) -> Chain {
        self.end
    }

    /// Follows the chain from the first item to the last and compares its end.
    ///
    /// # Errors
    ///
    /// Fails at the first frame that is not one, is not the next one, or is not the one that was hashed.
    pub fn check(&self, limits: &ReadLimits) -> Result<Chain, FileError> {
        let mut chain = self.header.before;
        for item in &self.items {
            self.follow(&mut chain, item, limits)?;
        }
        self.check_end(chain)
    }

    /// Compares the end of a chain that was followed with what the trailer says.
    ///
    /// # Errors
    ///
    /// Fails if they differ.
    pub fn check_end(&self, chain: Chain) -> Result<Chain, FileError> {
        if chain == self.end {
            return Ok(chain);
        }
        let expected = "the final position and hash of the trailer";
        let found = format!("position {} and {}", chain.position.0, hex(&chain.hash));
        Err(FileError::Unexpected { expected, offset: self.bytes.len() as u64, found })
    }

    fn follow(&self, chain: &mut Chain, item: &Item, limits: &ReadLimits) -> Result<(), FileError> {
        match item {
            Item::Frame(range) => {
                let bytes = self.frame(range);
                let view = FrameView::parse(bytes, limits)
                    .map_err(|error| FileError::Frame { offset: range.start as u64, error })?;
                chain.push(view.position, view.count, bytes)?;
            }
            Item::Leaf { position, count, leaf } => {
                chain.push_leaf(*position, *count, leaf)?;
            }
        }
        Ok(())
    }
}

enum Piece {
    Item(Item),
    End { count: u64, end: Chain },
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn header(&mut self) -> Result<FileHeader, FileError> {
        if self.array::<8>("the name of the format").map_err(|_| FileError::Magic)? != *MAGIC {
            return Err(FileError::Magic);
        }
        let version = u16::from_le_bytes(self.array("the format version")?);
        if version != FILE_VERSION {
            return Err(FileError::Version(version));
        }
        let [flags, reserved] = self.array("flags")?;
        if flags > 1 || reserved != 0 {
            return Err(self.unexpected("known flags", format!("{flags} and {reserved}")));
        }
        let partition = PartitionId(u16::from_le_bytes(self.array("the partition")?));
        Ok(FileHeader { partition, is_slice: flags == 1, before: self.chain()? })
    }

    fn item(&mut self) -> Result<Piece, FileError> {
        let [tag] = self.array("an item")?;
        match tag {
            TAG_FRAME => {
                let length = u32::from_le_bytes(self.array("the length of a frame")?) as usize;
                let start = self.at;
                self.skip(length, "a frame")?;
                Ok(Piece::Item(Item::Frame(start..self.at)))
            }
            TAG_LEAF => {
                let position = Position(u64::from_le_bytes(self.array("a position")?));
                let count = u32::from_le_bytes(self.array("a count")?);
                Ok(Piece::Item(Item::Leaf { position, count, leaf: self.array("a leaf")? }))
            }
            TAG_END => {
                let count = u64::from_le_bytes(self.array("the count of items")?);
                Ok(Piece::End { count, end: self.chain()? })
            }
            other => Err(self.unexpected("an item", format!("tag {other}"))),
        }
    }

    fn chain(&mut self) -> Result<Chain, FileError> {
        let position = Position(u64::from_le_bytes(self.array("a position")?));
        Ok(Chain { position, hash: self.array("a hash")? })
    }

    fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], FileError> {
        let offset = self.at as u64;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let array = *rest.first_chunk::<N>().ok_or(FileError::Cut { expected, offset })?;
        self.at += N;
        Ok(array)
    }

    fn skip(&mut self, length: usize, expected: &'static str) -> Result<(), FileError> {
        let offset = self.at as u64;
        if self.bytes.len().saturating_sub(self.at) < length {
            return Err(FileError::Cut { expected, offset });
        }
        self.at += length;
        Ok(())
    }

    fn unexpected(&self, expected: &'static str, found: String) -> FileError {
        FileError::Unexpected { expected, offset: self.at as u64, found }
    }
}

/// The version of the file format.
pub const FILE_VERSION: u16 = 1;

const MAGIC: &[u8; 8] = b"DACAPOLG";
const TAG_FRAME: u8 = 0;
const TAG_LEAF: u8 = 1;
const TAG_END: u8 = 255;
