//! The compact form of a log: one line per record, keys as nicknames, every line with its cause.
//!
//! ```text
//! 3     C counter.add                            name: a, amount: 5
//! 4     E counter.created                 <3     #c name: a
//! 5     E counter.added                   <3     #c amount: 5
//! ```

use std::collections::{BTreeMap, BTreeSet};

use dacapo_engine::kernel::{AnyCommand, AnyEvent, Content, Frame, Machine, Outcome};
use dacapo_engine::record::{Key, Position, Rejection};

use super::body::{command_intent, encode_event, event_intent};
use super::render::{Nicknames, Renderer};
use super::{CommandBody, Names, WireError};

/// Prints frames, and remembers the nicknames that it gave.
pub struct Printer<'a, M: Machine> {
    names: &'a Names,
    describe: Option<&'a dyn Describe<M>>,
    nicknames: Given,
}

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub enum Line<'a, M: Machine> {
    /// A command.
    Command(&'a AnyCommand<M>),
    /// An event, and the entity that it is about.
    Event(Key, &'a AnyEvent<M>),
}

/// How a machine's records are told to people.
pub trait Describe<M: Machine> {
    /// Says in a few words what a record is about; none for all its fields. The function gives keys their nicknames.
    fn line(&self, line: Line<'_, M>, nickname: &mut dyn FnMut(Key) -> String) -> Option<String>;

    /// Returns what the nickname of the entity begins with that an event creates; none for `#` and the initials of
    /// its intent.
    fn nickname(&self, event: &AnyEvent<M>) -> Option<String>;
}

impl<'a, M: Machine> Printer<'a, M> {
    /// Makes a printer that shows all fields.
    pub fn new(names: &'a Names) -> Self {
        Self { names, describe: None, nicknames: Given::default() }
    }

    /// Makes a printer that asks first what to show of a record.
    pub fn with_describe(names: &'a Names, describe: &'a dyn Describe<M>) -> Self {
        Self { describe: Some(describe), ..Self::new(names) }
    }

    /// Prints a frame, each of its records on a line.
    ///
    /// # Errors
    ///
    /// Fails if a body cannot be encoded.
    pub fn print(&mut self, frame: &Frame<M>) -> Result<String, WireError> {
        let position = frame.header.position;
        let mut lines = String::new();
        match &frame.content {
            Content::Control(control) => {
                let body = CommandBody::of_control(control)?;
                let fields = self.fields(control.intent().number, body.bytes());
                put(&mut lines, (position, 'L'), control.intent().name, None, &fields);
            }
            Content::Step(command, outcome) => {
                let (intent, _) = command_intent(command);
                let text = match self.described(Line::Command(command)) {
                    Some(text) => text,
                    None => {
                        let fields = self.fields(intent.number, CommandBody::of(command)?.bytes());
                        self.with_key(frame.header.key, &fields)
                    }
                };
                put(&mut lines, (position, 'C'), intent.name, None, &text);
                self.outcome(&mut lines, position, intent.name, outcome)?;
            }
        }
        Ok(lines)
    }

    /// Returns the nickname of a key, giving it one if it has none.
    pub fn nickname(&mut self, key: Key) -> String {
        self.nicknames.of(key)
    }

    fn outcome(
        &mut self,
        lines: &mut String,
        command: Position,
        name: &str,
        outcome: &Outcome<M>,
    ) -> Result<(), WireError> {
        let events = match outcome {
            Outcome::Events(events) => events,
            Outcome::Rejected(rejection) => {
                let text = self.nicknames.within(&refusal(rejection));
                put(lines, (command.next(), 'R'), name, Some(command), &text);
                return Ok(());
            }
        };
        for (event, number) in events.iter().zip(1..) {
            let (position, intent) = (command.plus(number), event_intent(&event.event).0);
            if event.key.parts().position == position {
                let stem = self.describe.and_then(|it| it.nickname(&event.event));
                self.nicknames.give(event.key, &stem.unwrap_or_else(|| initials(intent.name)));
            }
            let text = match self.described(Line::Event(event.key, &event.event)) {
                Some(text) => text,
                None => {
                    let mut body = Vec::new();
                    encode_event(&event.event, &mut body)?;
                    let fields = self.fields(intent.number, &body);
                    self.with_key(Some(event.key), &fields)
                }
            };
            put(lines, (position, 'E'), intent.name, Some(command), &text);
        }
        Ok(())
    }

    fn described(&mut self, line: Line<'_, M>) -> Option<String> {
        let nicknames = &mut self.nicknames;
        let text = self.describe?.line(line, &mut |key| nicknames.of(key))?;
        Some(self.nicknames.within(&text))
    }

    fn with_key(&mut self, key: Option<Key>, fields: &str) -> String {
        let key = key.map(|key| self.nicknames.of(key)).unwrap_or_default();
        format!("{key} {fields}").trim().to_owned()
    }

    fn fields(&mut self, intent: u16, body: &[u8]) -> String {
        let mut out = Renderer::compact(self.names, &mut self.nicknames);
        out.body(intent, body);
        let text = out.text;
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        inner.unwrap_or(&text).to_owned()
    }
}

/// The nicknames that were given, numbered from the second of a kind on.
#[derive(Default)]
struct Given {
    keys: BTreeMap<Key, String>,
    taken: BTreeSet<String>,
    counts: BTreeMap<String, u32>,
}

impl Given {
    fn give(&mut self, key: Key, stem: &str) -> String {
        if let Some(nickname) = self.keys.get(&key) {
            return nickname.clone();
        }
        let count = self.counts.entry(stem.to_owned()).or_default();
        let dot = if stem.ends_with(|letter: char| letter.is_ascii_digit()) { "." } else { "" };
        // Ends: there are fewer nicknames than numbers.
        let nickname = loop {
            *count += 1;
            let nickname =
                if *count == 1 { stem.to_owned() } else { format!("{stem}{dot}{count}") };
            if self.taken.insert(nickname.clone()) {
                break nickname;
            }
        };
        self.keys.insert(key, nickname.clone());
        nickname
    }

    /// Puts the nicknames that were given in place of the keys in a text.
    fn within(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(from.len());
            let (digits, after) = from.split_at(end);
            let key = digits.parse().ok().and_then(|number| self.keys.get(&Key(number)));
            out.push_str(before);
            out.push_str(key.map_or(digits, String::as_str));
            rest = after;
        }
        out + rest
    }
}

impl Nicknames for Given {
    fn of(&mut self, key: Key) -> String {
        self.give(key, "#k")
    }
}

/// Names what an event creates after its intent: `element_instance.activating` makes `#ei`.
fn initials(intent: &str) -> String {
    let noun = intent.split('.').next().unwrap_or(intent);
    let initials = noun.split('_').filter_map(|word| word.chars().next());
    core::iter::once('#').chain(initials).collect()
}

fn refusal(it: &Rejection) -> String {
    let field = it.field.as_ref().map(|field| format!(" {field}:")).unwrap_or_default();
    let imposed = if it.is_imposed { " (imposed)" } else { "" };
    let reason = it.reason.replace('\n', " / ");
    format!("{}{imposed}{field} {reason}", it.code.name)
}

fn put(
    lines: &mut String,
    (position, kind): (Position, char),
    intent: &str,
    cause: Option<Position>,
    text: &str,
) {
    let cause = cause.map(|cause| format!("<{}", cause.0)).unwrap_or_default();
    // A record is one line, whatever its texts are.
    let text = text.replace('\n', "; ");
    let line = format!("{:<5} {kind} {intent:<31} {cause:<6} {text}", position.0);
    lines.push_str(line.trim_end());
    lines.push('\n');
}
