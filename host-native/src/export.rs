//! A log file made of a store, piece by piece: the whole log, a run of it, or the slice of one process instance.

use std::collections::BTreeSet;

use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{address, needs, parked_for};
use dacapo_engine::record::{Key, PartitionId, Position};
use dacapo_log::wire::{
    Chain, ChainError, LogFileHeader, LogFileWriter, OutcomeKind, StoredFrame, WireError, decode,
    leaf,
};

use crate::store::{Reading, Store, StoreError, Table};

/// What of a log goes into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The frame of this record is the first.
    pub from: Position,
    /// The frame of this record is the last; without one, it is the end of the log as it is when the export begins.
    pub to: Option<Position>,
    /// The frames that touched this process instance, those that they build on, and control records; leaves stand for all others.
    pub instance: Option<Key>,
}

/// A log file in the making.
pub struct Export {
    reading: Reading,
    chain: Chain,
    writer: Option<LogFileWriter>,
    shown: Option<Shown>,
    begin: Vec<u8>,
    total: u64,
}

/// What a slice shows.
#[derive(Default)]
struct Shown {
    frames: BTreeSet<Position>,
    /// Work of the instance that waits for its turn: the frames that resume it are known only when they come.
    parked: BTreeSet<Key>,
}

/// Why a log could not be exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A frame is malformed.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The frames do not follow each other.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// There is no log, or it does not reach that far.
    #[error("expected a log that reaches position {}, found one that ends at {}", expected.0, found.0)]
    TooShort {
        /// What was asked for.
        expected: Position,
        /// The end of the log.
        found: Position,
    },
    /// The instance never was.
    #[error("expected a process instance with key {0}, found none")]
    NoInstance(Key),
    /// The read model, which knows the frames of an instance, has not been written so far.
    #[error("expected the read model at position {}, found it at {}: start the server once", head.0, projected.0)]
    Behind {
        /// The end of the log.
        head: Position,
        /// The read model's.
        projected: Position,
    },
}

impl Span {
    /// The whole log.
    pub const ALL: Self = Self { from: Position::FIRST, to: None, instance: None };
}

impl Export {
    /// Begins a file.
    ///
    /// # Errors
    /// What the store said, or that there is no such log or instance.
    pub async fn begin(
        store: &Store,
        partition: PartitionId,
        span: Span,
    ) -> Result<Self, ExportError> {
        let head = store.head(partition).await?.map_or(Position(0), |it| it.position);
        let last = span.to.unwrap_or(head);
        if last > head || span.from > head.next() {
            let expected = last.max(Position(span.from.0.saturating_sub(1)));
            return Err(ExportError::TooShort { expected, found: head });
        }
        let first = first_of(store, partition, span.from).await?;
        let before = chain_before(store, partition, first).await?;
        let shown = match span.instance {
            Some(instance) => Some(frames_of(store, partition, instance, head).await?),
            None => None,
        };
        let genesis = if first == Position::FIRST {
            None
        } else {
            let genesis = store.read_one(partition, Position::FIRST).await?;
            genesis.map(|it| it.body.to_vec())
        };
        let (is_slice, subject) = (shown.is_some(), span.instance);
        let header = LogFileHeader { is_slice, partition, before, genesis, subject };
        let writer = LogFileWriter::new(header);
        let begin = writer.header();
        let reading = store.reading(partition, first, last);
        let total = (last.0 + 1).saturating_sub(first.0);
        Ok(Self { reading, chain: before, writer: Some(writer), shown, begin, total })
    }

    /// Returns how many records the file covers.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns the next bytes of the file and how many more records they cover; none at the end.
    ///
    /// # Errors
    /// What the store said, or that frames do not follow each other.
    pub async fn next(&mut self) -> Result<Option<(Vec<u8>, u64)>, ExportError> {
        let Some(writer) = &mut self.writer else { return Ok(None) };
        let frames = self.reading.next(FRAMES_PER_READ).await?;
        let mut bytes = std::mem::take(&mut self.begin);
        for frame in &frames {
            check(&mut self.chain, frame)?;
            bytes.extend(piece(writer, frame, self.shown.as_ref())?);
        }
        if frames.is_empty() {
            bytes.extend(self.writer.take().map(LogFileWriter::trailer).unwrap_or_default());
        }
        Ok(Some((bytes, frames.iter().map(|it| u64::from(it.count)).sum())))
    }
}

/// Checks that the bytes are those that were hashed: a damaged store makes no sound file.
fn check(chain: &mut Chain, frame: &StoredFrame) -> Result<(), ChainError> {
    let found = chain.push(frame.position, frame.count, &frame.body)?;
    if found == frame.hash {
        return Ok(());
    }
    Err(ChainError::Hash { position: frame.position, expected: frame.hash, found })
}

fn piece(
    writer: &mut LogFileWriter,
    frame: &StoredFrame,
    shown: Option<&Shown>,
) -> Result<Vec<u8>, ExportError> {
    let is_shown = match shown {
        None => true,
        Some(shown) => {
            frame.outcome == OutcomeKind::Control
                || shown.frames.contains(&frame.position)
                || shown.resumes(frame)?
        }
    };
    Ok(if is_shown {
        writer.frame(frame.position, frame.count, &frame.body)?
    } else {
        writer.leaf(frame.position, frame.count, &leaf(&frame.body))?
    })
}

impl Shown {
    fn resumes(&self, stored: &StoredFrame) -> Result<bool, ExportError> {
        if self.parked.is_empty() || stored.intent != CONTINUE {
            return Ok(false);
        }
        let frame = decode::<Process>(&stored.body)?;
        Ok(address(&frame).is_some_and(|key| self.parked.contains(&key)))
    }
}

/// Returns the position of the frame that holds a record.
async fn first_of(
    store: &Store,
    partition: PartitionId,
    from: Position,
) -> Result<Position, ExportError> {
    if from <= Position::FIRST {
        return Ok(Position::FIRST);
    }
    Ok(store.read_one(partition, from).await?.map_or(from, |it| it.position))
}

async fn chain_before(
    store: &Store,
    partition: PartitionId,
    first: Position,
) -> Result<Chain, ExportError> {
    let position = Position(first.0.saturating_sub(1));
    let frame = store.read_one(partition, position).await?;
    Ok(frame.map_or(Chain::default(), |it| Chain { position, hash: it.hash }))
}

/// Returns the frames that touched an instance, and those that they build on: what was deployed, and messages.
async fn frames_of(
    store: &Store,
    partition: PartitionId,
    instance: Key,
    head: Position,
) -> Result<Shown, ExportError> {
    let projected = store.projected(partition).await?;
    if projected < head {
        return Err(ExportError::Behind { head, projected });
    }
    let row = store.get(partition, Table::ProcessInstance, instance).await?;
    row.ok_or(ExportError::NoInstance(instance))?;
    let mut asked = Vec::new();
    let mut after = Position(0);
    loop {
        let more = store.positions_of(partition, instance, after, FRAMES_PER_READ).await?;
        let Some(last) = more.last() else { break };
        after = *last;
        asked.extend(more);
    }
    let mut shown = Shown::default();
    while let Some(position) = asked.pop() {
        let Some(stored) = store.read_one(partition, position).await? else { continue };
        if shown.frames.insert(stored.position) {
            let frame = decode::<Process>(&stored.body)?;
            asked.extend(needs(&frame));
            shown.parked.extend(parked_for(instance, &frame));
        }
    }
    Ok(shown)
}

/// The intent of the command that resumes parked work.
const CONTINUE: &str = "work.continue";
const FRAMES_PER_READ: u32 = 500;
