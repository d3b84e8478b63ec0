//! The compact form of a log: one line per record, keys as nicknames, every line with its cause.
//!
//! ```text
//! 3 C counter.add                name: a, amount: 5
//! 4 E counter.created      <3    name: a #c
//! 5 E counter.added        <3    amount: 5 #c
//! ```

use std::collections::BTreeMap;

use dacapo_engine::kernel::{AnyCommand, AnyEvent, Content, Frame, Machine, Outcome};
use dacapo_engine::record::{Key, Position, Rejection};

use super::body::{command_intent, encode_event, event_intent};
use super::render::{Nicknames, Renderer};
use super::{CommandBody, Names, WireError};

/// Prints frames, and remembers the nicknames that it gave.
pub struct Printer<'a, M: Machine> {
    names: &'a Names,
    describe: Option<Describe<'a, M>>,
    nicknames: Given,
}

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub enum Line<'a, M: Machine> {
    /// A command.
    Command(&'a AnyCommand<M>),
    /// An event.
    Event(&'a AnyEvent<M>),
}

/// Says in a few words what a record is about; none for all its fields. The function gives keys their nicknames.
pub type Describe<'a, M> =
    Box<dyn Fn(Line<'_, M>, &mut dyn FnMut(Key) -> String) -> Option<String> + 'a>;

impl<'a, M: Machine> Printer<'a, M> {
    /// Makes a printer that shows all fields.
    pub fn new(names: &'a Names) -> Self {
        let nicknames = Given { keys: BTreeMap::new(), counts: BTreeMap::new() };
        Self { names, describe: None, nicknames }
    }

    /// Makes a printer that asks first what to show of a record.
    pub fn with_describe(names: &'a Names, describe: Describe<'a, M>) -> Self {
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
                    None => self.fields(intent.number, CommandBody::of(command)?.bytes()),
                };
                let key = frame.header.key.map(|key| self.nicknames.of(key));
                let text = with_key(text, key);
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
                let text = refusal(rejection);
                put(lines, (command.next(), 'R'), name, Some(command), &text);
                return Ok(());
            }
        };
        for (event, number) in events.iter().zip(1..) {
            let (position, intent) = (command.plus(number), event_intent(&event.event).0);
            if event.key.parts().position == position {
                self.nicknames.create(event.key, intent.name);
            }
            let text = match self.described(Line::Event(&event.event)) {
                Some(text) => text,
                None => {
                    let mut body = Vec::new();
                    encode_event(&event.event, &mut body)?;
                    self.fields(intent.number, &body)
                }
            };
            let text = with_key(text, Some(self.nicknames.of(event.key)));
            put(lines, (position, 'E'), intent.name, Some(command), &text);
        }
        Ok(())
    }

    fn described(&mut self, line: Line<'_, M>) -> Option<String> {
        let nicknames = &mut self.nicknames;
        self.describe.as_ref()?(line, &mut |key| nicknames.of(key))
    }

    fn fields(&mut self, intent: u16, body: &[u8]) -> String {
        let mut out = Renderer::compact(self.names, &mut self.nicknames);
        out.body(intent, body);
        let text = out.text;
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        inner.unwrap_or(&text).to_owned()
    }
}

/// The nicknames that were given: the initials of what was created, numbered from the second on.
struct Given {
    keys: BTreeMap<Key, String>,
    counts: BTreeMap<String, u32>,
}

impl Given {
    /// Names the key of an entity that an event creates: `element_instance.activating` makes `#ei`.
    fn create(&mut self, key: Key, intent: &str) {
        let noun = intent.split('.').next().unwrap_or(intent);
        let initials = noun.split('_').filter_map(|word| word.chars().next()).collect();
        self.give(key, initials);
    }

    fn give(&mut self, key: Key, initials: String) -> String {
        if let Some(nickname) = self.keys.get(&key) {
            return nickname.clone();
        }
        let count = self.counts.entry(initials.clone()).or_default();
        *count += 1;
        let nickname =
            if *count == 1 { format!("#{initials}") } else { format!("#{initials}{count}") };
        self.keys.insert(key, nickname.clone());
        nickname
    }
}

impl Nicknames for Given {
    fn of(&mut self, key: Key) -> String {
        self.give(key, "k".to_owned())
    }
}

fn refusal(it: &Rejection) -> String {
    let field = it.field.as_ref().map(|field| format!(" {field}:")).unwrap_or_default();
    let imposed = if it.is_imposed { " (imposed)" } else { "" };
    let reason = it.reason.replace('\n', " / ");
    format!("{}{imposed}{field} {reason}", it.code.name)
}

fn with_key(text: String, key: Option<String>) -> String {
    match key {
        None => text,
        Some(key) if text.is_empty() => key,
        Some(key) => format!("{text} {key}"),
    }
}

fn put(
    lines: &mut String,
    (position, kind): (Position, char),
    intent: &str,
    cause: Option<Position>,
    text: &str,
) {
    let cause = cause.map(|cause| format!("<{}", cause.0)).unwrap_or_default();
    let line = format!("{} {kind} {intent:<24} {cause:<5} {text}", position.0);
    lines.push_str(line.trim_end());
    lines.push('\n');
}
