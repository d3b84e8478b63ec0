//! The stable names of commands, events and fields on the wire.

/// What a record is about: the number on the wire and the name that people read. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Intent {
    /// The number in the log: kernel below 100, process from 100, streams from 1,000.
    pub number: u16,
    /// The name, such as `job.complete` (command) or `job.completed` (event).
    pub name: &'static str,
}

/// A field of a record: its name on the wire (one to three letters) and the name that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// The name in the log.
    pub short: &'static str,
    /// The name in a rendering.
    pub long: &'static str,
    /// Whether its content is the user's own: names inside it are never translated.
    pub is_data: bool,
}
