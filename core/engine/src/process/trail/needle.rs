//! What the stored bytes of a record must hold so that a word can occur in what is said of it: most records need not be decoded
//! where a log is searched.
//!
//! What is said is put together of texts that stand in the record's bytes as they are, of numbers and times, of what entities
//! are called, and of words of our own. None of them touches another with a letter, so a run of letters lies in one of them.

use alloc::string::String;
use alloc::vec::Vec;

use super::Trail;
use super::question::{Question, contains};
use crate::kernel::{Body as _, KernelCommand, KernelEvent};
use crate::process::Work;
use crate::process::commands::Command;
use crate::process::events::Event;
use crate::record::{Control, Intent};

/// Letters of which a record that is asked for has to hold some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// They stand in the bytes of the record's body, in small letters or large ones…
    pub letters: String,
    /// …or its intent is one of these, by their numbers.
    pub intents: Vec<u16>,
}

impl Needle {
    /// Returns what a record must have, all of it, so that a question can hold of it. Nothing for what cannot be told from
    /// bytes: expressions, numbers, what entities are called, and our own words.
    pub fn of(question: &Question, trail: &Trail) -> Vec<Self> {
        let mut found = Vec::new();
        found.extend(question.words().iter().filter_map(|word| needle(word, trail)));
        found
    }

    /// Tells whether a record with this intent and these bytes of its body has it.
    pub fn is_in(&self, intent: u16, has: impl FnOnce(&str) -> bool) -> bool {
        self.intents.contains(&intent) || has(&self.letters)
    }
}

/// Returns the longest run of letters of a word that can only be found in a record's own bytes.
fn needle(word: &str, trail: &Trail) -> Option<Needle> {
    let runs = word.split(|it: char| !it.is_ascii_alphabetic());
    let run = runs.filter(|run| is_own(run, trail)).max_by_key(|run| run.len())?;
    let mut intents = Vec::new();
    let named = |it: &Intent| contains(it.name, run);
    let all = [
        KernelCommand::intents(),
        KernelEvent::<Work>::intents(),
        Command::intents(),
        Event::intents(),
    ];
    intents.extend(
        all.iter().flatten().chain(&Control::INTENTS).filter(|it| named(it)).map(|it| it.number),
    );
    // The letter of an escape may stand before what stands in the bytes: `\norder`.
    let letters = run.strip_prefix(ESCAPES).unwrap_or(run);
    Some(Needle { letters: letters.into(), intents })
}

fn is_own(run: &str, trail: &Trail) -> bool {
    run.len() >= LETTERS_MIN
        && !run.bytes().all(|it| it.is_ascii_hexdigit())
        && !WORDS.contains(run)
        && !trail.entities.names().iter().any(|it| contains(it, run))
}

/// Runs that are shorter stand in times and durations, and say little.
const LETTERS_MIN: usize = 3;

/// The letters with which escapes of a string end: `\n`, `\u001f`.
const ESCAPES: [char; 9] = ['a', 'b', 'c', 'd', 'e', 'f', 'n', 'r', 't'];

/// The words of our own that are said of records, but for intents. A test reads them out of the texts.
const WORDS: &str = "activate after and begins business bytes catches caught children complete deliver enter error false \
    fetch for has interrupts joins local more most next nobody nothing null result retries retry rules somebody start \
    tags terminate then throw tokens triggered true unchanged until waits warnings worker";
