//! From bytes to frames.

use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Content, Engine, EventRecord, Frame, Machine, Outcome};
use dacapo_engine::record::{Header, PartitionId, Position, Rejection, RejectionCode, Timestamp};

use super::body::{decode_command, decode_control, decode_event, is_control};
use super::scan::Scan;
use super::view::{CommandView, FrameView, RecordView, body_hash};
use super::{ReadLimits, WireError, WireProblem};

/// Decodes a frame of the own store.
///
/// # Errors
///
/// Fails if the bytes are not exactly one frame of this version, with the position and the byte.
pub fn decode<M: Machine>(bytes: &[u8]) -> Result<Frame<M>, WireError> {
    decode_view(&FrameView::parse(bytes, &ReadLimits::TRUSTED)?)
}

/// Decodes a frame whose form was read before.
///
/// # Errors
///
/// As [`decode()`].
pub fn decode_view<M: Machine>(view: &FrameView<'_>) -> Result<Frame<M>, WireError> {
    let content = if is_control(view.command.intent) {
        let CommandView { intent, version, body, .. } = view.command;
        decode_control(intent, version, body).map(Content::Control)
    } else {
        decode_command(view.command.intent, view.command.version, view.command.body)
            .and_then(|command| Ok(Content::Step(command, outcome(view)?)))
    };
    let content = content.map_err(|problem| WireError::new(0, problem).at(view.position))?;
    Ok(Frame { header: header(view), content, digest: view.digest })
}

/// Decodes a command that stands alone, as in the inbox. The header has only what the caller gave.
///
/// # Errors
///
/// As [`decode()`].
pub fn decode_lone_command<M: Machine>(bytes: &[u8]) -> Result<(Header, AnyCommand<M>), WireError> {
    let view = CommandView::parse(bytes)?;
    let command = decode_command(view.intent, view.version, view.body)
        .map_err(|problem| WireError::new(0, problem))?;
    Ok((command_header(&view), command))
}

/// Decodes the outcome of a frame of a command, without the command.
///
/// # Errors
///
/// As [`decode()`].
pub fn decode_outcome<M: Machine>(view: &FrameView<'_>) -> Result<Outcome<M>, WireError> {
    outcome(view).map_err(|problem| WireError::new(0, problem).at(view.position))
}

/// Returns the header of a frame.
pub fn header(view: &FrameView<'_>) -> Header {
    Header {
        partition: view.partition,
        position: view.position,
        timestamp: view.timestamp,
        tenant: view.tenant.into(),
        semantics: view.semantics,
        ..command_header(&view.command)
    }
}

fn command_header(view: &CommandView<'_>) -> Header {
    Header {
        partition: PartitionId(0),
        position: Position(0),
        timestamp: Timestamp(0),
        tenant: Arc::default(),
        semantics: 0,
        key: view.key,
        request_id: view.request_id.map(Arc::from),
        actor: view.actor.map(Arc::from),
        correlation_id: view.correlation_id.map(Arc::from),
        trace: view.trace.map(Arc::from),
        body_hash: body_hash(view.body),
    }
}

fn outcome<M: Machine>(view: &FrameView<'_>) -> Result<Outcome<M>, WireProblem> {
    let mut events = Vec::with_capacity(view.records.len());
    for record in &view.records {
        match *record {
            RecordView::Rejection { body } => return rejection::<M>(body).map(Outcome::Rejected),
            RecordView::Event { intent, version, key, body } => {
                let event = decode_event(intent, version, body)?;
                events.push(EventRecord { key, event });
            }
        }
    }
    Ok(Outcome::Events(events))
}

pub(super) fn rejection<M: Machine>(body: &[u8]) -> Result<Rejection, WireProblem> {
    let mut scan = Scan::new(body);
    rejection_fields::<M>(&mut scan).map_err(|error| error.problem)
}

fn rejection_fields<M: Machine>(scan: &mut Scan<'_>) -> Result<Rejection, WireError> {
    let count = scan.map()?;
    scan.field("cd")?;
    let name = scan.string()?;
    scan.field("cl")?;
    let class = scan.string()?;
    let Some(code) = code::<M>(name, class) else {
        return Err(scan.error(WireProblem::Rejection(format!("{name} of class {class}"))));
    };
    let field = if scan.has_field("fd") { Some(Arc::from(scan.string()?)) } else { None };
    scan.field("m")?;
    let reason = scan.string()?.to_owned();
    let is_imposed = scan.has_field("im");
    if is_imposed {
        scan.truth()?;
    }
    scan.end()?;
    let found = 3 + u32::from(field.is_some()) + u32::from(is_imposed);
    if count != found {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "as many fields as the map of the rejection says",
            found: found.to_string(),
        }));
    }
    Ok(Rejection { code, field, reason, is_imposed })
}

fn code<M: Machine>(name: &str, class: &str) -> Option<RejectionCode> {
    let kernel = Engine::<M>::kernel_rejections();
    let mut codes = kernel.into_iter().chain(M::rejections());
    codes.find(|code| code.name == name && code.class.name() == class)
}
