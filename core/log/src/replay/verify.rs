//! Verifies a log: every step of this program's semantics is decided again and compared byte by byte.

use std::collections::BTreeMap;

use dacapo_engine::kernel::{
    Content, DigestMode, Engine, Frame, Machine, Outcome, ReplayError, StepError, Stepped,
};
use dacapo_engine::record::{Position, SEMANTICS};

use crate::wire::{
    Chain, ChainError, Difference, FollowError, FrameView, Hash, LogFileItem, Names, ReadLimits,
    StoredFrame, WireError, decode_view, encode, first_difference,
};

/// Verifies a log frame by frame. It needs no trust in who wrote it.
pub struct Verifier<M: Machine> {
    engine: Engine<M>,
    chain: Chain,
    limits: ReadLimits,
    names: Names,
    report: Report,
    /// A frame was not shown, so that the state is not known any more.
    is_blind: bool,
}

/// How far a part of a log was verified. The three are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every step was decided again and came out byte by byte the same.
    ReDerived,
    /// The bytes are those that were hashed, and their events fit the state if it is known; the decisions were not repeated.
    ChainedOnly,
    /// The content is not there, or it is not what was hashed or decided.
    NotVerifiable,
}

/// Why a part of a log was not decided again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Doubt {
    /// Other semantics decided.
    Semantics(u32),
    /// The host imposed a refusal.
    Imposed,
    /// A frame before was not shown.
    StateUnknown,
    /// The frame is not shown.
    NotShown,
    /// The frame failed.
    Failed,
}

/// A part of a log with one verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerdictRange {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not the best one.
    pub doubt: Option<Doubt>,
    /// The first position.
    pub from: Position,
    /// The last position.
    pub to: Position,
    /// How many frames (or leaves) there are.
    pub frames: u64,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The log in parts, in order.
    pub ranges: Vec<VerdictRange>,
    /// How many steps were decided again.
    pub re_derived: u64,
    /// How many refusals the host imposed.
    pub imposed: u64,
    /// How many steps other semantics decided.
    pub other_semantics: BTreeMap<u32, u64>,
    /// How many frames are not shown.
    pub not_shown: u64,
    /// What stopped the verification.
    pub failure: Option<VerifyError>,
}

/// Why a frame does not verify.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The frame is malformed, is not the next one, was changed, or does not fit the state.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The command could not be stepped at all.
    #[error(transparent)]
    Step(#[from] StepError),
    /// Deciding again gave another outcome.
    #[error("re-derived: {0}")]
    Diverged(Difference),
    /// Deciding again gave no outcome.
    #[error("expected an outcome of the command at position {}, found none", .0.0)]
    NoOutcome(Position),
    /// A column beside the bytes does not say what they say.
    #[error("expected column {column} of the frame at position {} to be derived from its bytes, found another value", position.0)]
    Column {
        /// The frame.
        position: Position,
        /// The column.
        column: &'static str,
    },
    /// The verification was stopped by an earlier frame.
    #[error("expected no frame after a failure")]
    Stopped,
}

impl<M: Machine> Verifier<M> {
    /// Begins before genesis.
    pub fn new(limits: ReadLimits, names: Names) -> Self {
        Self {
            engine: Engine::new(DigestMode::Every),
            chain: Chain::default(),
            limits,
            names,
            report: Report::default(),
            is_blind: false,
        }
    }

    /// Begins in the middle of a log, whose state is not known.
    pub fn from_chain(before: Chain, limits: ReadLimits, names: Names) -> Self {
        let is_blind = before.position != Position(0);
        Self { chain: before, is_blind, ..Self::new(limits, names) }
    }

    /// Verifies the next frame.
    ///
    /// # Errors
    ///
    /// Fails if the frame does not verify; nothing after it is verified.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Verdict, VerifyError> {
        self.guard(|it| it.verify(bytes, None))
    }

    /// Verifies the next frame, the hash that is stored with it, and its columns.
    ///
    /// # Errors
    ///
    /// As [`Verifier::push`].
    pub fn push_stored(&mut self, frame: &StoredFrame) -> Result<Verdict, VerifyError> {
        self.guard(|it| {
            let verdict = it.verify(&frame.body, Some(&frame.hash))?;
            check_columns::<M>(frame)?;
            Ok(verdict)
        })
    }

    /// Verifies the next item of a log file: a frame, or the leaf of one that is not shown.
    ///
    /// # Errors
    ///
    /// As [`Verifier::push`] and [`Verifier::push_leaf`].
    pub fn push_item(&mut self, item: &LogFileItem<'_>) -> Result<Verdict, VerifyError> {
        match item {
            LogFileItem::Frame { bytes, .. } => self.push(bytes),
            LogFileItem::Leaf { leaf, position, count, .. } => {
                self.push_leaf(*position, *count, leaf)
            }
        }
    }

    /// Goes over a frame that is not shown.
    ///
    /// # Errors
    ///
    /// Fails if the leaf does not stand at the next position.
    pub fn push_leaf(
        &mut self,
        position: Position,
        count: u32,
        leaf: &Hash,
    ) -> Result<Verdict, VerifyError> {
        self.guard(|it| {
            it.chain.push_leaf(position, count, leaf).map_err(FollowError::from)?;
            it.is_blind = true;
            it.report.not_shown += 1;
            Ok(it.note(position, Some(Doubt::NotShown), Verdict::NotVerifiable))
        })
    }

    /// Returns the end of the chain that was verified.
    pub fn chain(&self) -> Chain {
        self.chain
    }

    /// Returns the engine; its state is known until the first frame that is not shown.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns what was found so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    fn guard(
        &mut self,
        verify: impl FnOnce(&mut Self) -> Result<Verdict, VerifyError>,
    ) -> Result<Verdict, VerifyError> {
        if self.report.failure.is_some() {
            return Err(VerifyError::Stopped);
        }
        let next = self.chain.position.next();
        let verdict = verify(self);
        if let Err(error) = &verdict {
            self.report.failure = Some(error.clone());
            self.chain.position = self.chain.position.max(next);
            self.note(next, Some(Doubt::Failed), Verdict::NotVerifiable);
        }
        verdict
    }

    fn verify(&mut self, bytes: &[u8], expected: Option<&Hash>) -> Result<Verdict, VerifyError> {
        let view = FrameView::parse(bytes, &self.limits).map_err(FollowError::from)?;
        let position = view.position;
        let found = self.chain.push(position, view.count, bytes).map_err(FollowError::from)?;
        if let Some(expected) = expected.filter(|expected| **expected != found) {
            let error = ChainError::Hash { position, expected: *expected, found };
            return Err(FollowError::from(error).into());
        }
        let frame = decode_view::<M>(&view).map_err(FollowError::from)?;
        if self.is_blind {
            return Ok(self.note(position, Some(Doubt::StateUnknown), Verdict::ChainedOnly));
        }
        match doubt(&frame) {
            Some(doubt) => {
                self.engine.replay(&frame).map_err(FollowError::from)?;
                if let Doubt::Semantics(other) = doubt {
                    *self.report.other_semantics.entry(other).or_default() += 1;
                } else {
                    self.report.imposed += 1;
                }
                Ok(self.note(position, Some(doubt), Verdict::ChainedOnly))
            }
            None => {
                self.decide_again(frame, bytes)?;
                self.report.re_derived += 1;
                Ok(self.note(position, None, Verdict::ReDerived))
            }
        }
    }

    fn decide_again(&mut self, frame: Frame<M>, bytes: &[u8]) -> Result<(), VerifyError> {
        let position = frame.header.position;
        let again = match frame.content {
            Content::Control(control) => self.engine.control_step(frame.header, control)?,
            Content::Step(command, _) => match self.engine.step(frame.header, command)? {
                Stepped::Frame(again) => again,
                Stepped::Nothing | Stepped::Duplicate(_) => {
                    return Err(VerifyError::NoOutcome(position));
                }
            },
        };
        let found = encode(&again).map_err(|error: WireError| FollowError::from(error))?;
        first_difference(bytes, &found, &self.names)
            .map_or(Ok(()), |it| Err(VerifyError::Diverged(it)))
    }

    /// Adds the frame that ends at the end of the chain to the last range, or begins a new one.
    fn note(&mut self, from: Position, doubt: Option<Doubt>, verdict: Verdict) -> Verdict {
        let to = self.chain.position;
        match self.report.ranges.last_mut() {
            Some(last) if (last.verdict, last.doubt) == (verdict, doubt) => {
                last.to = to;
                last.frames += 1;
            }
            _ => self.report.ranges.push(VerdictRange { verdict, doubt, from, to, frames: 1 }),
        }
        verdict
    }
}

impl Verdict {
    /// Returns the stable name, as `re_derived`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReDerived => "re_derived",
            Self::ChainedOnly => "chained_only",
            Self::NotVerifiable => "not_verifiable",
        }
    }
}

impl Report {
    /// Returns how many frames were shown.
    pub fn shown(&self) -> u64 {
        self.ranges.iter().map(|it| it.frames).sum::<u64>().saturating_sub(self.not_shown)
    }

    /// Returns the verdict on all that is shown: re-derived only if everything is, not verifiable if anything failed or
    /// nothing is shown.
    pub fn overall(&self) -> Verdict {
        let shown = self.ranges.iter().filter(|range| range.doubt != Some(Doubt::NotShown));
        let worst = shown.map(|range| range.verdict).max().unwrap_or(Verdict::NotVerifiable);
        if self.not_shown > 0 { worst.max(Verdict::ChainedOnly) } else { worst }
    }
}

impl From<ReplayError> for VerifyError {
    fn from(error: ReplayError) -> Self {
        Self::Follow(error.into())
    }
}

/// Returns why a frame is not decided again.
fn doubt<M: Machine>(frame: &Frame<M>) -> Option<Doubt> {
    if frame.header.semantics != SEMANTICS {
        return Some(Doubt::Semantics(frame.header.semantics));
    }
    match &frame.content {
        Content::Step(_, Outcome::Rejected(rejection)) if rejection.is_imposed => {
            Some(Doubt::Imposed)
        }
        Content::Step(_, _) | Content::Control(_) => None,
    }
}

fn check_columns<M: Machine>(frame: &StoredFrame) -> Result<(), VerifyError> {
    let derived =
        StoredFrame::from_bytes::<M>(frame.body.clone(), frame.hash).map_err(FollowError::from)?;
    let columns = [
        ("position", derived.position == frame.position),
        ("count", derived.count == frame.count),
        ("tenant", derived.tenant == frame.tenant),
        ("intent", derived.intent == frame.intent),
        ("timestamp", derived.timestamp == frame.timestamp),
        ("outcome", derived.outcome == frame.outcome),
    ];
    match columns.into_iter().find(|(_, is_same)| !is_same) {
        None => Ok(()),
        Some((column, _)) => Err(VerifyError::Column { position: derived.position, column }),
    }
}
