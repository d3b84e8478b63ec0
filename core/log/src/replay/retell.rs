//! A log told again with other commands: every step is decided anew, and must take the same path.

use dacapo_engine::kernel::{
    AnyCommand, Content, DigestMode, Engine, Frame, Machine, Outcome, StepError,
};
use dacapo_engine::record::Position;

use super::{Fork, Player};
use crate::wire::{
    Chain, ChainError, CommandBody, LogFileHeader, LogFileWriter, WireError, decode, encode,
};

/// Why a log cannot be told again.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RetellError {
    /// A slice does not show all that would have to be decided.
    #[error("expected a whole log, found a slice that does not show position {}", .0.0)]
    Slice(Position),
    /// With the other commands the engine decides differently.
    #[error("expected the same path with the other values, found another one from position {} on", .0.0)]
    Path(Position),
    /// A frame is malformed, or cannot be encoded.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A command cannot be stepped.
    #[error(transparent)]
    Step(#[from] StepError),
    /// A frame is not the next one.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

/// Decides a whole log again with changed commands, and returns what comes of it as a log file of its own: it is shown, chained
/// and verified like any other. Positions, keys, times and intents are those of the log.
///
/// # Errors
///
/// Fails where the changed commands lead elsewhere.
pub fn retell<M: Machine>(
    player: &Player<M>,
    mut change: impl FnMut(&mut AnyCommand<M>),
) -> Result<Vec<u8>, RetellError> {
    if let Some(hidden) = player.journal.leaves().first() {
        return Err(RetellError::Slice(hidden.position));
    }
    let mut fork = Fork::<M>::new(Engine::new(DigestMode::Every));
    let mut file: Option<(LogFileWriter, Vec<u8>)> = None;
    for bytes in (0..player.frame_count()).filter_map(|number| player.frame_bytes(number)) {
        let mut frame: Frame<M> = decode(bytes)?;
        if let Content::Step(command, _) = &mut frame.content {
            change(command);
            frame.header.body_hash = CommandBody::of(command)?.hash();
        }
        let position = frame.header.position;
        let is_new = fork.step_again(&frame)?;
        let told = fork.take_steps().pop().map(|it| it.frame).filter(|_| is_new);
        let told = told.filter(|it| is_same_path(it, &frame)).ok_or(RetellError::Path(position))?;
        let (writer, out) = file.get_or_insert_with(|| {
            let partition = frame.header.partition;
            let before = Chain::default();
            let header =
                LogFileHeader { is_slice: false, partition, before, genesis: None, subject: None };
            let writer = LogFileWriter::new(header);
            let begin = writer.header();
            (writer, begin)
        });
        let count = u32::try_from(told.count()).unwrap_or(u32::MAX);
        out.extend(writer.frame(position, count, &encode(&told)?)?);
    }
    let Some((writer, mut out)) = file else { return Ok(Vec::new()) };
    out.extend(writer.trailer());
    Ok(out)
}

/// Tells whether two steps hold the same records about the same entities, whatever the values in them are.
fn is_same_path<M: Machine>(one: &Frame<M>, other: &Frame<M>) -> bool {
    use crate::wire::event_intent;
    if one.header.position != other.header.position {
        return false;
    }
    match (&one.content, &other.content) {
        (Content::Control(_), Content::Control(_)) => true,
        (Content::Step(_, Outcome::Rejected(one)), Content::Step(_, Outcome::Rejected(other))) => {
            one.code == other.code
        }
        (Content::Step(_, Outcome::Events(one)), Content::Step(_, Outcome::Events(other))) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len()
                && pairs.all(|(one, other)| {
                    one.key == other.key && event_intent(&one.event) == event_intent(&other.event)
                })
        }
        (Content::Control(_) | Content::Step(..), _) => false,
    }
}
