//! A frame as JSON text with long names. The user's own data keeps its names.

use std::fmt::Write as _;

use dacapo_engine::feel::json;
use dacapo_engine::record::Key;

use super::super::scan::{Scan, Token};
use super::super::{FrameView, Names, RecordView, WireError, hex};

/// Turns stored frames into JSON.
#[derive(Clone, Debug)]
pub struct Renderer {
    names: Names,
    data: DataPrinter,
}

/// Returns the JSON text of user data, from its MessagePack.
type DataPrinter = fn(&[u8]) -> Option<String>;

impl Renderer {
    /// Makes a renderer. `data` prints the content of fields that are the user's own; `print_data` is the plain one.
    pub fn new(names: Names, data: DataPrinter) -> Self {
        Self { names, data }
    }

    /// Returns the names that the renderer knows.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Returns a frame as one line of JSON.
    ///
    /// # Errors
    ///
    /// Fails if a body is not well-formed.
    pub fn frame(&self, view: &FrameView<'_>) -> Result<String, WireError> {
        let mut out = String::from("{");
        put(&mut out, "partition", view.partition.0);
        put(&mut out, "position", view.position.0);
        put(&mut out, "count", view.count);
        put(&mut out, "timestamp", view.timestamp.0);
        put(&mut out, "tenant", quoted(view.tenant));
        put(&mut out, "semantics", view.semantics);
        put(&mut out, "command", self.command(view)?);
        let records: Result<Vec<String>, WireError> = view
            .records
            .iter()
            .enumerate()
            .map(|(index, record)| self.record(view, index, record))
            .collect();
        put(&mut out, "records", format!("[{}]", records?.join(",")));
        put(&mut out, "digest", quoted(&hex(&view.digest)));
        out.push('}');
        Ok(out)
    }

    /// Returns a body as JSON.
    ///
    /// # Errors
    ///
    /// Fails if the body is not well-formed.
    pub fn body(&self, body: &[u8], is_kernel: bool) -> Result<String, WireError> {
        let mut out = String::new();
        self.value(&mut Scan::new(body), &mut out, is_kernel, false)?;
        Ok(out)
    }

    pub(crate) fn fields<'a>(
        &self,
        body: &'a [u8],
        is_kernel: bool,
    ) -> Result<Vec<(String, &'a [u8], bool)>, WireError> {
        let (mut scan, mut fields) = (Scan::new(body), Vec::new());
        for _ in 0..scan.map()? {
            let short = scan.string()?;
            let field = self.names.field(short, is_kernel);
            let long = field.map_or_else(|| short.to_owned(), |it| it.long.to_owned());
            fields.push((long, scan.value()?, field.is_some_and(|it| it.is_data)));
        }
        Ok(fields)
    }

    pub(crate) fn data(&self, bytes: &[u8]) -> String {
        (self.data)(bytes).unwrap_or_else(|| "null".into())
    }

    fn command(&self, view: &FrameView<'_>) -> Result<String, WireError> {
        let command = &view.command;
        let mut out = String::from("{");
        put(&mut out, "intent", quoted(self.names.command(command.intent).unwrap_or("unknown")));
        put(&mut out, "version", command.version);
        if let Some(key) = command.key {
            put(&mut out, "key", key_text(key));
        }
        let texts = [
            ("request_id", command.request_id),
            ("actor", command.actor),
            ("correlation_id", command.correlation_id),
            ("trace", command.trace),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                put(&mut out, name, quoted(text));
            }
        }
        put(&mut out, "body", self.body(command.body, command.intent < KERNEL_END)?);
        out.push('}');
        Ok(out)
    }

    fn record(
        &self,
        view: &FrameView<'_>,
        index: usize,
        record: &RecordView<'_>,
    ) -> Result<String, WireError> {
        let mut out = String::from("{");
        match record {
            RecordView::Event { intent, version, key, body } => {
                put(&mut out, "kind", quoted("event"));
                put(&mut out, "position", view.position.0 + 1 + index as u64);
                put(&mut out, "cause", view.position.0);
                put(&mut out, "intent", quoted(self.names.event(*intent).unwrap_or("unknown")));
                put(&mut out, "version", *version);
                put(&mut out, "key", key_text(*key));
                put(&mut out, "body", self.body(body, *intent < KERNEL_END)?);
            }
            RecordView::Rejection { body } => {
                put(&mut out, "kind", quoted("rejection"));
                put(&mut out, "position", view.position.0 + 1 + index as u64);
                put(&mut out, "cause", view.position.0);
                put(
                    &mut out,
                    "intent",
                    quoted(self.names.command(view.command.intent).unwrap_or("unknown")),
                );
                put(&mut out, "body", self.body(body, true)?);
            }
        }
        out.push('}');
        Ok(out)
    }

    fn value(
        &self,
        scan: &mut Scan<'_>,
        out: &mut String,
        is_kernel: bool,
        is_key: bool,
    ) -> Result<(), WireError> {
        match scan.token()? {
            Token::Map(count) => self.map(scan, out, is_kernel, count)?,
            Token::List(count) => {
                out.push('[');
                for index in 0..count {
                    if index > 0 {
                        out.push(',');
                    }
                    self.value(scan, out, is_kernel, is_key)?;
                }
                out.push(']');
            }
            Token::Unsigned(value) if is_key => out.push_str(&quoted(&value.to_string())),
            scalar => out.push_str(&print_scalar(scalar)),
        }
        Ok(())
    }

    fn map(
        &self,
        scan: &mut Scan<'_>,
        out: &mut String,
        is_kernel: bool,
        count: u32,
    ) -> Result<(), WireError> {
        out.push('{');
        for index in 0..count {
            if index > 0 {
                out.push(',');
            }
            let short = scan.string()?;
            let field = self.names.field(short, is_kernel);
            let long = field.map_or(short, |it| it.long);
            let _ = write!(out, "{}:", quoted(long));
            if field.is_some_and(|it| it.is_data) {
                out.push_str(&self.data(scan.value()?));
            } else {
                self.value(scan, out, is_kernel, is_key_name(long))?;
            }
        }
        out.push('}');
        Ok(())
    }
}

/// Prints user data as JSON: numbers exactly, dates, times and durations as their ISO 8601 text.
pub fn print_data(bytes: &[u8]) -> Option<String> {
    rmp_serde::from_slice(bytes).ok().map(|value| json::print(&value))
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Whether a field holds the key of an entity: keys are text in every rendering.
pub(super) fn is_key_name(long: &str) -> bool {
    long == "key" || long.ends_with("_key") || long.ends_with("_keys")
}

fn print_scalar(token: Token<'_>) -> String {
    match token {
        Token::Boolean(value) => value.to_string(),
        Token::Unsigned(value) => value.to_string(),
        Token::Negative(value) => value.to_string(),
        Token::Text(text) => quoted(text),
        Token::Bytes(bytes) => quoted(&bytes_text(bytes)),
        Token::Extension(_, bytes) => quoted(&hex(bytes)),
        Token::Nil | Token::List(_) | Token::Map(_) => "null".into(),
    }
}

/// Shows short bytes whole (hashes), long ones (files) by their length and hash.
fn bytes_text(bytes: &[u8]) -> String {
    if bytes.len() <= 64 {
        return hex(bytes);
    }
    format!("{} bytes, BLAKE3 {}", bytes.len(), blake3::hash(bytes).to_hex())
}

fn put(out: &mut String, name: &str, value: impl std::fmt::Display) {
    if !out.ends_with('{') {
        out.push(',');
    }
    let _ = write!(out, "\"{name}\":{value}");
}

fn key_text(key: Key) -> String {
    quoted(&key.to_string())
}

/// Intents below are the kernel's, and so are the names of their fields.
pub(super) const KERNEL_END: u16 = 100;
