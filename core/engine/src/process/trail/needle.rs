//! What the stored bytes of a record must hold so that a word can occur in what is said of it: most records need not be decoded
//! where a log is searched.
//!
//! What is said is put together of texts that stand in the record's bytes as they are, of numbers and times, of what entities
//! are called, and of words of our own. None of them touches another with a letter, so a run of letters lies in one of them.

use alloc::string::String;
use alloc::vec::Vec;

use super::Trail;
use super::question::{Question, contains};
use super::term::{Field, OUTER, Term};
use crate::kernel::{Body as _, KernelCommand, KernelEvent};
use crate::process::Work;
use crate::process::commands::Command;
use crate::process::events::Event;
use crate::record::Control;

/// Letters of which a record that is asked for has to hold some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// They stand in the bytes of the record's body, in small letters or large ones…
    pub letters: Option<String>,
    /// …or its intent is one of these, by their numbers.
    pub intents: Vec<u16>,
}

impl Needle {
    /// Returns what a record must have, all of it, so that a question can hold of it. Nothing for what cannot be told from
    /// bytes: expressions, numbers, what entities are called, and our own words.
    pub fn of(question: &Question, trail: &Trail) -> Vec<Self> {
        let mut found = Vec::new();
        found.extend(question.terms().iter().filter_map(|term| match term {
            Term::Word(word) => word_needle(word, trail),
            Term::Regex(regex) => {
                let runs = regex.letters().iter().max_by_key(|it| it.len())?;
                word_needle(&runs.to_ascii_lowercase(), trail)
            }
            Term::Field(field) => field_needle(field),
        }));
        found
    }

    /// Tells whether a record with this intent and these bytes of its body has it.
    pub fn is_in(&self, intent: u16, has: impl FnOnce(&str) -> bool) -> bool {
        self.intents.contains(&intent) || self.letters.as_ref().is_some_and(|it| has(it))
    }
}

/// Returns the longest run of letters of a word that can only be found in a record's own bytes.
fn word_needle(word: &str, trail: &Trail) -> Option<Needle> {
    let run = longest(word, &|run| is_own(run, trail))?;
    // The letter of an escape may stand before what stands in the bytes: `\norder`.
    let letters = run.strip_prefix(ESCAPES).unwrap_or(run);
    Some(Needle { letters: Some(letters.into()), intents: intents(&|name| contains(name, run)) })
}

/// Returns what a record must have so that a field can have a value. Texts stand in the bytes as they are.
fn field_needle(field: &Field) -> Option<Needle> {
    let value = field.text.to_ascii_lowercase();
    if field.name() == "intent" {
        let intents = intents(&|name| name.eq_ignore_ascii_case(&value));
        return Some(Needle { letters: None, intents });
    }
    // What else is typed without quotes may be a truth value; times with their zones are no texts in the bytes.
    let is_time = value.contains('@') && value.starts_with(|it: char| !it.is_ascii_alphabetic());
    if OUTER.contains(&field.name()) || field.other.is_some() || is_time {
        return None;
    }
    let letters = longest(&value, &is_text)?.into();
    Some(Needle { letters: Some(letters), intents: Vec::new() })
}

fn longest<'w>(word: &'w str, is_wanted: &dyn Fn(&str) -> bool) -> Option<&'w str> {
    let runs = word.split(|it: char| !it.is_ascii_alphabetic());
    runs.filter(|run| is_wanted(run)).max_by_key(|run| run.len())
}

/// Lists the numbers of the intents with such a name.
fn intents(is_wanted: &dyn Fn(&str) -> bool) -> Vec<u16> {
    let mut found = Vec::new();
    let all = [
        KernelCommand::intents(),
        KernelEvent::<Work>::intents(),
        Command::intents(),
        Event::intents(),
        Control::INTENTS.to_vec(),
    ];
    for it in all.iter().flatten() {
        if is_wanted(it.name) {
            found.push(it.number);
        }
    }
    found
}

fn is_own(run: &str, trail: &Trail) -> bool {
    is_text(run)
        && !WORDS.contains(run)
        && !trail.entities.names().iter().any(|it| contains(it, run))
}

/// Tells whether a run stands in texts alone, not in digits of hashes.
fn is_text(run: &str) -> bool {
    run.len() >= LETTERS_MIN && !run.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Runs that are shorter stand in times and durations, and say little.
const LETTERS_MIN: usize = 3;

/// The letters with which escapes of a string end: `\n`, `\u001f`.
const ESCAPES: [char; 9] = ['a', 'b', 'c', 'd', 'e', 'f', 'n', 'r', 't'];

/// The words of our own that are said of records, but for intents. A test reads them out of the texts.
const WORDS: &str = "activate after and begins business bytes catches caught children complete deliver enter error false \
    fetch for has interrupts joins local more most next nobody nothing null result retries retry rules somebody start \
    tags terminate then throw tokens triggered true unchanged until waits warnings worker";
