//! Frames as text for people: JSON with the long names, and the values of the compact lines.

use dacapo_engine::record::Key;

use super::names::ExtensionText;
use super::scan::Scan;
use super::token::Token;
use super::view::KERNEL_INTENT_MAX;
use super::{CommandView, FrameView, Names, OutcomeKind, ReadLimits, RecordView, WireError, hex};

/// Renders a stored frame as JSON with long names.
///
/// Keys are texts, positions and timestamps numbers, bytes hexadecimal digits. Names in the user's own data stay as they are.
///
/// # Errors
///
/// Fails if the bytes are not a frame.
pub fn frame_json(bytes: &[u8], names: &Names) -> Result<String, WireError> {
    let view = FrameView::parse(bytes, &ReadLimits::TRUSTED)?;
    let mut out = Renderer::json(names);
    out.frame(&view);
    Ok(out.text)
}

/// Renders the body of a command or event as JSON with long names.
///
/// # Errors
///
/// Fails if the bytes are not one value.
pub fn body_json(intent: u16, body: &[u8], names: &Names) -> Result<String, WireError> {
    let mut scan = Scan::new(body);
    scan.value()?;
    scan.end()?;
    let mut out = Renderer::json(names);
    out.body(intent, body);
    Ok(out.text)
}

/// Gives the short names that keys have in compact lines.
pub(super) trait Nicknames {
    fn of(&mut self, key: Key) -> String;
}

pub(super) struct Renderer<'a> {
    pub(super) text: String,
    names: &'a Names,
    /// Lines for people have nicknames instead of keys, and no quotes.
    nicknames: Option<&'a mut dyn Nicknames>,
}

/// How names and numbers in a value are to be read.
#[derive(Clone, Copy)]
struct Place {
    is_kernel: bool,
    is_data: bool,
    is_key: bool,
}

impl<'a> Renderer<'a> {
    pub(super) fn json(names: &'a Names) -> Self {
        Self { text: String::new(), names, nicknames: None }
    }

    pub(super) fn compact(names: &'a Names, nicknames: &'a mut dyn Nicknames) -> Self {
        Self { text: String::new(), names, nicknames: Some(nicknames) }
    }

    /// Renders a body; in compact form without the braces around it.
    pub(super) fn body(&mut self, intent: u16, body: &[u8]) {
        let is_kernel = intent <= KERNEL_INTENT_MAX;
        let place = Place { is_kernel, is_data: false, is_key: false };
        self.value(&mut Scan::new(body), place);
    }

    fn frame(&mut self, view: &FrameView<'_>) {
        self.number("{\"partition\":", u64::from(view.partition.0));
        self.number(",\"position\":", view.position.0);
        self.number(",\"count\":", u64::from(view.count));
        self.text.push_str(",\"timestamp\":");
        self.text.push_str(&view.timestamp.0.to_string());
        self.string(",\"tenant\":", view.tenant);
        self.number(",\"semantics\":", u64::from(view.semantics));
        self.string(",\"outcome\":", view.outcome().name());
        self.text.push_str(",\"command\":");
        self.command(&view.command);
        self.text.push_str(",\"records\":[");
        for (record, position) in view.records.iter().zip(view.position.0 + 1..) {
            if position > view.position.0 + 1 {
                self.text.push(',');
            }
            self.record(record, position, view.command.intent);
        }
        self.string("],\"digest\":", &hex(&view.digest));
        self.text.push('}');
    }

    fn command(&mut self, it: &CommandView<'_>) {
        self.intent("{", it.intent, self.names.command(it.intent));
        self.number(",\"version\":", u64::from(it.version));
        if let Some(key) = it.key {
            self.string(",\"key\":", &key.to_string());
        }
        let texts = [
            (",\"request_id\":", it.request_id),
            (",\"actor\":", it.actor),
            (",\"correlation_id\":", it.correlation_id),
            (",\"trace\":", it.trace),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                self.string(name, text);
            }
        }
        self.text.push_str(",\"body\":");
        self.body(it.intent, it.body);
        self.text.push('}');
    }

    fn record(&mut self, record: &RecordView<'_>, position: u64, command: u16) {
        self.number("{\"position\":", position);
        match *record {
            RecordView::Event { intent, version, key, body } => {
                self.string(",\"kind\":", "event");
                self.intent(",", intent, self.names.event(intent));
                self.number(",\"version\":", u64::from(version));
                self.string(",\"key\":", &key.to_string());
                self.text.push_str(",\"body\":");
                self.body(intent, body);
            }
            RecordView::Rejection { body } => {
                self.string(",\"kind\":", OutcomeKind::Rejection.name());
                self.intent(",", command, self.names.command(command));
                self.text.push_str(",\"body\":");
                self.body(0, body);
            }
        }
        self.text.push('}');
    }

    fn intent(&mut self, before: &str, number: u16, name: Option<&str>) {
        self.text.push_str(before);
        match name {
            Some(name) => self.string("\"intent\":", name),
            None => self.number("\"intent\":", u64::from(number)),
        }
    }

    fn number(&mut self, before: &str, value: u64) {
        self.text.push_str(before);
        self.text.push_str(&value.to_string());
    }

    fn string(&mut self, before: &str, value: &str) {
        self.text.push_str(before);
        self.quote(value);
    }

    /// Renders the next value. The bytes were scanned before, so what cannot be read does not occur.
    fn value(&mut self, scan: &mut Scan<'_>, place: Place) {
        let start = scan.rest();
        let Ok(token) = scan.token() else { return };
        match token {
            Token::Nil => self.text.push_str("null"),
            Token::Boolean(value) => self.text.push_str(if value { "true" } else { "false" }),
            Token::Unsigned(value) => self.unsigned(value, place),
            Token::Negative(value) => self.text.push_str(&value.to_string()),
            Token::Text(text) => self.quote(text),
            Token::Bytes(bytes) if self.nicknames.is_some() && bytes.len() > SHOWN_BYTES_MAX => {
                self.text.push_str(&format!("<{} bytes>", bytes.len()));
            }
            Token::Bytes(bytes) => self.quote(&hex(bytes)),
            Token::Extension(_, bytes) => {
                let length = start.len() - scan.rest().len();
                self.extension(start.get(..length).unwrap_or_default(), bytes);
            }
            Token::List(count) => {
                self.text.push('[');
                for item in 0..count {
                    self.comma(item);
                    self.value(scan, place);
                }
                self.text.push(']');
            }
            Token::Map(count) => self.map(scan, count, place),
        }
    }

    fn map(&mut self, scan: &mut Scan<'_>, count: u32, place: Place) {
        self.text.push('{');
        for item in 0..count {
            self.comma(item);
            let place = match scan.token() {
                Ok(Token::Text(name)) if !place.is_data => {
                    let field = self.names.field(name, place.is_kernel);
                    let long = field.map_or(name, |field| field.long);
                    self.quote(long);
                    let is_key = ["key", "keys"].contains(&long.rsplit('_').next().unwrap_or(long));
                    let is_data = field.is_some_and(|field| field.is_data);
                    Place { is_key, is_data, ..place }
                }
                Ok(Token::Text(name)) => {
                    self.quote(name);
                    place
                }
                Ok(Token::Unsigned(key)) => {
                    self.quote(&key.to_string());
                    place
                }
                Ok(Token::Negative(key)) => {
                    self.quote(&key.to_string());
                    place
                }
                Ok(Token::Boolean(key)) => {
                    self.quote(if key { "true" } else { "false" });
                    place
                }
                Ok(_) | Err(_) => return,
            };
            self.text.push_str(if self.nicknames.is_some() { ": " } else { ":" });
            self.value(scan, place);
        }
        self.text.push('}');
    }

    fn comma(&mut self, item: u32) {
        if item > 0 {
            self.text.push_str(if self.nicknames.is_some() { ", " } else { "," });
        }
    }

    fn unsigned(&mut self, value: u64, place: Place) {
        match &mut self.nicknames {
            Some(nicknames) if place.is_key => {
                let nickname = nicknames.of(Key(value));
                self.text.push_str(&nickname);
            }
            None if place.is_key || (value > SAFE_MAX && !place.is_data) => {
                self.quote(&value.to_string());
            }
            Some(_) | None => self.text.push_str(&value.to_string()),
        }
    }

    fn extension(&mut self, value: &[u8], bytes: &[u8]) {
        match self.names.extension(value) {
            Some(ExtensionText::Number(digits)) => self.text.push_str(&digits),
            Some(ExtensionText::Text(text)) => self.quote(&text),
            None => self.quote(&hex(bytes)),
        }
    }

    fn quote(&mut self, text: &str) {
        let is_plain = |letter: char| letter.is_alphanumeric() || "_-.<>/@".contains(letter);
        if self.nicknames.is_some() && !text.is_empty() && text.chars().all(is_plain) {
            self.text.push_str(text);
            return;
        }
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                letter if letter.is_control() => {
                    self.text.push_str(&format!("\\u{:04x}", u32::from(letter)));
                }
                letter => self.text.push(letter),
            }
        }
        self.text.push('"');
    }
}

/// The greatest number that JavaScript reads exactly.
const SAFE_MAX: u64 = (1 << 53) - 1;

/// How many bytes a line for people shows; a hash is not hidden.
const SHOWN_BYTES_MAX: usize = 32;
