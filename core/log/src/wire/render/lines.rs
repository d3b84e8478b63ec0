//! One line per record: position, kind, intent, cause, and what it is about, with keys as short names.

use std::collections::BTreeMap;

use dacapo_engine::record::{Key, Position};

use super::super::scan::{Scan, Token};
use super::super::{FrameView, RecordView, WireError};
use super::json::{KERNEL_END, Renderer, is_key_name, quoted};

/// What kind of record a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A command.
    Command,
    /// An event.
    Event,
    /// A refusal.
    Rejection,
    /// A control record.
    Control,
}

/// One line, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLine {
    /// The position.
    pub position: Position,
    /// The position of the command that caused it; none for commands.
    pub cause: Option<Position>,
    /// The kind.
    pub kind: RecordKind,
    /// The intent.
    pub intent: String,
    /// What it is about: short names and fields.
    pub text: String,
}

/// Prints the records of a log, frame after frame; a key has the same short name in all of them.
#[derive(Clone, Debug)]
pub struct LinePrinter {
    renderer: Renderer,
    base: u64,
    nicknames: BTreeMap<Key, String>,
    counts: BTreeMap<char, u32>,
}

impl RecordKind {
    /// Returns the letter in the second column.
    pub const fn letter(self) -> char {
        match self {
            Self::Command => 'C',
            Self::Event => 'E',
            Self::Rejection => 'R',
            Self::Control => 'K',
        }
    }
}

impl LinePrinter {
    /// Makes a printer. Positions are shown less `base`: 0 for the real ones.
    pub fn new(renderer: Renderer, base: u64) -> Self {
        Self { renderer, base, nicknames: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// Returns the lines of a frame.
    ///
    /// # Errors
    ///
    /// Fails if a body is not well-formed.
    pub fn lines(&mut self, view: &FrameView<'_>) -> Result<Vec<RecordLine>, WireError> {
        let mut lines = vec![self.command(view)?];
        for (index, record) in view.records.iter().enumerate() {
            let position = view.position.plus(1 + index as u64);
            lines.push(match record {
                RecordView::Event { intent, key, body, .. } => {
                    self.event(view, position, *intent, *key, body)?
                }
                RecordView::Rejection { body } => self.rejection(view, position, body)?,
            });
        }
        Ok(lines)
    }

    /// Returns the lines of a frame as text, each ended by a line feed.
    ///
    /// # Errors
    ///
    /// As [`LinePrinter::lines`].
    pub fn print(&mut self, view: &FrameView<'_>) -> Result<String, WireError> {
        Ok(self.lines(view)?.iter().map(|line| self.text(line)).collect())
    }

    /// Returns a line as text, ended by a line feed.
    pub fn text(&self, line: &RecordLine) -> String {
        let position = line.position.0.saturating_sub(self.base);
        let cause = line
            .cause
            .map_or_else(String::new, |it| format!("<{}", it.0.saturating_sub(self.base)));
        let text = format!(
            "{position:<5}{} {:<28}{cause:<6}{}",
            line.kind.letter(),
            line.intent,
            line.text
        );
        format!("{}\n", text.trim_end())
    }

    /// Returns the key that a short name stands for.
    pub fn key(&self, nickname: &str) -> Option<Key> {
        self.nicknames.iter().find(|(_, name)| *name == nickname).map(|(key, _)| *key)
    }

    fn command(&mut self, view: &FrameView<'_>) -> Result<RecordLine, WireError> {
        let command = &view.command;
        let intent = self.renderer.names().command(command.intent).unwrap_or("unknown").to_owned();
        let kind = if view.records.is_empty() { RecordKind::Control } else { RecordKind::Command };
        let mut text = Vec::new();
        text.extend(command.request_id.map(|id| format!("request={}", word(id))));
        text.extend(self.fields(command.body, command.intent < KERNEL_END)?);
        if let Some(key) = command.key {
            let name = self.nickname(key, &intent);
            if !text.iter().any(|it| it.ends_with(&format!("={name}"))) {
                text.insert(0, name);
            }
        }
        Ok(RecordLine { position: view.position, cause: None, kind, intent, text: text.join(" ") })
    }

    fn event(
        &mut self,
        view: &FrameView<'_>,
        position: Position,
        number: u16,
        key: Key,
        body: &[u8],
    ) -> Result<RecordLine, WireError> {
        let intent = self.renderer.names().event(number).unwrap_or("unknown").to_owned();
        let mut text = vec![self.nickname(key, &intent)];
        text.extend(self.fields(body, number < KERNEL_END)?);
        let cause = Some(view.position);
        Ok(RecordLine { position, cause, kind: RecordKind::Event, intent, text: text.join(" ") })
    }

    fn rejection(
        &mut self,
        view: &FrameView<'_>,
        position: Position,
        body: &[u8],
    ) -> Result<RecordLine, WireError> {
        let intent =
            self.renderer.names().command(view.command.intent).unwrap_or("unknown").to_owned();
        let text = self.fields(body, true)?.join(" ");
        Ok(RecordLine {
            position,
            cause: Some(view.position),
            kind: RecordKind::Rejection,
            intent,
            text,
        })
    }

    fn fields(&mut self, body: &[u8], is_kernel: bool) -> Result<Vec<String>, WireError> {
        let mut texts = Vec::new();
        for (name, bytes, is_data) in self.renderer.fields(body, is_kernel)? {
            let value = if is_data {
                shortened(&self.renderer.data(bytes))
            } else {
                self.value(&mut Scan::new(bytes), is_key_name(&name))?
            };
            texts.push(format!("{name}={value}"));
        }
        Ok(texts)
    }

    fn value(&mut self, scan: &mut Scan<'_>, is_key: bool) -> Result<String, WireError> {
        Ok(match scan.token()? {
            Token::Nil => "null".into(),
            Token::Boolean(value) => value.to_string(),
            Token::Unsigned(value) if is_key => self.nickname(Key(value), "key"),
            Token::Unsigned(value) => value.to_string(),
            Token::Negative(value) => value.to_string(),
            Token::Text(text) => word(&shortened(text)),
            Token::Bytes(bytes) => format!("<{} bytes>", bytes.len()),
            Token::Extension(code, _) => format!("<extension {code}>"),
            Token::List(count) => {
                let items: Result<Vec<String>, WireError> =
                    (0..count).map(|_| self.value(scan, is_key)).collect();
                shortened(&format!("[{}]", items?.join(" ")))
            }
            Token::Map(count) => {
                let mut items = Vec::new();
                for _ in 0..count {
                    let short = scan.string()?;
                    let long =
                        self.renderer.names().field(short, false).map_or(short, |it| it.long);
                    items.push(format!("{long}={}", self.value(scan, is_key_name(long))?));
                }
                shortened(&format!("{{{}}}", items.join(" ")))
            }
        })
    }

    /// Returns the short name of a key: the first letter of the family that it was first met in, and a number.
    fn nickname(&mut self, key: Key, intent: &str) -> String {
        if let Some(name) = self.nicknames.get(&key) {
            return name.clone();
        }
        let letter = intent.chars().next().unwrap_or('k');
        let count = self.counts.entry(letter).or_insert(0);
        *count += 1;
        let name = format!("#{letter}{count}");
        self.nicknames.insert(key, name.clone());
        name
    }
}

fn word(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.chars().all(|it| !it.is_whitespace() && it != '"' && !it.is_control());
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX {
        return text.to_owned();
    }
    text.chars().take(TEXT_MAX - 1).chain(['…']).collect()
}

const TEXT_MAX: usize = 160;
