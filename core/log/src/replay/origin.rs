//! Where records come from, and which commands were refused.

use std::sync::Arc;

use dacapo_engine::kernel::{Content, Frame, Machine, Outcome};
use dacapo_engine::record::{Position, Rejection, Timestamp};

use super::{PlayError, Player, Target};
use crate::wire::{FrameView, OutcomeKind, command_intent, decode_view};

/// A command that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The refusal; its command stands before it.
    pub position: Position,
    /// What was asked.
    pub intent: &'static str,
    /// When.
    pub timestamp: Timestamp,
    /// For whom.
    pub tenant: Arc<str>,
    /// Who asked.
    pub actor: Option<Arc<str>>,
    /// Why not.
    pub rejection: Rejection,
}

/// Returns the way from a record back to its root: the record itself, the command that it is the outcome of, the record that
/// led to that command, and so on. `led_to` tells which record led to the command of a frame.
///
/// # Errors
///
/// The log has no such record, or a frame on the way is malformed.
pub fn causes<M: Machine>(
    player: &Player<M>,
    at: Position,
    led_to: impl Fn(&Frame<M>) -> Option<Position>,
) -> Result<Vec<Position>, PlayError> {
    let mut way = vec![at];
    // Ends: every record comes from an earlier one.
    while let Some(&last) = way.last() {
        let number = player.frame_number(last);
        let bytes = number.and_then(|number| player.frame_bytes(number));
        let bytes = bytes.ok_or(PlayError::Target(Target::Position(last)))?;
        let view = FrameView::parse_checked(bytes)?;
        let from =
            if last > view.position { Some(view.position) } else { led_to(&decode_view(&view)?) };
        match from.filter(|from| *from < last) {
            Some(from) => way.push(from),
            None => break,
        }
    }
    Ok(way)
}

/// Lists the commands that were refused in so many frames, from the one with a number on.
///
/// # Errors
///
/// A frame is malformed.
pub fn refusals<M: Machine>(
    player: &Player<M>,
    from: u64,
    count: u64,
) -> Result<Vec<Refused>, PlayError> {
    let mut found = Vec::new();
    for number in from..from.saturating_add(count).min(player.frame_count()) {
        let Some(bytes) = player.frame_bytes(number) else { break };
        let view = FrameView::parse_checked(bytes)?;
        if view.outcome() != OutcomeKind::Rejection {
            continue;
        }
        let Frame { header, content, .. } = decode_view::<M>(&view)?;
        if let Content::Step(command, Outcome::Rejected(rejection)) = content {
            let (position, intent) = (header.position.next(), command_intent(&command).0.name);
            let (timestamp, tenant, actor) = (header.timestamp, header.tenant, header.actor);
            found.push(Refused { position, intent, timestamp, tenant, actor, rejection });
        }
    }
    Ok(found)
}
