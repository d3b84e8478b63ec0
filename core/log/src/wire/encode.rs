//! From frames to bytes.

use rmp::encode;

use dacapo_engine::kernel::{Content, EventRecord, Frame, Machine, Outcome};
use dacapo_engine::record::{FORMAT_VERSION, Header, Intent, Rejection};

use super::body::{CONTROL_VERSION, command_intent, encode_event, event_intent};
use super::limits::FRAME_BYTES_MAX;
use super::view::REJECTION_VERSION;
use super::{CommandBody, WireError, WireProblem};

/// Encodes a frame.
///
/// # Errors
///
/// Fails if a body cannot be encoded, the frame is greater than 64 MiB, or the header's `body_hash` is not the body's.
pub fn encode<M: Machine>(frame: &Frame<M>) -> Result<Vec<u8>, WireError> {
    let body = match &frame.content {
        Content::Step(command, _) => CommandBody::of(command),
        Content::Control(control) => CommandBody::of_control(control),
    };
    body.and_then(|body| encode_with(frame, &body)).map_err(|error| error.at(frame.header.position))
}

/// Encodes a frame whose command's body was encoded before.
///
/// # Errors
///
/// As [`encode()`].
pub fn encode_with<M: Machine>(frame: &Frame<M>, body: &CommandBody) -> Result<Vec<u8>, WireError> {
    let position = frame.header.position;
    let mut out = Writer(Vec::with_capacity(256 + body.bytes().len()));
    let problem = |problem| WireError::new(0, problem).at(position);
    if body.hash() != frame.header.body_hash {
        return Err(problem(WireProblem::Unexpected {
            expected: "the header to carry the hash of the body",
            found: format!("{:02x?}", frame.header.body_hash.0),
        }));
    }
    out.head(&frame.header, frame.count());
    match &frame.content {
        Content::Control(control) => {
            out.command(&frame.header, control.intent(), CONTROL_VERSION, body);
            out.name("r");
            out.list(0);
        }
        Content::Step(command, outcome) => {
            let (intent, version) = command_intent(command);
            out.command(&frame.header, intent, version, body);
            out.name("r");
            out.outcome(intent, outcome).map_err(|error| error.at(position))?;
        }
    }
    out.name("d");
    out.bytes(&frame.digest);
    let (limit, found) = (u64::from(FRAME_BYTES_MAX), out.0.len() as u64);
    if found <= limit { Ok(out.0) } else { Err(problem(WireProblem::Size { limit, found })) }
}

/// Encodes a command that stands alone, as in the inbox. Of the header, only what the caller gave is stored.
pub fn encode_command(
    header: &Header,
    intent: Intent,
    version: u16,
    body: &CommandBody,
) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.command_fields(header, intent, version, body);
    out.0
}

/// Writes into memory, which cannot fail.
struct Writer(Vec<u8>);

impl Writer {
    fn head(&mut self, header: &Header, count: u64) {
        self.map(10);
        self.name("v");
        self.unsigned(u64::from(FORMAT_VERSION));
        self.name("p");
        self.unsigned(u64::from(header.partition.0));
        self.name("n");
        self.unsigned(header.position.0);
        self.name("c");
        self.unsigned(count);
        self.name("t");
        self.signed(header.timestamp.0);
        self.name("tn");
        self.name(&header.tenant);
        self.name("s");
        self.unsigned(u64::from(header.semantics));
    }

    fn command(&mut self, header: &Header, intent: Intent, version: u16, body: &CommandBody) {
        self.name("cmd");
        self.command_fields(header, intent, version, body);
    }

    fn command_fields(
        &mut self,
        header: &Header,
        intent: Intent,
        version: u16,
        body: &CommandBody,
    ) {
        let texts = [
            ("q", &header.request_id),
            ("a", &header.actor),
            ("co", &header.correlation_id),
            ("tr", &header.trace),
        ];
        let options = texts.iter().filter(|(_, text)| text.is_some()).count() as u32;
        self.map(3 + u32::from(header.key.is_some()) + options);
        self.intent(intent, version);
        if let Some(key) = header.key {
            self.name("k");
            self.unsigned(key.0);
        }
        for (name, text) in texts {
            if let Some(text) = text {
                self.name(name);
                self.name(text);
            }
        }
        self.name("b");
        self.0.extend_from_slice(body.bytes());
    }

    fn outcome<M: Machine>(
        &mut self,
        command: Intent,
        outcome: &Outcome<M>,
    ) -> Result<(), WireError> {
        match outcome {
            Outcome::Rejected(rejection) => {
                self.list(1);
                self.map(4);
                self.name("kd");
                self.unsigned(1);
                self.intent(command, REJECTION_VERSION);
                self.name("b");
                self.rejection(rejection);
            }
            Outcome::Events(events) => {
                self.list(events.len() as u32);
                for EventRecord { key, event } in events {
                    self.map(5);
                    self.name("kd");
                    self.unsigned(0);
                    let (intent, version) = event_intent(event);
                    self.intent(intent, version);
                    self.name("k");
                    self.unsigned(key.0);
                    self.name("b");
                    encode_event(event, &mut self.0)?;
                }
            }
        }
        Ok(())
    }

    fn rejection(&mut self, it: &Rejection) {
        self.map(3 + u32::from(it.field.is_some()) + u32::from(it.is_imposed));
        self.name("cd");
        self.name(it.code.name);
        self.name("cl");
        self.name(it.code.class.name());
        if let Some(field) = &it.field {
            self.name("fd");
            self.name(field);
        }
        self.name("m");
        self.name(&it.reason);
        if it.is_imposed {
            self.name("im");
            self.0.push(0xc3);
        }
    }

    fn intent(&mut self, intent: Intent, version: u16) {
        self.name("i");
        self.unsigned(u64::from(intent.number));
        self.name("v");
        self.unsigned(u64::from(version));
    }

    fn name(&mut self, text: &str) {
        let _never = encode::write_str(&mut self.0, text);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let _never = encode::write_bin(&mut self.0, bytes);
    }

    fn unsigned(&mut self, value: u64) {
        let _never = encode::write_uint(&mut self.0, value);
    }

    fn signed(&mut self, value: i64) {
        let _never = encode::write_sint(&mut self.0, value);
    }

    fn map(&mut self, count: u32) {
        let _never = encode::write_map_len(&mut self.0, count);
    }

    fn list(&mut self, count: u32) {
        let _never = encode::write_array_len(&mut self.0, count);
    }
}
