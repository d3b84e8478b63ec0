//! A frame without its bodies decoded: what stands in the header, and where the bodies are.

use dacapo_engine::record::{BodyHash, FORMAT_VERSION, Key, PartitionId, Position, Timestamp};

use super::scan::Scan;
use super::{OutcomeKind, ReadLimits, WireError, WireProblem};

/// A frame as it stands in its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameView<'a> {
    /// The partition.
    pub partition: PartitionId,
    /// The position of the command or control record.
    pub position: Position,
    /// How many records the frame holds.
    pub count: u32,
    /// The time of the step.
    pub timestamp: Timestamp,
    /// The tenant.
    pub tenant: &'a str,
    /// The semantics that decided.
    pub semantics: u32,
    /// The command or control record.
    pub command: CommandView<'a>,
    /// The outcome.
    pub records: Vec<RecordView<'a>>,
    /// The first eight bytes of the state digest after the frame.
    pub digest: [u8; 8],
}

/// A command as it stands in its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandView<'a> {
    /// The number of the intent.
    pub intent: u16,
    /// The version of the body.
    pub version: u16,
    /// The entity that the command is addressed to.
    pub key: Option<Key>,
    /// The caller's own id of the request.
    pub request_id: Option<&'a str>,
    /// Who asked.
    pub actor: Option<&'a str>,
    /// What larger conversation the command belongs to.
    pub correlation_id: Option<&'a str>,
    /// The W3C trace context of the caller.
    pub trace: Option<&'a str>,
    /// The bytes of the body: one map.
    pub body: &'a [u8],
}

/// An event or a refusal as it stands in its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordView<'a> {
    /// An event.
    Event {
        /// The number of the intent.
        intent: u16,
        /// The version of the body.
        version: u16,
        /// The entity.
        key: Key,
        /// The bytes of the body: one map.
        body: &'a [u8],
    },
    /// A refusal.
    Rejection {
        /// The bytes of the body: one map.
        body: &'a [u8],
    },
}

impl<'a> FrameView<'a> {
    /// Reads a frame strictly. Bodies are checked for their form, not for their fields.
    pub fn parse(bytes: &'a [u8], limits: &ReadLimits) -> Result<Self, WireError> {
        let size = bytes.len() as u64;
        if size > u64::from(limits.frame_bytes) {
            let limit = u64::from(limits.frame_bytes);
            return Err(WireError::new(0, WireProblem::Size { limit, found: size }));
        }
        frame(Scan::new(bytes), limits)
    }

    /// Reads a frame that was parsed before, or whose hash is that of its writer: bodies are passed over by their lengths,
    /// and whoever decodes one checks its form.
    pub fn parse_checked(bytes: &'a [u8]) -> Result<Self, WireError> {
        frame(Scan::checked(bytes), &ReadLimits::TRUSTED)
    }

    /// Returns what became of the command.
    pub fn outcome(&self) -> OutcomeKind {
        match self.records.first() {
            None => OutcomeKind::Control,
            Some(RecordView::Event { .. }) => OutcomeKind::Events,
            Some(RecordView::Rejection { .. }) => OutcomeKind::Rejection,
        }
    }

    /// Returns the position of the frame's last record.
    pub fn last(&self) -> Position {
        self.position.plus(u64::from(self.count.saturating_sub(1)))
    }
}

impl<'a> CommandView<'a> {
    /// Reads a command that stands alone, as in the inbox.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut scan = Scan::new(bytes);
        let command = command(&mut scan)?;
        scan.end()?;
        Ok(command)
    }
}

/// Returns the hash that tells a repeated request from another one, of the bytes of a command's body.
pub fn body_hash(body: &[u8]) -> BodyHash {
    let hash = blake3::hash(body);
    BodyHash(*hash.as_bytes().first_chunk().unwrap_or(&[0; 16]))
}

/// The greatest number that an intent below the machines' has: control records.
pub(super) const CONTROL_INTENT_MAX: u16 = 19;

/// The greatest number that the kernel's own commands and events have.
pub(super) const KERNEL_INTENT_MAX: u16 = 99;

fn frame<'a>(mut scan: Scan<'a>, limits: &ReadLimits) -> Result<FrameView<'a>, WireError> {
    let (partition, position) = head(&mut scan)?;
    rest(&mut scan, partition, position, limits).map_err(|error| error.at(position))
}

fn head(scan: &mut Scan<'_>) -> Result<(PartitionId, Position), WireError> {
    if scan.map()? != FRAME_FIELDS {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "a map of 10 fields",
            found: "another map".to_owned(),
        }));
    }
    scan.field("v")?;
    let format = scan.unsigned(u64::from(u16::MAX))?;
    if format != u64::from(FORMAT_VERSION) {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "format version 1",
            found: format.to_string(),
        }));
    }
    scan.field("p")?;
    let partition = PartitionId(scan.unsigned(u64::from(PartitionId::MAX))? as u16);
    scan.field("n")?;
    Ok((partition, Position(scan.unsigned(Position::END - 1)?)))
}

fn rest<'a>(
    scan: &mut Scan<'a>,
    partition: PartitionId,
    position: Position,
    limits: &ReadLimits,
) -> Result<FrameView<'a>, WireError> {
    scan.field("c")?;
    let count = scan.unsigned(u64::from(u32::MAX))? as u32;
    scan.field("t")?;
    let timestamp = Timestamp(scan.signed()?);
    scan.field("tn")?;
    let tenant = scan.string()?;
    scan.field("s")?;
    let semantics = scan.unsigned(u64::from(u32::MAX))? as u32;
    scan.field("cmd")?;
    let command = command(scan)?;
    check_size(scan, command.body, limits)?;
    scan.field("r")?;
    let records = records(scan, &command, limits)?;
    scan.field("d")?;
    let digest = digest(scan)?;
    scan.end()?;
    if u64::from(count) != 1 + records.len() as u64 {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "the count of all records",
            found: format!("{count} for {} outcome records", records.len()),
        }));
    }
    Ok(FrameView {
        partition,
        position,
        count,
        timestamp,
        tenant,
        semantics,
        command,
        records,
        digest,
    })
}

fn command<'a>(scan: &mut Scan<'a>) -> Result<CommandView<'a>, WireError> {
    let count = scan.map()?;
    scan.field("i")?;
    let intent = number(scan)?;
    scan.field("v")?;
    let version = number(scan)?;
    let key = if scan.has_field("k") { Some(key(scan)?) } else { None };
    let request_id = text(scan, "q")?;
    let actor = text(scan, "a")?;
    let correlation_id = text(scan, "co")?;
    let trace = text(scan, "tr")?;
    scan.field("b")?;
    let body = scan.body()?;
    let options = [request_id, actor, correlation_id, trace];
    let found = 3 + u32::from(key.is_some()) + options.iter().flatten().count() as u32;
    if count != found {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "as many fields as the map of the command says",
            found: found.to_string(),
        }));
    }
    Ok(CommandView { intent, version, key, request_id, actor, correlation_id, trace, body })
}

fn records<'a>(
    scan: &mut Scan<'a>,
    command: &CommandView<'_>,
    limits: &ReadLimits,
) -> Result<Vec<RecordView<'a>>, WireError> {
    let count = scan.list()?;
    let is_control = command.intent <= CONTROL_INTENT_MAX;
    if is_control != (count == 0) {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "an outcome of every command and of no control record",
            found: format!("{count} outcome records of intent {}", command.intent),
        }));
    }
    // A count says nothing yet about what there is.
    let mut records = Vec::with_capacity(count.min(RECORDS_RESERVED_MAX) as usize);
    for _ in 0..count {
        let record = record(scan, command)?;
        if let RecordView::Rejection { .. } = record
            && count > 1
        {
            return Err(scan.error(WireProblem::Unexpected {
                expected: "a rejection to be the only outcome",
                found: format!("{count} outcome records"),
            }));
        }
        let (RecordView::Event { body, .. } | RecordView::Rejection { body }) = record;
        check_size(scan, body, limits)?;
        records.push(record);
    }
    Ok(records)
}

fn record<'a>(scan: &mut Scan<'a>, command: &CommandView<'_>) -> Result<RecordView<'a>, WireError> {
    let count = scan.map()?;
    scan.field("kd")?;
    let kind = scan.unsigned(1)?;
    scan.field("i")?;
    let intent = number(scan)?;
    scan.field("v")?;
    let version = number(scan)?;
    let (record, fields) = if kind == 0 {
        scan.field("k")?;
        let key = key(scan)?;
        scan.field("b")?;
        (RecordView::Event { intent, version, key, body: scan.body()? }, 5)
    } else if intent == command.intent && version == REJECTION_VERSION {
        scan.field("b")?;
        (RecordView::Rejection { body: scan.body()? }, 4)
    } else {
        return Err(scan.error(WireProblem::Unexpected {
            expected: "the intent of the refused command, version 1",
            found: format!("intent {intent}, version {version}"),
        }));
    };
    if count == fields {
        Ok(record)
    } else {
        Err(scan.error(WireProblem::Unexpected {
            expected: "4 fields of a rejection or 5 of an event",
            found: count.to_string(),
        }))
    }
}

fn number(scan: &mut Scan<'_>) -> Result<u16, WireError> {
    Ok(scan.unsigned(u64::from(u16::MAX))? as u16)
}

fn key(scan: &mut Scan<'_>) -> Result<Key, WireError> {
    Ok(Key(scan.unsigned(i64::MAX as u64)?))
}

fn text<'a>(scan: &mut Scan<'a>, name: &'static str) -> Result<Option<&'a str>, WireError> {
    if scan.has_field(name) { scan.string().map(Some) } else { Ok(None) }
}

fn digest(scan: &mut Scan<'_>) -> Result<[u8; 8], WireError> {
    let bytes = scan.binary()?;
    <[u8; 8]>::try_from(bytes).map_err(|_| {
        scan.error(WireProblem::Unexpected {
            expected: "a digest of 8 bytes",
            found: bytes.len().to_string(),
        })
    })
}

fn check_size(scan: &Scan<'_>, body: &[u8], limits: &ReadLimits) -> Result<(), WireError> {
    let (limit, found) = (u64::from(limits.record_bytes), body.len() as u64);
    if found <= limit { Ok(()) } else { Err(scan.error(WireProblem::Size { limit, found })) }
}

const FRAME_FIELDS: u32 = 10;
const RECORDS_RESERVED_MAX: u32 = 64;

/// The version of the body of rejections.
pub(super) const REJECTION_VERSION: u16 = 1;
