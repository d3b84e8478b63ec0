//! Other values in place of the user's: of the same kind and length, and the same for the same value, so that what was equal
//! stays equal.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use crate::feel::{Context, Value, json};
use crate::process::commands::Command;

/// Gives values other ones. Who does not know the salt cannot tell which value became which.
///
/// Truth values, the names of variables and fields, models, job types, error codes and the names of messages stay as they are.
#[derive(Clone, Debug)]
pub struct Redaction {
    salt: [u8; 32],
    kept: BTreeSet<String>,
}

impl Redaction {
    /// Makes one that keeps the variables with these names, or parts of them: `order`, `order.total`, and `correlation_key`
    /// for the keys of messages.
    pub fn new(salt: [u8; 32], kept: impl IntoIterator<Item = String>) -> Self {
        Self { salt, kept: kept.into_iter().collect() }
    }

    /// Gives the values that a command carries other ones.
    pub fn redact(&self, command: &mut Command) {
        match command {
            Command::CreateInstance(it) => {
                self.variables(&mut it.variables);
                self.optional(&mut it.business_id);
                for tag in it.tags.iter_mut().flatten() {
                    *tag = self.text(tag).into();
                }
            }
            Command::SetVariables(it) => self.variables(&mut it.variables),
            Command::CompleteJob(it) => self.variables(&mut it.variables),
            Command::FailJob(it) => {
                self.variables(&mut it.variables);
                self.optional(&mut it.error_message);
            }
            Command::ThrowError(it) => {
                self.variables(&mut it.variables);
                self.optional(&mut it.error_message);
            }
            Command::PublishMessage(it) => {
                self.variables(&mut it.variables);
                self.correlation_key(&mut it.correlation_key);
                self.optional(&mut it.message_id);
            }
            Command::CorrelateMessage(it) => {
                self.variables(&mut it.variables);
                self.correlation_key(&mut it.correlation_key);
            }
            Command::EvaluateDecision(it) => self.variables(&mut it.variables),
            Command::Deploy(_)
            | Command::CancelInstance(_)
            | Command::ActivateJobs(_)
            | Command::UpdateJob(_)
            | Command::TimeOutJob(_)
            | Command::EndBackoff(_)
            | Command::ResolveIncident(_)
            | Command::TriggerTimer(_)
            | Command::DeliverMessage(_)
            | Command::ExpireMessage(_) => {}
        }
    }

    /// Gives a text another one: letters become letters, digits digits, all else stays.
    pub fn text(&self, text: &str) -> String {
        let mut draws = vec![0; text.len()];
        let mut hasher = blake3::Hasher::new_keyed(&self.salt);
        hasher.update(text.as_bytes()).finalize_xof().fill(&mut draws);
        let mut draws = draws.into_iter();
        let mut is_in_number = false;
        let other = |letter: char| {
            let draw = draws.next().unwrap_or_default();
            let is_first = !is_in_number;
            is_in_number = letter.is_ascii_digit();
            match letter {
                'a'..='z' => char::from(b'a' + draw % 26),
                'A'..='Z' => char::from(b'A' + draw % 26),
                // A number neither begins nor ceases to begin with a zero.
                '0' if is_first => '0',
                '0'..='9' if is_first => char::from(b'1' + draw % 9),
                '0'..='9' => char::from(b'0' + draw % 10),
                letter if letter.is_ascii() => letter,
                _ => 'x',
            }
        };
        text.chars().map(other).collect()
    }

    fn variables(&self, variables: &mut Context) {
        *variables = self.context(variables, "");
    }

    fn optional(&self, text: &mut Option<Arc<str>>) {
        *text = text.as_ref().map(|it| self.text(it).into());
    }

    fn correlation_key(&self, key: &mut Arc<str>) {
        if !self.kept.contains("correlation_key") {
            *key = self.text(key).into();
        }
    }

    fn context(&self, context: &Context, path: &str) -> Context {
        let part = |(name, value): (&Arc<str>, &Value)| {
            let path = if path.is_empty() { (**name).to_owned() } else { format!("{path}.{name}") };
            (name.clone(), self.value(value, &path))
        };
        context.iter().map(part).collect()
    }

    // Ends: values nest no deeper than commands may.
    fn value(&self, value: &Value, path: &str) -> Value {
        if self.kept.contains(path) {
            return value.clone();
        }
        match value {
            Value::String(it) => self.text(it).into(),
            Value::Number(it) => {
                let digits = self.text(&format!("{it}"));
                json::parse(&digits, &json::JsonLimits::default()).unwrap_or(Value::Null)
            }
            Value::List(items) => {
                let items: Vec<Value> = items.iter().map(|it| self.value(it, path)).collect();
                items.into()
            }
            Value::Context(it) => self.context(it, path).into(),
            other => other.clone(),
        }
    }
}
