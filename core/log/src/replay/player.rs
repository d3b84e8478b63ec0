//! Plays a log: to a position, a command or a time, forward and back.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use dacapo_engine::kernel::{Change, DigestMode, Engine, Frame, Machine, Place, ReplayError, Undo};
use dacapo_engine::record::{Position, Timestamp};

use super::diff::Snapshot;
use super::fork::Fork;
use crate::wire::{
    ChainError, FileError, FileHeader, FrameView, Item, LogFile, LogFileWriter, ReadLimits,
    StoredFrame, WireError, decode_view,
};

/// A log that is being played, and the state at one place of it.
pub struct Player<M: Machine> {
    file: LogFile,
    entries: Vec<Entry>,
    engine: Engine<M>,
    next: usize,
    undo: VecDeque<Undo>,
    keep: Keep<M>,
}

/// Where to go. Each includes the whole step that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Before the first record.
    Start,
    /// After the step that holds this record.
    Position(Position),
    /// After the step that this request id asked for.
    Request(Arc<str>),
    /// After the last step with this timestamp or an earlier one.
    Time(Timestamp),
    /// After the last step.
    End,
}

/// A step that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView<M: Machine> {
    /// The frame.
    pub frame: Frame<M>,
    /// The rows that it changed.
    pub changes: Vec<Change>,
}

/// Why a log cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file is not one, or its chain does not verify.
    #[error(transparent)]
    File(#[from] FileError),
    /// The frames do not follow each other.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The log does not begin with genesis.
    #[error("expected a log from its first record on, found one from position {}", .0.0)]
    NoGenesis(Position),
}

/// Why a step cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// The bytes are not a frame.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The frame does not fit the state.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// No step is like that.
    #[error("expected {0} in the log, found none")]
    NotFound(String),
}

/// Where an item stands, without decoding it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    position: Position,
    count: u32,
    /// The timestamp of the frame, or of the last one before a leaf.
    timestamp: Timestamp,
}

/// States on the way, so that going back does not begin at genesis.
struct Keep<M: Machine> {
    every: usize,
    states: BTreeMap<usize, Engine<M>>,
}

impl<M: Machine> Player<M> {
    /// Opens a log file: its chain is followed to the end, and the player stands at the start.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged, with the place.
    pub fn open(file: LogFile, limits: &ReadLimits) -> Result<Self, OpenError> {
        let before = file.header().before;
        if before.position != Position(0) {
            return Err(OpenError::NoGenesis(before.position.next()));
        }
        file.check(limits)?;
        let entries = entries(&file, limits)?;
        let is_whole = !file.items().iter().any(|item| matches!(item, Item::Leaf { .. }));
        let mode = if is_whole { DigestMode::Every } else { DigestMode::OnDemand };
        let keep = Keep { every: KEEP_EVERY, states: BTreeMap::new() };
        Ok(Self { file, entries, engine: Engine::new(mode), next: 0, undo: VecDeque::new(), keep })
    }

    /// Opens the frames of a store, from genesis on.
    ///
    /// # Errors
    ///
    /// As [`Player::open`].
    pub fn of_frames<'a>(
        frames: impl IntoIterator<Item = &'a StoredFrame>,
    ) -> Result<Self, OpenError> {
        let header = FileHeader {
            partition: Default::default(),
            is_slice: false,
            before: Default::default(),
        };
        let (mut writer, mut bytes) = LogFileWriter::begin(header);
        for frame in frames {
            bytes.extend(writer.frame(frame.position, frame.count, &frame.body)?);
        }
        bytes.extend(writer.end());
        Self::open(LogFile::parse(bytes.into())?, &ReadLimits::TRUSTED)
    }

    /// Returns the engine at the current place.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the engine, for reads that fill its caches.
    pub fn engine_mut(&mut self) -> &mut Engine<M> {
        &mut self.engine
    }

    /// Returns the current place.
    pub fn place(&self) -> Place {
        self.engine.place()
    }

    /// Returns how many steps were played, and how many there are.
    pub fn progress(&self) -> (u64, u64) {
        (self.next as u64, self.entries.len() as u64)
    }

    /// Returns the file.
    pub fn file(&self) -> &LogFile {
        &self.file
    }

    /// Returns the first positions of all items, in order.
    pub fn positions(&self) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.entries.iter().map(|entry| entry.position)
    }

    /// Plays the next step; none at the end, or if the step's bytes stay elsewhere.
    ///
    /// # Errors
    ///
    /// Fails if the frame does not fit; the player stays where it was.
    pub fn step(&mut self) -> Result<Option<StepView<M>>, PlayError> {
        match self.advance()? {
            Some(frame) => Ok(Some(StepView { frame, changes: self.engine.changes() })),
            None => Ok(None),
        }
    }

    /// Takes the last step back; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Fails if the log cannot be played up to there.
    pub fn step_back(&mut self) -> Result<bool, PlayError> {
        if self.next == 0 {
            return Ok(false);
        }
        match self.undo.pop_back() {
            Some(undo) => {
                self.engine.undo(undo);
                self.next -= 1;
            }
            None => self.go_to(self.next - 1)?,
        }
        Ok(true)
    }

    /// Goes to a place and returns it.
    ///
    /// # Errors
    ///
    /// Fails if there is no such place, or the log cannot be played up to there.
    pub fn seek(&mut self, target: &Target) -> Result<Place, PlayError> {
        let index = self.index_of(target)?;
        self.go_to(index)?;
        Ok(self.place())
    }

    /// Returns all rows at the current place, to compare them with those of another.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(self.engine.state())
    }

    /// Begins another future at the current place. Nothing of it can get into the log.
    pub fn fork(&self) -> Fork<M> {
        Fork::new(self.engine.fork())
    }

    /// Decodes the frame that holds a record.
    ///
    /// # Errors
    ///
    /// Fails if no frame at hand holds it.
    pub fn frame_at(&self, position: Position) -> Result<Frame<M>, PlayError> {
        let index = self.index_of(&Target::Position(position))?;
        match index.checked_sub(1).and_then(|index| self.file.items().get(index)) {
            Some(Item::Frame(range)) => self.decode(self.file.frame(range)),
            _ => Err(PlayError::NotFound(format!("the bytes of position {}", position.0))),
        }
    }

    fn advance(&mut self) -> Result<Option<Frame<M>>, PlayError> {
        let (Some(item), Some(entry)) =
            (self.file.items().get(self.next), self.entries.get(self.next))
        else {
            return Ok(None);
        };
        let before = self.place();
        let frame = match item {
            Item::Leaf { .. } => {
                self.engine.skip(u64::from(entry.count));
                None
            }
            Item::Frame(range) => {
                let frame = self.decode(self.file.frame(range))?;
                self.engine.replay(&frame)?;
                Some(frame)
            }
        };
        self.next += 1;
        self.undo.push_back(self.engine.take_undo(before));
        if self.undo.len() > UNDO_MAX {
            self.undo.pop_front();
        }
        self.keep.take(self.next, &self.engine);
        Ok(frame)
    }

    fn decode(&self, bytes: &[u8]) -> Result<Frame<M>, PlayError> {
        Ok(decode_view(&FrameView::parse(bytes, &ReadLimits::TRUSTED)?)?)
    }

    fn go_to(&mut self, index: usize) -> Result<(), PlayError> {
        let is_near = index < self.next && self.next - index <= self.undo.len();
        if is_near {
            while self.next > index {
                self.step_back()?;
            }
        } else if index < self.next || self.keep.is_ahead(self.next, index) {
            self.undo.clear();
            (self.next, self.engine) = self.keep.before(index, self.engine.fork_empty());
        }
        while self.next < index {
            self.advance()?;
        }
        Ok(())
    }

    /// Returns how many steps are to be played.
    fn index_of(&self, target: &Target) -> Result<usize, PlayError> {
        let not_found = |what: String| PlayError::NotFound(what);
        match target {
            Target::Start => Ok(0),
            Target::End => Ok(self.entries.len()),
            Target::Time(time) => {
                Ok(self.entries.partition_point(|entry| entry.timestamp <= *time))
            }
            Target::Position(position) => {
                let index = self.entries.partition_point(|entry| entry.position <= *position);
                let last = index.checked_sub(1).and_then(|index| self.entries.get(index));
                let holds = last.is_some_and(|it| position.0 < it.position.0 + u64::from(it.count));
                if holds { Ok(index) } else { Err(not_found(format!("position {}", position.0))) }
            }
            Target::Request(id) => {
                let found = self.file.items().iter().position(|item| match item {
                    Item::Frame(range) => {
                        FrameView::parse(self.file.frame(range), &ReadLimits::TRUSTED)
                            .is_ok_and(|view| view.command.request_id == Some(id))
                    }
                    Item::Leaf { .. } => false,
                });
                found.map(|index| index + 1).ok_or_else(|| not_found(format!("request {id:?}")))
            }
        }
    }
}

impl<M: Machine> Keep<M> {
    fn take(&mut self, index: usize, engine: &Engine<M>) {
        if !index.is_multiple_of(self.every) || self.states.contains_key(&index) {
            return;
        }
        self.states.insert(index, engine.fork());
        if self.states.len() > KEEP_MAX {
            // Long logs keep fewer states per step instead of more memory.
            self.every *= 2;
            self.states.retain(|index, _| index.is_multiple_of(self.every));
        }
    }

    fn is_ahead(&self, from: usize, to: usize) -> bool {
        self.states.range(from..=to).next_back().is_some_and(|(index, _)| *index > from)
    }

    fn before(&self, index: usize, empty: Engine<M>) -> (usize, Engine<M>) {
        let nearest = self.states.range(..=index).next_back();
        nearest.map_or((0, empty), |(index, engine)| (*index, engine.fork()))
    }
}

fn entries(file: &LogFile, limits: &ReadLimits) -> Result<Vec<Entry>, FileError> {
    let (mut entries, mut timestamp) = (Vec::new(), Timestamp(i64::MIN));
    for item in file.items() {
        entries.push(match item {
            Item::Leaf { position, count, .. } => {
                Entry { position: *position, count: *count, timestamp }
            }
            Item::Frame(range) => {
                let view = FrameView::parse(file.frame(range), limits)
                    .map_err(|error| FileError::Frame { offset: range.start as u64, error })?;
                timestamp = view.timestamp;
                Entry { position: view.position, count: view.count, timestamp }
            }
        });
    }
    Ok(entries)
}

/// How many steps lie between two states that are kept, at first.
const KEEP_EVERY: usize = 1_000;
/// How many states are kept.
const KEEP_MAX: usize = 64;
/// How many steps can be taken back one by one.
const UNDO_MAX: usize = 1_000;
