//! Snapshots: all rows of a state, in chunks, with everything that proves that they belong to a log.

use std::io::{self, Read};

use serde::Serialize;
use serde::de::DeserializeOwned;

use dacapo_engine::kernel::{
    DigestMode, Engine, EngineState, Machine, Row, StateDigest, Table, TableVisitor,
    TableVisitorMut, Tables,
};
use dacapo_engine::record::{FORMAT_VERSION, PartitionId, Position, SEMANTICS, Timestamp};

use super::{Chain, Hash, hex, leaf};

/// What a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotHeader {
    /// The version of the format.
    pub format: u16,
    /// The partition.
    pub partition: PartitionId,
    /// The life of the log.
    pub incarnation: u32,
    /// The last record that the state holds.
    pub position: Position,
    /// The time of the last frame.
    pub timestamp: Timestamp,
    /// The chain hash after the last frame.
    pub hash: Hash,
    /// The digest of the state.
    pub digest: StateDigest,
    /// The semantics of the program that took it.
    pub semantics: u32,
    /// How many chunks there are.
    pub chunks: u32,
}

/// A part of a snapshot, at most 1 MiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotChunk {
    /// The bytes.
    pub body: Vec<u8>,
    /// Their BLAKE3 hash.
    pub hash: Hash,
}

/// Why a snapshot is not used. The log is replayed instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The engine has no log yet.
    #[error("expected a log with genesis, found none")]
    Empty,
    /// A row cannot be encoded.
    #[error("expected rows that can be encoded: {0}")]
    Encode(String),
    /// The snapshot is of another version, partition or place.
    #[error("expected {what} {expected} in a snapshot, found {found}")]
    Header {
        /// The field.
        what: &'static str,
        /// What it had to be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A chunk is damaged or missing.
    #[error("expected chunk {0} of a snapshot whole, found it damaged or missing")]
    Chunk(u32),
    /// The rows are not the tables of this machine.
    #[error("expected the rows of table {table}: {reason}")]
    Rows {
        /// The table.
        table: &'static str,
        /// What the decoder says.
        reason: String,
    },
}

/// Takes a snapshot of an engine that followed a log to the end of `chain`.
///
/// # Errors
///
/// Fails before genesis, if the engine stands elsewhere, or if a row cannot be encoded.
pub fn take<M: Machine>(
    engine: &mut Engine<M>,
    chain: Chain,
) -> Result<(SnapshotHeader, Vec<SnapshotChunk>), SnapshotError> {
    let place = engine.place();
    check("position", place.position.0, chain.position.0)?;
    let control = engine.control().ok_or(SnapshotError::Empty)?;
    let (partition, incarnation) = (control.partition, control.incarnation);
    let mut write = WriteRows { open: Vec::new(), chunks: Vec::new(), error: None };
    engine.state().visit(&mut write);
    let chunks = write.finish()?;
    let header = SnapshotHeader {
        format: FORMAT_VERSION,
        partition,
        incarnation,
        position: place.position,
        timestamp: place.timestamp,
        hash: chain.hash,
        digest: engine.digest(),
        semantics: SEMANTICS,
        chunks: u32::try_from(chunks.len()).unwrap_or(u32::MAX),
    };
    Ok((header, chunks))
}

/// Loads a snapshot whole, or not at all.
///
/// # Errors
///
/// Fails if the header is of another version, a chunk is damaged or missing, the rows are not of this machine's tables, or
/// the digest of the rows is not the header's.
pub fn load<M: Machine>(
    header: &SnapshotHeader,
    chunks: &[SnapshotChunk],
    mode: DigestMode,
) -> Result<Engine<M>, SnapshotError> {
    check("format", u64::from(FORMAT_VERSION), u64::from(header.format))?;
    check("semantics", u64::from(SEMANTICS), u64::from(header.semantics))?;
    check("chunks", u64::from(header.chunks), chunks.len() as u64)?;
    for (number, chunk) in (0..).zip(chunks) {
        if leaf(&chunk.body) != chunk.hash {
            return Err(SnapshotError::Chunk(number));
        }
    }
    let mut state = EngineState::<M>::new();
    let mut rows = ReadRows { chunks: Chunks { chunks, at: 0 }, error: None };
    state.visit_mut(&mut rows);
    rows.finish()?;
    let mut engine = Engine::restore(state, header.position, header.timestamp, mode);
    let (expected, found) = (hex(&header.digest.bytes()), hex(&engine.full_digest().bytes()));
    if expected != found {
        return Err(SnapshotError::Header { what: "digest", expected, found });
    }
    let control = engine.control().ok_or(SnapshotError::Empty)?;
    check("partition", u64::from(control.partition.0), u64::from(header.partition.0))?;
    check("incarnation", u64::from(control.incarnation), u64::from(header.incarnation))?;
    Ok(engine)
}

/// The greatest chunk, in bytes.
pub const CHUNK_BYTES_MAX: usize = 1 << 20;

fn check(what: &'static str, expected: u64, found: u64) -> Result<(), SnapshotError> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (expected.to_string(), found.to_string());
    Err(SnapshotError::Header { what, expected, found })
}

struct WriteRows {
    open: Vec<u8>,
    chunks: Vec<SnapshotChunk>,
    error: Option<SnapshotError>,
}

impl WriteRows {
    fn put(&mut self, value: &impl Serialize) {
        if self.error.is_some() {
            return;
        }
        let mut serializer = rmp_serde::Serializer::new(&mut self.open).with_struct_map();
        if let Err(error) = value.serialize(&mut serializer) {
            self.error = Some(SnapshotError::Encode(error.to_string()));
        }
        while self.open.len() >= CHUNK_BYTES_MAX {
            let rest = self.open.split_off(CHUNK_BYTES_MAX);
            self.close(rest);
        }
    }

    fn close(&mut self, rest: Vec<u8>) {
        let body = std::mem::replace(&mut self.open, rest);
        let hash = leaf(&body);
        self.chunks.push(SnapshotChunk { body, hash });
    }

    fn finish(mut self) -> Result<Vec<SnapshotChunk>, SnapshotError> {
        self.close(Vec::new());
        self.error.map_or(Ok(self.chunks), Err)
    }
}

impl TableVisitor for WriteRows {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        self.put(&table.number());
        self.put(&table.count());
        for (key, row) in table.iter() {
            self.put(key);
            self.put(row);
        }
    }
}

struct ReadRows<'a> {
    chunks: Chunks<'a>,
    error: Option<SnapshotError>,
}

impl ReadRows<'_> {
    fn rows<K: Row + Ord, V: Row>(
        &mut self,
        table: &Table<K, V>,
    ) -> Result<Vec<(K, V)>, SnapshotError> {
        check("table", u64::from(table.number()), u64::from(self.next::<u16>(table.name())?))?;
        let count: u64 = self.next(table.name())?;
        let mut rows = Vec::new();
        for _ in 0..count {
            rows.push((self.next(table.name())?, self.next(table.name())?));
        }
        Ok(rows)
    }

    fn next<T: DeserializeOwned>(&mut self, table: &'static str) -> Result<T, SnapshotError> {
        rmp_serde::from_read(&mut self.chunks)
            .map_err(|error| SnapshotError::Rows { table, reason: error.to_string() })
    }

    fn finish(self) -> Result<(), SnapshotError> {
        match self.error {
            Some(error) => Err(error),
            None => check("bytes after the rows", 0, self.chunks.left()),
        }
    }
}

impl TableVisitorMut for ReadRows<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &mut Table<K, V>) {
        if self.error.is_some() {
            return;
        }
        match self.rows(table) {
            Ok(rows) => table.restore(rows),
            Err(error) => self.error = Some(error),
        }
    }
}

/// Reads chunks one after the other.
struct Chunks<'a> {
    chunks: &'a [SnapshotChunk],
    at: usize,
}

impl Chunks<'_> {
    fn left(&self) -> u64 {
        let bytes = self.chunks.iter().map(|chunk| chunk.body.len() as u64).sum::<u64>();
        bytes.saturating_sub(self.at as u64)
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some((first, rest)) = self.chunks.split_first() {
            let left = first.body.get(self.at..).unwrap_or_default();
            if left.is_empty() {
                (self.chunks, self.at) = (rest, 0);
                continue;
            }
            let count = left.len().min(out.len());
            let (from, to) = (left.get(..count), out.get_mut(..count));
            if let (Some(from), Some(to)) = (from, to) {
                to.copy_from_slice(from);
            }
            self.at += count;
            return Ok(count);
        }
        Ok(0)
    }
}
