//! Slices: logs that show the frames of one entity, and of all others only the leaves.

use dacapo_engine::kernel::{Content, Engine, Frame, Machine, ReplayError};
use dacapo_engine::record::{Key, Position};

use super::journal::Journal;
use super::{PlayError, Player, Verifier, VerifyError};
use crate::wire::{
    Chain, FollowError, FrameView, LogFileHeader, LogFileWriter, OutcomeKind, decode_view, leaf,
};

impl<M: Machine> Player<M> {
    /// Returns where a frame begins, by its number from 0.
    pub fn frame_position(&self, number: u64) -> Option<Position> {
        self.journal.position(usize::try_from(number).ok()?)
    }

    /// Tells whether this is a slice: frames may be missing.
    pub fn is_slice(&self) -> bool {
        self.journal.is_slice()
    }

    /// Returns what a slice is about.
    pub fn subject(&self) -> Option<Key> {
        self.journal.subject()
    }

    /// Returns how many frames the slice does not show.
    pub fn frames_hidden(&self) -> u64 {
        self.journal.leaves().len() as u64
    }

    /// Returns the last record at or before a position whose frame is there; 0 if there is none.
    pub fn nearest(&self, position: Position) -> Position {
        let index = self.journal.until(position).checked_sub(1);
        let frame = index.and_then(|it| self.journal.frame(it));
        let view = frame.and_then(|(bytes, _)| FrameView::parse_checked(bytes).ok());
        view.map_or(Position(0), |it| position.min(it.last()))
    }

    /// Tells whether the frame that holds a position is there.
    pub fn shows(&self, position: Position) -> bool {
        self.journal.shows(position)
    }

    /// Verifies the frame with a number from 0, and goes over those before it that are not shown; of the number after the last
    /// frame, those at the end. Returns whether there may be more.
    ///
    /// # Errors
    ///
    /// As [`Verifier::push`].
    pub fn verify_frame(
        &self,
        number: u64,
        verifier: &mut Verifier<M>,
    ) -> Result<bool, VerifyError> {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        let chain = verifier.chain().position;
        for it in self.journal.leaves_before(index).iter().filter(|it| it.position > chain) {
            verifier.push_leaf(it.position, it.count, &it.leaf)?;
        }
        let Some((bytes, _)) = self.journal.frame(index) else { return Ok(false) };
        verifier.push(bytes).map(|_| true)
    }

    /// Makes the slice of a whole log that shows some frames, told by their first positions, and all control records. It is about
    /// `subject`: all frames of its history must be among them, and those that these build on.
    ///
    /// # Errors
    ///
    /// Fails if this is a slice already, or a frame is malformed.
    #[cold]
    pub fn slice(
        &self,
        subject: Key,
        is_shown: impl Fn(Position) -> bool,
    ) -> Result<Vec<u8>, PlayError> {
        if let Some(hidden) = self.journal.leaves().first() {
            return Err(PlayError::Slice(hidden.position));
        }
        let views = (0..self.frame_count()).filter_map(|number| self.frame_bytes(number));
        let mut file: Option<(LogFileWriter, Vec<u8>)> = None;
        for bytes in views {
            let view = FrameView::parse_checked(bytes)?;
            let (writer, out) = file.get_or_insert_with(|| {
                let (partition, before) = (view.partition, Chain::default());
                let (is_slice, genesis, subject) = (true, None, Some(subject));
                let header = LogFileHeader { is_slice, partition, before, genesis, subject };
                let writer = LogFileWriter::new(header);
                let begin = writer.header();
                (writer, begin)
            });
            let is_control = view.outcome() == OutcomeKind::Control;
            out.extend(if is_control || is_shown(view.position) {
                writer.frame(view.position, view.count, bytes)?
            } else {
                writer.leaf(view.position, view.count, &leaf(bytes))?
            });
        }
        let Some((writer, mut out)) = file else { return Ok(Vec::new()) };
        out.extend(writer.trailer());
        Ok(out)
    }
}

/// Plays a frame of a slice that nobody looks at. Slices are short: they need little code rather than fast code.
#[cold]
#[inline(never)]
pub(super) fn replay_view<M: Machine>(
    engine: &mut Engine<M>,
    journal: &Journal,
    view: &FrameView<'_>,
) -> Result<(), FollowError> {
    Ok(replay(engine, journal, &decode_view::<M>(view)?)?)
}

/// Plays a frame of a whole log, or what a frame of a slice tells of its subject.
#[inline(never)]
pub(super) fn replay<M: Machine>(
    engine: &mut Engine<M>,
    journal: &Journal,
    frame: &Frame<M>,
) -> Result<(), ReplayError> {
    if journal.is_slice() {
        let hidden = frame.header.position.0.saturating_sub(engine.place().position.next().0);
        engine.skip(hidden);
    }
    match (&frame.content, journal.subject()) {
        (Content::Step(_, outcome), Some(subject)) => {
            engine.replay_slice(&frame.header, outcome, subject, |at| journal.shows(at))
        }
        (Content::Step(..) | Content::Control(_), _) => engine.replay(frame),
    }
}
