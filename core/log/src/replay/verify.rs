//! Decides every step of a log again and compares what comes out with what was written, byte by byte.

use dacapo_engine::kernel::{
    AnyCommand, Content, DigestMode, Engine, Frame, Machine, Outcome, ReplayError, Stepped,
};
use dacapo_engine::record::SEMANTICS;

use super::verdict::{Difference, Report, Verdict};
use crate::wire::{
    Chain, ChainError, FileError, FrameView, Hash, Item, LogFile, Names, ReadLimits, RecordView,
    Renderer, WireError, decode_view, encode, hex,
};

/// Verifies a log, frame by frame.
pub struct Verifier<M: Machine> {
    engine: Engine<M>,
    chain: Chain,
    limits: ReadLimits,
    renderer: Renderer,
    has_gap: bool,
    report: Report,
}

/// What damages a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The bytes are not a frame.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The frame is not the next one, or not the one that was hashed.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The frame does not fit the state.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl<M: Machine> Verifier<M> {
    /// Begins at genesis. The renderer names fields in differences.
    pub fn new(renderer: Renderer, limits: ReadLimits) -> Self {
        let engine = Engine::new(DigestMode::Every);
        Self {
            engine,
            chain: Chain::default(),
            limits,
            renderer,
            has_gap: false,
            report: Report::default(),
        }
    }

    /// Takes the next frame; returns whether it is worth going on.
    pub fn push(&mut self, bytes: &[u8], stored_hash: Option<&Hash>) -> bool {
        match self.try_push(bytes, stored_hash) {
            Ok(difference) => self.report.difference = difference,
            Err(error) => self.report.damage = Some(error.to_string()),
        }
        self.report.verdict() != Verdict::NotVerifiable
    }

    /// Takes a frame whose bytes are elsewhere: from here on nothing can be decided again.
    pub fn push_leaf(
        &mut self,
        position: dacapo_engine::record::Position,
        count: u32,
        leaf: &Hash,
    ) -> bool {
        self.has_gap = true;
        match self.chain.push_leaf(position, count, leaf) {
            Ok(_) => self.count(u64::from(count), |report| &mut report.chained),
            Err(error) => self.report.damage = Some(error.to_string()),
        }
        self.report.damage.is_none()
    }

    /// Returns what was verified so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Returns the engine at the end of what was verified.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the end of the chain.
    pub fn chain(&self) -> Chain {
        self.chain
    }

    fn try_push(
        &mut self,
        bytes: &[u8],
        stored: Option<&Hash>,
    ) -> Result<Option<Difference>, VerifyError> {
        let view = FrameView::parse(bytes, &self.limits)?;
        let found = self.chain.push(view.position, view.count, bytes)?;
        if let Some(expected) = stored.filter(|hash| **hash != found) {
            return Err(
                ChainError::Hash { position: view.position, expected: *expected, found }.into()
            );
        }
        let records = u64::from(view.count);
        if self.has_gap {
            self.count(records, |report| &mut report.chained);
            return Ok(None);
        }
        let frame = decode_view::<M>(&view)?;
        match self.kind(&frame) {
            Kind::OtherSemantics => {
                self.engine.replay(&frame)?;
                self.count(records, |report| &mut report.other_semantics);
                Ok(None)
            }
            kind => {
                let again = self.decide(&frame)?;
                if kind == Kind::Imposed {
                    self.count(records, |report| &mut report.imposed);
                } else {
                    self.count(records, |report| &mut report.re_derived);
                }
                self.compare(&view, bytes, again)
            }
        }
    }

    fn kind(&self, frame: &Frame<M>) -> Kind {
        match &frame.content {
            Content::Step(_, Outcome::Rejected(rejection)) if rejection.is_imposed => Kind::Imposed,
            Content::Step(..) if frame.header.semantics != SEMANTICS => Kind::OtherSemantics,
            Content::Step(..) | Content::Control(_) => Kind::Own,
        }
    }

    fn decide(&mut self, frame: &Frame<M>) -> Result<Option<Frame<M>>, VerifyError> {
        let header = frame.header.clone();
        let stepped = match &frame.content {
            Content::Control(control) => {
                self.engine.control_step(header, control.clone()).map(|it| Some(Stepped::Frame(it)))
            }
            Content::Step(command, Outcome::Rejected(rejection)) if rejection.is_imposed => {
                self.engine.impose(header, command.clone(), rejection.clone()).map(Some)
            }
            Content::Step(command, _) => self.step(header, command.clone()),
        };
        match stepped {
            Ok(Some(Stepped::Frame(frame))) => Ok(Some(frame)),
            Ok(_) => Ok(None),
            Err(dacapo_engine::kernel::StepError::Replay(error)) => Err(error.into()),
            Err(dacapo_engine::kernel::StepError::NoGenesis) => {
                Err(ReplayError::Genesis { position: frame.header.position }.into())
            }
        }
    }

    fn step(
        &mut self,
        header: dacapo_engine::record::Header,
        command: AnyCommand<M>,
    ) -> Result<Option<Stepped<M>>, dacapo_engine::kernel::StepError> {
        self.engine.step(header, command).map(Some)
    }

    fn compare(
        &self,
        view: &FrameView<'_>,
        bytes: &[u8],
        again: Option<Frame<M>>,
    ) -> Result<Option<Difference>, VerifyError> {
        let Some(again) = again else {
            return Ok(Some(difference(view, "outcome", "nothing to append", "a step")));
        };
        let expected = encode(&again)?;
        if expected == bytes {
            return Ok(None);
        }
        let expected = FrameView::parse(&expected, &self.limits)?;
        Ok(Some(self.first_difference(&expected, view)))
    }

    fn first_difference(&self, expected: &FrameView<'_>, found: &FrameView<'_>) -> Difference {
        for (index, (ours, theirs)) in expected.records.iter().zip(&found.records).enumerate() {
            if ours != theirs {
                return self.record_difference(found, index, ours, theirs);
            }
        }
        let counts = (expected.records.len().to_string(), found.records.len().to_string());
        if counts.0 != counts.1 {
            return difference(found, "count of the outcome", &counts.0, &counts.1);
        }
        difference(found, "digest", &hex(&expected.digest), &hex(&found.digest))
    }

    fn record_difference(
        &self,
        frame: &FrameView<'_>,
        index: usize,
        ours: &RecordView<'_>,
        theirs: &RecordView<'_>,
    ) -> Difference {
        let names = self.renderer.names();
        let (field, expected, found) = match (ours, theirs) {
            (
                RecordView::Event { intent: a, key: ka, body: ba, .. },
                RecordView::Event { intent: b, key: kb, body: bb, .. },
            ) if a == b && ka == kb => self.body_difference(ba, bb, *a < 100),
            (
                RecordView::Event { intent: a, key: ka, .. },
                RecordView::Event { intent: b, key: kb, .. },
            ) if a == b => ("key".into(), ka.to_string(), kb.to_string()),
            (RecordView::Rejection { body: a }, RecordView::Rejection { body: b }) => {
                self.body_difference(a, b, true)
            }
            (ours, theirs) => ("intent".into(), describe(names, ours), describe(names, theirs)),
        };
        let position = frame.position.plus(1 + index as u64);
        Difference { position, record: describe(names, theirs), field, expected, found }
    }

    fn body_difference(
        &self,
        ours: &[u8],
        theirs: &[u8],
        is_kernel: bool,
    ) -> (String, String, String) {
        let fields = |body| self.renderer.fields(body, is_kernel).unwrap_or_default();
        let text = |bytes: &[u8], is_data: bool| {
            let plain = || self.renderer.body(bytes, is_kernel).unwrap_or_default();
            if is_data { self.renderer.data(bytes) } else { plain() }
        };
        let (ours, theirs) = (fields(ours), fields(theirs));
        for (name, bytes, is_data) in &ours {
            match theirs.iter().find(|(other, ..)| other == name) {
                Some((_, other, _)) if other == bytes => {}
                Some((_, other, _)) => {
                    return (name.clone(), text(bytes, *is_data), text(other, *is_data));
                }
                None => return (name.clone(), text(bytes, *is_data), "no such field".into()),
            }
        }
        let extra = theirs.iter().find(|(name, ..)| !ours.iter().any(|(other, ..)| other == name));
        match extra {
            Some((name, bytes, is_data)) => {
                (name.clone(), "no such field".into(), text(bytes, *is_data))
            }
            None => ("body".into(), "other bytes".into(), "these bytes".into()),
        }
    }

    fn count(&mut self, records: u64, field: impl FnOnce(&mut Report) -> &mut u64) {
        self.report.position = self.chain.position;
        self.report.frames += 1;
        self.report.records += records;
        *field(&mut self.report) += 1;
    }
}

/// Verifies a whole file and returns what came of it; `each` is called after every item with how many were done.
pub fn verify_file<M: Machine>(
    file: &LogFile,
    renderer: Renderer,
    limits: &ReadLimits,
    mut each: impl FnMut(u64, u64),
) -> Report {
    let mut verifier = Verifier::<M>::new(renderer, *limits);
    verifier.chain = file.header().before;
    verifier.has_gap = file.header().before != Chain::default();
    let total = file.items().len() as u64;
    for (index, item) in file.items().iter().enumerate() {
        let goes_on = match item {
            Item::Frame(range) => verifier.push(file.frame(range), None),
            Item::Leaf { position, count, leaf } => verifier.push_leaf(*position, *count, leaf),
        };
        each(index as u64 + 1, total);
        if !goes_on {
            return verifier.report;
        }
    }
    if let Err(error) = file.check_end(verifier.chain) {
        verifier.report.damage = Some(FileError::to_string(&error));
    }
    verifier.report
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Own,
    Imposed,
    OtherSemantics,
}

fn describe(names: &Names, record: &RecordView<'_>) -> String {
    match record {
        RecordView::Event { intent, .. } => {
            format!("event {}", names.event(*intent).unwrap_or("unknown"))
        }
        RecordView::Rejection { .. } => "rejection".into(),
    }
}

fn difference(view: &FrameView<'_>, field: &str, expected: &str, found: &str) -> Difference {
    let (position, record) = (view.position, "step".to_owned());
    Difference {
        position,
        record,
        field: field.into(),
        expected: expected.into(),
        found: found.into(),
    }
}
