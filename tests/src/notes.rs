//! A second machine: notes that can be written and counted.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use dacapo_engine::kernel::{Corrupt, Cx, Evolve, Internal, Machine, View, bodies, tables};
use dacapo_engine::record::{Key, Rejection, RejectionClass, RejectionCode, Timestamp};

/// The machine of notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Notes;

bodies! {
    /// What can be asked of notes.
    pub enum Command {
        /// Write a note.
        Write(Write) = 950 "note.write" v 1,
    }
}

bodies! {
    /// What can happen to notes.
    pub enum Event {
        /// A note was written.
        Written(Written) = 960 "note.written" v 1,
    }
}

/// Write a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// The note; must not be empty.
    #[serde(rename = "tx")]
    pub text: Arc<str>,
}

/// A note was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The note.
    #[serde(rename = "tx")]
    pub text: Arc<str>,
}

tables! {
    /// The tables of notes.
    pub struct State {
        /// Notes.
        950 notes: Key => Arc<str>,
    }
}

const EMPTY: RejectionCode =
    RejectionCode { name: "note_empty", class: RejectionClass::InvalidArgument };

impl Machine for Notes {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Work = Key;
    type Cache = ();

    fn decide(cx: &mut Cx<'_, Self>, command: &Command) -> Result<(), Rejection> {
        let Command::Write(Write { text }) = command;
        if text.is_empty() {
            return Err(Rejection::new(EMPTY, "expected a text, found none").blame("text"));
        }
        cx.emit(cx.next_key(), Written { text: text.clone() });
        Ok(())
    }

    fn work(_: &mut Cx<'_, Self>, _: Key) {}

    fn evolve(state: &mut Evolve<'_, State>, event: &Event) -> Result<(), Corrupt> {
        let Event::Written(Written { text }) = event;
        state.tables.notes.insert(state.at.key, text.clone());
        Ok(())
    }

    fn subject(work: &Key) -> Key {
        *work
    }

    fn owner(key: Key, _: &Event) -> Option<Key> {
        Some(key)
    }

    fn weight(_: &Event) -> u64 {
        32
    }

    fn next_command(
        _: &View<'_, State>,
        _: Timestamp,
        _: &BTreeSet<Key>,
    ) -> Option<Internal<Command>> {
        None
    }

    fn next_due(_: &View<'_, State>, _: &BTreeSet<Key>) -> Option<Timestamp> {
        None
    }

    fn rejections() -> Vec<RejectionCode> {
        vec![EMPTY]
    }
}
