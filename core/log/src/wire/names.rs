//! The names that people read: of intents and of fields.

use dacapo_engine::feel::{Value, json};
use dacapo_engine::kernel::{Body, KernelCommand, KernelEvent, Machine};
use dacapo_engine::record::{Control, Field, Intent};

use super::read_value;

/// The names of everything that stands in the log of a machine.
#[derive(Clone, Debug, Default)]
pub struct Names {
    commands: Vec<Intent>,
    events: Vec<Intent>,
    fields: Vec<Field>,
    read_extension: Option<ReadExtension>,
}

/// Reads an extension, given as one MessagePack value ([`super::read_value`] helps).
pub type ReadExtension = fn(&[u8]) -> Option<ExtensionText>;

/// What a rendering shows of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionText {
    /// The digits of a number.
    Number(String),
    /// A text.
    Text(String),
}

impl Names {
    /// Collects the names of a machine: its intents, and the fields that its author lists.
    pub fn of<M: Machine>(fields: &[Field]) -> Self {
        let (commands, events) = (commands::<M>(), events::<M>());
        Self { commands, events, fields: fields.to_vec(), read_extension: None }
    }

    /// Shows extensions as a reader of them says; as hexadecimal digits without one.
    pub fn with_extensions(self, read: ReadExtension) -> Self {
        Self { read_extension: Some(read), ..self }
    }

    /// Shows decimals as numbers, and dates, times and durations as their ISO 8601 text.
    pub fn with_values(self) -> Self {
        self.with_extensions(value_text)
    }

    pub(super) fn extension(&self, value: &[u8]) -> Option<ExtensionText> {
        self.read_extension.and_then(|read| read(value))
    }

    /// Returns the name of a command's or control record's intent.
    pub fn command(&self, number: u16) -> Option<&'static str> {
        name(&self.commands, number)
    }

    /// Returns the name of an event's intent.
    pub fn event(&self, number: u16) -> Option<&'static str> {
        name(&self.events, number)
    }

    /// Returns a field by its name on the wire: of the kernel first, or of the machine first.
    pub fn field(&self, short: &str, is_kernel_first: bool) -> Option<Field> {
        let machine = || self.fields.iter().find(|field| field.short == short).copied();
        let kernel = || KERNEL_FIELDS.iter().find(|field| field.short == short).copied();
        if is_kernel_first { kernel().or_else(machine) } else { machine().or_else(kernel) }
    }

    /// Returns a field of the machine by the name that people read.
    pub fn short(&self, long: &str) -> Option<Field> {
        self.fields.iter().find(|field| field.long == long).copied()
    }
}

/// Lists the intents of control records and commands, by number.
pub fn commands<M: Machine>() -> Vec<Intent> {
    let mut intents = Control::INTENTS.to_vec();
    intents.extend(KernelCommand::intents());
    intents.extend(M::Command::intents());
    intents.sort();
    intents
}

/// Lists the intents of events, by number.
pub fn events<M: Machine>() -> Vec<Intent> {
    let mut intents = KernelEvent::<M::Work>::intents();
    intents.extend(M::Event::intents());
    intents.sort();
    intents
}

/// Lists the fields of frames, control records, and the kernel's commands and events.
pub const fn kernel_fields() -> &'static [Field] {
    &KERNEL_FIELDS
}

fn value_text(bytes: &[u8]) -> Option<ExtensionText> {
    let value: Value = read_value(bytes).ok()?;
    let text = json::print(&value);
    match value {
        Value::Number(_) => Some(ExtensionText::Number(text)),
        _ => Some(ExtensionText::Text(text.trim_matches('"').to_owned())),
    }
}

pub(super) fn command_name<M: Machine>(number: u16) -> Option<&'static str> {
    let named = |intents: &[Intent]| {
        intents.iter().find(|intent| intent.number == number).map(|intent| intent.name)
    };
    named(&Control::INTENTS)
        .or_else(|| named(&KernelCommand::intents()))
        .or_else(|| named(&M::Command::intents()))
}

fn name(intents: &[Intent], number: u16) -> Option<&'static str> {
    let found = intents.binary_search_by_key(&number, |intent| intent.number).ok()?;
    intents.get(found).map(|intent| intent.name)
}

const fn field(short: &'static str, long: &'static str) -> Field {
    Field { short, long, is_data: false }
}

const KERNEL_FIELDS: [Field; 46] = [
    // Frames.
    field("v", "version"),
    field("p", "partition"),
    field("n", "position"),
    field("c", "count"),
    field("t", "timestamp"),
    field("tn", "tenant"),
    field("s", "semantics"),
    field("cmd", "command"),
    field("r", "records"),
    field("d", "digest"),
    field("i", "intent"),
    field("k", "key"),
    field("q", "request_id"),
    field("a", "actor"),
    field("co", "correlation_id"),
    field("tr", "trace"),
    field("b", "body"),
    field("kd", "kind"),
    // Rejections.
    field("cd", "code"),
    field("cl", "class"),
    field("fd", "field"),
    field("m", "reason"),
    field("im", "is_imposed"),
    // Control records.
    field("f", "format"),
    field("sd", "seed"),
    field("in", "incarnation"),
    field("tz", "tzdb"),
    field("l", "limits"),
    field("dt", "default_tenant"),
    field("ep", "epoch"),
    field("ev", "engine_version"),
    field("du", "durability"),
    field("o", "offset_ms"),
    field("h", "hash"),
    field("la", "last_acknowledged"),
    // Limits.
    field("cb", "command_bytes"),
    field("se", "step_events"),
    field("sb", "step_bytes"),
    field("sf", "step_fuel"),
    field("il", "instance_elements"),
    field("dp", "scope_depth"),
    field("rr", "request_retention_ms"),
    field("cj", "clock_jump_ms"),
    // The kernel's own commands and events.
    field("pk", "parked_key"),
    field("su", "subject_key"),
    field("w", "work"),
];
