//! The bodies of records: their fields as MessagePack maps with short names.

use rmp_serde::Serializer;
use serde::Deserialize as _;
use serde::de::DeserializeOwned;

use dacapo_engine::kernel::{AnyCommand, AnyEvent, Body, BodyError, Machine};
use dacapo_engine::record::{BodyHash, Control, Intent};

use super::scan::Scan;
use super::view::{CONTROL_INTENT_MAX, KERNEL_INTENT_MAX, body_hash};
use super::{WireError, WireProblem};

/// The body of a command as it is stored: encoded once, hashed for the header, and copied into the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandBody {
    bytes: Vec<u8>,
    hash: BodyHash,
}

impl CommandBody {
    /// Encodes the body of a command.
    pub fn of<M: Machine>(command: &AnyCommand<M>) -> Result<Self, WireError> {
        let mut bytes = Vec::new();
        match command {
            AnyCommand::Machine(it) => encode_body(it, &mut bytes)?,
            AnyCommand::Kernel(it) => encode_body(it, &mut bytes)?,
        }
        Ok(Self::new(bytes))
    }

    /// Encodes the body of a control record.
    pub fn of_control(control: &Control) -> Result<Self, WireError> {
        control_bytes(control).map(Self::new)
    }

    /// Returns the stored bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the hash for the header.
    pub fn hash(&self) -> BodyHash {
        self.hash
    }

    fn new(bytes: Vec<u8>) -> Self {
        let hash = body_hash(&bytes);
        Self { bytes, hash }
    }
}

/// Returns the intent of a command and the version of its body.
pub fn command_intent<M: Machine>(command: &AnyCommand<M>) -> (Intent, u16) {
    match command {
        AnyCommand::Machine(it) => (it.intent(), it.version()),
        AnyCommand::Kernel(it) => (it.intent(), it.version()),
    }
}

/// Returns the intent of an event and the version of its body.
pub fn event_intent<M: Machine>(event: &AnyEvent<M>) -> (Intent, u16) {
    match event {
        AnyEvent::Machine(it) => (it.intent(), it.version()),
        AnyEvent::Kernel(it) => (it.intent(), it.version()),
    }
}

/// Reads one MessagePack value that fills the bytes.
///
/// # Errors
///
/// Fails if the bytes are not strictly one value, or the value is of another type.
pub fn read_value<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    let mut scan = Scan::new(bytes);
    scan.value()?;
    scan.end()?;
    T::deserialize(&mut Scan::new(bytes)).map_err(|error| {
        let (intent, reason) = ("one value".to_owned(), error.to_string());
        WireError::new(0, WireProblem::Body { intent, reason })
    })
}

pub(super) fn encode_event<M: Machine>(
    event: &AnyEvent<M>,
    out: &mut Vec<u8>,
) -> Result<(), WireError> {
    match event {
        AnyEvent::Machine(it) => encode_body(it, out),
        AnyEvent::Kernel(it) => encode_body(it, out),
    }
}

pub(super) fn decode_command<M: Machine>(
    number: u16,
    version: u16,
    body: &[u8],
) -> Result<AnyCommand<M>, WireProblem> {
    if number <= KERNEL_INTENT_MAX {
        decode_body(number, version, body).map(AnyCommand::Kernel)
    } else {
        decode_body(number, version, body).map(AnyCommand::Machine)
    }
}

pub(super) fn decode_event<M: Machine>(
    number: u16,
    version: u16,
    body: &[u8],
) -> Result<AnyEvent<M>, WireProblem> {
    if number <= KERNEL_INTENT_MAX {
        decode_body(number, version, body).map(AnyEvent::Kernel)
    } else {
        decode_body(number, version, body).map(AnyEvent::Machine)
    }
}

/// Decodes the fields of a control record. They are few, so strictness is proved by encoding them again.
pub(super) fn decode_control(
    number: u16,
    version: u16,
    body: &[u8],
) -> Result<Control, WireProblem> {
    let intent = Control::INTENTS.into_iter().find(|intent| intent.number == number);
    let intent = intent.ok_or(WireProblem::Intent(number))?;
    if version != CONTROL_VERSION {
        return Err(WireProblem::Version { number, version });
    }
    let mut tagged = tag(intent);
    tagged.extend_from_slice(body);
    let problem = |reason: String| WireProblem::Body { intent: intent.name.to_owned(), reason };
    let control: Control = Control::deserialize(&mut Scan::new(&tagged))
        .map_err(|error| problem(error.to_string()))?;
    let again = control_bytes(&control).map_err(|error| error.problem)?;
    if again == body {
        Ok(control)
    } else {
        Err(problem("expected its fields in their order, found others".to_owned()))
    }
}

pub(super) const fn is_control(number: u16) -> bool {
    number <= CONTROL_INTENT_MAX
}

/// The version of the bodies of control records.
pub(super) const CONTROL_VERSION: u16 = 1;

fn encode_body(body: &impl Body, out: &mut Vec<u8>) -> Result<(), WireError> {
    let start = out.len();
    let mut serializer = Serializer::new(&mut *out).with_struct_map();
    body.encode(&mut serializer)
        .map_err(|error| WireError::new(start, WireProblem::Encode(error.to_string())))
}

fn decode_body<B: Body>(number: u16, version: u16, body: &[u8]) -> Result<B, WireProblem> {
    B::decode(number, version, &mut Scan::new(body)).map_err(|error| match error {
        BodyError::UnknownIntent(number) => WireProblem::Intent(number),
        BodyError::UnknownVersion { number, version } => WireProblem::Version { number, version },
        BodyError::Fields(error) => {
            let known = B::intents().into_iter().find(|intent| intent.number == number);
            let intent = known.map_or_else(|| number.to_string(), |intent| intent.name.to_owned());
            WireProblem::Body { intent, reason: error.to_string() }
        }
    })
}

/// A control record is serialized as a map of its name to its fields; the frame has the name already.
fn control_bytes(control: &Control) -> Result<Vec<u8>, WireError> {
    let mut bytes = rmp_serde::to_vec_named(control)
        .map_err(|error| WireError::new(0, WireProblem::Encode(error.to_string())))?;
    Ok(bytes.split_off(tag(control.intent()).len().min(bytes.len())))
}

fn tag(intent: Intent) -> Vec<u8> {
    let mut tag = vec![0x81];
    // Names of control records are shorter than 32 bytes.
    tag.push(0xa0 | intent.name.len() as u8);
    tag.extend_from_slice(intent.name.as_bytes());
    tag
}
