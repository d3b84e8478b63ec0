//! What people type into a search, beside whole expressions: words, `field=value` and `/regular expressions/`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Trail;
use super::question::{QuestionError, contains};
use crate::feel::{Context, EvaluationError, Regex, Value, distance, json};
use crate::process::FIELDS;

/// A part of a search. All of them must hold of a record.
#[derive(Clone, Debug)]
pub(super) enum Term {
    /// It occurs in what is said of the record, in small letters.
    Word(String),
    /// It matches somewhere in what is said of the record.
    Regex(Regex),
    /// A field of the record, or a variable, has this value.
    Field(Field),
}

/// A field that is to have a value.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name, and those of fields inside, with dots between them.
    path: String,
    /// The value as it was typed.
    pub(super) text: String,
    /// What the text is beside a text: a number, a truth value or null. Nothing in quotes is.
    pub(super) other: Option<Value>,
}

/// Takes a search apart.
pub(super) fn terms(text: &str) -> Result<Vec<Term>, QuestionError> {
    let (mut found, mut rest) = (Vec::new(), text.trim_ascii_start());
    while !rest.is_empty() {
        let (term, after) = match (regex(rest), field(rest)) {
            (Some((source, flags, after)), _) => (Term::Regex(Regex::parse(source, flags)?), after),
            (None, Some((field, after))) => (Term::Field(field), after),
            (None, None) => {
                let (word, after) = split(rest);
                (Term::Word(word.to_ascii_lowercase()), after)
            }
        };
        found.push(term);
        rest = after.trim_ascii_start();
    }
    Ok(found)
}

impl Term {
    /// Tells whether what is said of a record rules the term out.
    pub(super) fn is_said(&self, intent: &str, said: &str) -> Result<bool, EvaluationError> {
        match self {
            Self::Word(word) => Ok(contains(said, word) || contains(intent, word)),
            Self::Regex(regex) => {
                Ok(regex.is_in(said, REGEX_FUEL)? || regex.is_in(intent, REGEX_FUEL)?)
            }
            Self::Field(_) => Ok(true),
        }
    }

    /// Tells whether the fields of a record rule the term out.
    pub(super) fn holds(&self, facts: &Context) -> bool {
        match self {
            Self::Word(_) | Self::Regex(_) => true,
            Self::Field(field) => field.holds(facts),
        }
    }
}

impl Field {
    /// Returns its first name.
    pub(super) fn name(&self) -> &str {
        first(&self.path).0
    }

    /// Checks that there is a field or variable of this name.
    pub(super) fn check(&self, trail: &Trail) -> Result<(), QuestionError> {
        let name = self.name();
        let mut known: Vec<(usize, &str)> = Vec::new();
        let mut know = |it: &'static str| known.push((rank(name, it), it));
        FIELDS.iter().for_each(|it| know(it.long));
        OUTER.iter().for_each(|it| know(it));
        OTHER.iter().for_each(|it| know(it));
        for it in trail.variables.keys() {
            known.push((rank(name, it), it));
        }
        let mut text = format!(
            "expected a field of records or a variable of the log, found `{name}`; there are "
        );
        let mut left = NAMES_SHOWN_MAX;
        for nearest in 0..=RANK_MAX {
            for (rank, it) in &known {
                if *rank == 0 {
                    return Ok(());
                }
                if *rank == nearest && left > 0 {
                    left -= 1;
                    text.push_str(it);
                    text.push_str(", ");
                }
            }
        }
        text.push('…');
        Err(QuestionError::UnknownField(text))
    }

    fn holds(&self, facts: &Context) -> bool {
        let is_in = |facts: &Context| self.is_at(facts, &self.path);
        let is_in_variables = |it: &Value| matches!(it, Value::Context(it) if is_in(it));
        let is_variable =
            || facts.get("name").and_then(Value::as_str).is_some_and(|it| it == self.name());
        is_in(facts)
            || facts.get("variables").is_some_and(is_in_variables)
            || facts
                .get("value")
                .is_some_and(|it| is_variable() && self.is_of(it, first(&self.path).1))
    }

    fn is_at(&self, context: &Context, path: &str) -> bool {
        let (name, inside) = first(path);
        context.get(name).is_some_and(|it| self.is_of(it, inside))
    }

    // Ends: values nest no deeper than commands may.
    fn is_of(&self, value: &Value, path: &str) -> bool {
        match value {
            Value::List(items) => items.iter().any(|it| self.is_of(it, path)),
            Value::Context(it) => self.is_at(it, path),
            _ if !path.is_empty() => false,
            Value::String(it) => it.eq_ignore_ascii_case(&self.text),
            other => self.other.as_ref() == Some(other),
        }
    }
}

/// Tells how near a name is to the one that is asked for: 0 for the same, and those first that hold it.
fn rank(name: &str, it: &str) -> usize {
    let far = if it.contains(name) { 0 } else { RANK_MAX / 2 };
    if it == name { 0 } else { (distance(name, it) + far).clamp(1, RANK_MAX) }
}

fn first(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or((path, ""))
}

/// Reads `/regular expression/` and its flags. A slash that opens none begins a word.
fn regex(text: &str) -> Option<(&str, &str, &str)> {
    let inside = text.strip_prefix('/')?;
    let mut is_escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        if byte == b'/' && !is_escaped {
            let (flags, after) = split(inside.get(at + 1..)?);
            if flags.bytes().all(|it| matches!(it, b's' | b'm' | b'i')) {
                return Some((inside.get(..at)?, flags, after));
            }
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    None
}

/// Reads `name=value`, or `name="a value"`, which may end with the text.
fn field(text: &str) -> Option<(Field, &str)> {
    let is_letter = |it: &u8| !it.is_ascii() || it.is_ascii_alphabetic() || *it == b'_';
    let is_of_name = |it: u8| is_letter(&it) || it.is_ascii_digit() || matches!(it, b'.' | b'-');
    let end = text.bytes().position(|it| it == b'=')?;
    let (name, value) = (text.get(..end)?, text.get(end + 1..)?);
    if !name.as_bytes().first().is_some_and(is_letter) || !name.bytes().all(is_of_name) {
        return None;
    }
    let path = name.into();
    let Some(quoted) = value.strip_prefix('"') else {
        let (text, after) = split(value);
        let other = json::parse(text, &json::JsonLimits::default()).ok();
        let other = other.filter(|it| !matches!(it, Value::String(_)));
        return Some((Field { path, text: text.into(), other }, after));
    };
    let (mut text, mut letters) = (String::new(), quoted.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => text.push(letters.next().unwrap_or_default()),
            letter => text.push(letter),
        }
    }
    Some((Field { path, text, other: None }, letters.as_str()))
}

fn split(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|it| it.is_ascii_whitespace()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The names that stand beside the body of a record, not in its bytes.
pub(super) static OUTER: [&str; 14] = [
    "position",
    "kind",
    "intent",
    "key",
    "cause",
    "timestamp",
    "tenant",
    "version",
    "actor",
    "request_id",
    "correlation_id",
    "trace",
    "element",
    "instance_key",
];
/// The fields of bodies that are not of the machine: all of them together, those of refusals, of control records, and of parked work.
static OTHER: [&str; 23] = [
    "body",
    "code",
    "class",
    "field",
    "reason",
    "is_imposed",
    "format",
    "seed",
    "incarnation",
    "tzdb",
    "limits",
    "default_tenant",
    "epoch",
    "engine_version",
    "durability",
    "offset_ms",
    "hash",
    "last_acknowledged",
    "parked_key",
    "subject_key",
    "work",
    "partition",
    "semantics",
];
const NAMES_SHOWN_MAX: usize = 8;
const RANK_MAX: usize = 100;
/// Enough for a text of a megabyte.
const REGEX_FUEL: u64 = 5_000_000;
