//! Plays a log: forward, back, and to any place.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use dacapo_engine::kernel::{Change, DigestMode, Engine, EngineState, Frame, Machine, Place, Undo};
use dacapo_engine::record::{Position, Timestamp};

use crate::wire::{
    ChainError, FollowError, FrameView, Hash, LogFileError, ReadLimits, StoredFrame, WireError,
    decode_view, evolve_view,
};

use super::journal::Journal;
use super::slice::{replay, replay_view};
use super::{Fork, diff};

/// A log, or a slice of one, and an engine that stands somewhere in it. In a slice the state is what the frames that are shown say of
/// its subject; its digest is not that of the log.
pub struct Player<M: Machine> {
    pub(super) journal: Journal,
    limits: ReadLimits,
    pub(super) engine: Engine<M>,
    mode: DigestMode,
    /// How many frames the engine has taken.
    pub(super) at: usize,
    /// What takes the last frames back, the latest at the end.
    undos: VecDeque<Undo>,
    pub(super) snapshots: BTreeMap<usize, Engine<M>>,
    /// The records between two snapshots; grows so that there are never many.
    pub(super) spacing: u64,
    view: Option<StepView<M>>,
    tenant: Arc<str>,
}

/// A step of the log, as it was just played.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView<M: Machine> {
    /// The command and its outcome.
    pub frame: Frame<M>,
    /// The rows that it changed.
    pub changes: Vec<Change>,
    /// Where the engine stands after it.
    pub place: Place,
    /// The chain hash after it; none for a step of a fork, which is in no log.
    pub hash: Option<Hash>,
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// Before genesis.
    Start,
    /// After the last frame.
    End,
    /// After the step that holds this position.
    Position(Position),
    /// Before the step that holds this position.
    Before(Position),
    /// After the step of the first command with this request id.
    RequestId {
        /// The tenant.
        tenant: Arc<str>,
        /// The id.
        request_id: Arc<str>,
    },
    /// After the last step that is not later than this time.
    Time(Timestamp),
}

/// Why a log cannot be played.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// The bytes are not a log file.
    #[error(transparent)]
    File(#[from] LogFileError),
    /// A whole log is needed, or the rest of the same slice.
    #[error("expected a whole log or a slice about the same, found another slice from position {} on", .0.0)]
    Slice(Position),
    /// The file begins after genesis.
    #[error("expected a log from position 1, found one from position {}", .0.0)]
    Start(Position),
    /// A frame is malformed.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A frame is not the next one.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A frame does not fit the state. The player stands before it.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The log has no such place.
    #[error("expected a place in the log, found none for {0:?}")]
    Target(Target),
}

impl<M: Machine> Player<M> {
    /// Opens a log file. With [`DigestMode::Every`], every played frame of a whole log is compared with the digest of its writer.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged or begins after genesis.
    pub fn open(file: &[u8], limits: ReadLimits, mode: DigestMode) -> Result<Self, PlayError> {
        Ok(Self::of_journal(Journal::from_file(file, limits)?, limits, mode))
    }

    /// Opens the frames of a store.
    ///
    /// # Errors
    ///
    /// Fails if a frame is damaged or missing.
    pub fn from_stored<'a>(
        frames: impl IntoIterator<Item = &'a StoredFrame>,
        mode: DigestMode,
    ) -> Result<Self, PlayError> {
        let limits = ReadLimits::TRUSTED;
        Ok(Self::of_journal(Journal::from_stored(frames, limits)?, limits, mode))
    }

    /// Takes the frames of a file that begins where this log ends: what was appended since. Stays where it is. Returns how
    /// many frames there were.
    ///
    /// # Errors
    ///
    /// Fails, and takes nothing, if the file is damaged, does not continue this log, or is a slice about something else.
    pub fn extend(&mut self, file: &[u8]) -> Result<u64, PlayError> {
        self.journal.extend(file, self.limits)
    }

    /// Returns the engine where it stands.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the tables and the cache where the engine stands, for reads that need compiled models.
    pub fn state_and_cache(&mut self) -> (&EngineState<M>, &mut M::Cache) {
        self.engine.state_and_cache()
    }

    /// Returns the step that was played last; none before genesis.
    pub fn view(&self) -> Option<&StepView<M>> {
        self.view.as_ref()
    }

    /// Returns where the engine stands; with [`DigestMode::OnDemand`] the digest is computed now, from all rows.
    pub fn place(&mut self) -> Place {
        Place { digest: self.engine.digest(), ..self.engine.place() }
    }

    /// Returns the last position that was played; 0 before genesis.
    pub fn position(&self) -> Position {
        self.engine.place().position
    }

    /// Returns the last position of the log; 0 if it is empty.
    pub fn last_position(&self) -> Position {
        self.journal.end().position
    }

    /// Returns how many frames the log has.
    pub fn frame_count(&self) -> u64 {
        self.journal.count() as u64
    }

    /// Returns how many frames were played.
    pub fn frames_played(&self) -> u64 {
        self.at as u64
    }

    /// Returns the bytes of a frame by its number from 0, without playing it.
    pub fn frame_bytes(&self, number: u64) -> Option<&[u8]> {
        let index = usize::try_from(number).ok()?;
        self.journal.frame(index).map(|(bytes, _)| bytes)
    }

    /// Returns the number of the frame that holds a position.
    pub fn frame_number(&self, position: Position) -> Option<u64> {
        let index = self.journal.until(position).checked_sub(1)?;
        self.holds(index, position).then_some(index as u64)
    }

    /// Plays the next frame; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Fails if the frame does not fit; the player stays before it.
    pub fn step_forward(&mut self) -> Result<bool, PlayError> {
        let Some((bytes, hash)) = self.journal.frame(self.at) else { return Ok(false) };
        let view = FrameView::parse_checked(bytes)?;
        let frame = decode_view::<M>(&view)?;
        let before = self.engine.place();
        let played = replay(&mut self.engine, &self.journal, &frame);
        self.played(before, played.map_err(FollowError::from))?;
        let (changes, place) = (self.engine.changes(), self.place());
        self.view = Some(StepView { frame, changes, place, hash: Some(hash) });
        self.keep_undo(before);
        Ok(true)
    }

    /// Takes the last frame back; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Fails as [`Player::step_forward`] does, if frames must be played again to get there.
    pub fn step_back(&mut self) -> Result<bool, PlayError> {
        let Some(to) = self.at.checked_sub(1) else { return Ok(false) };
        self.go(to)?;
        Ok(true)
    }

    /// Goes to a place.
    ///
    /// # Errors
    ///
    /// Fails if the log has no such place, or a frame on the way does not fit.
    pub fn seek(&mut self, target: &Target) -> Result<(), PlayError> {
        let to = self.find(target).ok_or_else(|| PlayError::Target(target.clone()))?;
        self.go(to)
    }

    /// Lists the rows that differ between two places. The player comes back to where it stood.
    ///
    /// # Errors
    ///
    /// Fails as [`Player::seek`] does.
    pub fn diff(&mut self, from: &Target, to: &Target) -> Result<Vec<Change>, PlayError> {
        let home = self.at;
        self.seek(from)?;
        let before = self.engine.state().clone();
        self.seek(to)?;
        let changes = diff(&before, self.engine.state());
        self.go(home)?;
        Ok(changes)
    }

    /// Makes a second engine that stands where this one does, to try out what did not happen.
    pub fn fork(&self) -> Fork<M> {
        let mut engine = self.engine.fork();
        engine.set_digest_mode(DigestMode::Every);
        Fork::new(engine)
    }

    pub(super) fn of_journal(journal: Journal, limits: ReadLimits, mode: DigestMode) -> Self {
        // The writer's digests are of a state that a slice does not have.
        let mode = if journal.is_slice() { DigestMode::OnDemand } else { mode };
        Self {
            journal,
            limits,
            engine: Engine::new(mode),
            mode,
            at: 0,
            undos: VecDeque::new(),
            snapshots: BTreeMap::new(),
            spacing: SNAPSHOT_RECORDS,
            view: None,
            tenant: Arc::default(),
        }
    }

    pub(super) fn find(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Start => Some(0),
            Target::End => Some(self.journal.count()),
            Target::Position(position) => {
                let to = self.journal.until(*position);
                let index = to.checked_sub(1)?;
                self.holds(index, *position).then_some(to)
            }
            Target::Before(position) => {
                let index = self.journal.until(*position).checked_sub(1)?;
                self.holds(index, *position).then_some(index)
            }
            Target::Time(timestamp) => Some(self.journal.until_time(*timestamp)),
            Target::RequestId { tenant, request_id } => {
                let is_it = |index: &usize| {
                    let view = self.journal.frame(*index).map(|(bytes, _)| bytes);
                    let view = view.and_then(|it| FrameView::parse_checked(it).ok());
                    view.is_some_and(|view| {
                        view.tenant == &**tenant && view.command.request_id == Some(&**request_id)
                    })
                };
                (0..self.journal.count()).find(is_it).map(|index| index + 1)
            }
        }
    }

    fn holds(&self, index: usize, position: Position) -> bool {
        let Some((bytes, _)) = self.journal.frame(index) else { return false };
        FrameView::parse_checked(bytes).is_ok_and(|view| position <= view.last())
    }

    /// Goes to where `to` frames are played, and shows the last of them.
    fn go(&mut self, to: usize) -> Result<(), PlayError> {
        let Some(last) = to.checked_sub(1) else {
            self.restore(0);
            return Ok(());
        };
        if to == self.at && self.view.is_some() {
            return Ok(());
        }
        self.back_to(last);
        while self.at < last {
            let is_near = last - self.at < UNDOS_MAX;
            self.play_quickly(is_near)?;
        }
        self.step_forward().map(|_| ())
    }

    /// Gets to some place at or before `to`, the nearest that costs little.
    pub(super) fn back_to(&mut self, to: usize) {
        while self.at > to {
            let Some(undo) = self.undos.pop_back() else { break };
            self.engine.undo(undo);
            self.at -= 1;
        }
        let nearest = self.snapshots.range(..=to).next_back().map_or(0, |(at, _)| *at);
        if self.at > to || nearest > self.at {
            self.restore(nearest);
        }
    }

    fn restore(&mut self, at: usize) {
        self.engine = match self.snapshots.get(&at) {
            Some(engine) => engine.fork(),
            None => Engine::new(self.mode),
        };
        // Without a snapshot only the start is known.
        self.at = if self.snapshots.contains_key(&at) { at } else { 0 };
        self.undos.clear();
        self.view = None;
    }

    /// Plays a frame whose step nobody looks at.
    pub(super) fn play_quickly(&mut self, keeps_undo: bool) -> Result<(), PlayError> {
        let Some((bytes, _)) = self.journal.frame(self.at) else { return Ok(()) };
        let view = FrameView::parse_checked(bytes)?;
        let before = self.engine.place();
        let played = if self.journal.is_slice() {
            replay_view(&mut self.engine, &self.journal, &view)
        } else {
            evolve_view(&mut self.engine, &view, &mut self.tenant)
        };
        self.played(before, played)?;
        self.view = None;
        if keeps_undo {
            self.keep_undo(before);
        } else {
            self.undos.clear();
        }
        Ok(())
    }

    fn played(&mut self, before: Place, played: Result<(), FollowError>) -> Result<(), PlayError> {
        if let Err(error) = played {
            // A digest that differs is found only after the frame was taken.
            if self.engine.place() != before {
                let undo = self.engine.take_undo(before);
                self.engine.undo(undo);
            }
            return Err(error.into());
        }
        self.at += 1;
        self.keep_snapshot(before);
        Ok(())
    }

    fn keep_undo(&mut self, before: Place) {
        self.undos.push_back(self.engine.take_undo(before));
        if self.undos.len() > UNDOS_MAX {
            self.undos.pop_front();
        }
    }
}

/// The records between two snapshots in memory, to begin with.
const SNAPSHOT_RECORDS: u64 = 1_000;

/// The steps that can be taken back at once.
pub(super) const UNDOS_MAX: usize = 256;
