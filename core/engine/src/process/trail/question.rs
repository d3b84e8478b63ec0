//! Predicates that people write: FEEL over a record or over a state, or words, fields and regular expressions.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Trail;
use super::term::{Term, terms};
use crate::feel::{
    Context, Env, EvaluationError, Expression, ParseError, RegexError, Value, evaluate,
};
use crate::kernel::View;
use crate::process::state::{State, named};
use crate::process::view::{tokens, variables};
use crate::record::{Key, Position, Timestamp};

/// A predicate: after `=` an expression in FEEL, else words, `field=value` and `/regular expressions/` that must all hold.
#[derive(Clone, Debug)]
pub struct Question {
    asked: Asked,
}

#[derive(Clone, Debug)]
enum Asked {
    Expression(Expression),
    Terms(Vec<Term>),
}

/// Why a predicate has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// It is not FEEL.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// A part of it is no regular expression.
    #[error(transparent)]
    Regex(#[from] RegexError),
    /// It names something that no record has.
    #[error("{0}")]
    UnknownField(String),
    /// It took too long.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
}

impl Question {
    /// Reads a predicate.
    ///
    /// # Errors
    ///
    /// What follows a `=` is not an expression, or what stands between slashes no regular expression.
    pub fn parse(text: &str) -> Result<Self, QuestionError> {
        let text = text.trim();
        let asked = match text.strip_prefix('=') {
            Some(source) => Asked::Expression(Expression::parse(source)?),
            None => Asked::Terms(terms(text)?),
        };
        Ok(Self { asked })
    }

    /// Checks that the fields it asks for are those of records, or variables of the log.
    ///
    /// # Errors
    ///
    /// One is not.
    pub fn check(&self, trail: &Trail) -> Result<(), QuestionError> {
        self.terms().iter().try_for_each(|term| match term {
            Term::Field(field) => field.check(trail),
            Term::Word(_) | Term::Regex(_) => Ok(()),
        })
    }

    /// Tells whether it is a whole expression, for which it does not matter what is said of a record.
    pub fn is_expression(&self) -> bool {
        matches!(self.asked, Asked::Expression(_))
    }

    /// Tells whether it must be given the facts: words are looked for in a text alone.
    pub fn needs_facts(&self) -> bool {
        self.is_expression() || self.terms().iter().any(|it| matches!(it, Term::Field(_)))
    }

    /// Returns what must all hold; nothing of an expression.
    pub(super) fn terms(&self) -> &[Term] {
        match &self.asked {
            Asked::Expression(_) => &[],
            Asked::Terms(terms) => terms,
        }
    }

    /// Tells whether each of its words occurs in the intent of a record or in what is said of it, and whether each of its regular
    /// expressions matches one of them.
    ///
    /// # Errors
    ///
    /// A regular expression takes too long.
    pub fn is_said(&self, intent: &str, said: &str) -> Result<bool, QuestionError> {
        for term in self.terms() {
            if !term.is_said(intent, said)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the fields of each record of a frame, given as the value of its JSON: those of its body by their own names, and
    /// `position`, `kind`, `intent`, `key`, `cause`, `timestamp`, `tenant`, `body`.
    pub fn records_of(frame: &Value) -> Vec<Context> {
        let Value::Context(frame) = frame else { return Vec::new() };
        let shared = ["timestamp", "tenant"];
        let shared = || shared.iter().filter_map(|name| Some((*name, frame.get(name)?.clone())));
        let first = frame.get("position").cloned().unwrap_or(Value::Null);
        let mut found = Vec::new();
        if let Some(Value::Context(command)) = frame.get("command") {
            let mut context = record(command, shared());
            context.insert("position", first.clone());
            context.insert("kind", "command");
            found.push(context);
        }
        if let Some(Value::List(records)) = frame.get("records") {
            for it in records.iter() {
                let Value::Context(it) = it else { continue };
                let mut context = record(it, shared());
                context.insert("cause", first.clone());
                found.push(context);
            }
        }
        found
    }

    /// Tells whether an expression holds of facts, or all of the fields do. Null does not, nor does anything else but true. Words
    /// and regular expressions are looked for in what is said of a record.
    ///
    /// # Errors
    ///
    /// It takes too long to tell.
    pub fn holds(&self, facts: &Context, now: Timestamp) -> Result<bool, QuestionError> {
        match &self.asked {
            Asked::Terms(terms) => Ok(terms.iter().all(|it| it.holds(facts))),
            Asked::Expression(expression) => {
                let mut env = Env::new(now.0).with_fuel(FUEL);
                Ok(evaluate(expression, facts, &mut env)? == Value::Bool(true))
            }
        }
    }
}

/// Returns what a predicate over the state of a process instance may name: its variables by their own names, and `active`
/// (whether it has not ended), `elements` (the ids of those where it is), `incidents` (their kinds), `position`.
pub fn facts(view: &View<'_, State>, instance: Key, position: Position) -> Context {
    let places = tokens(view, instance);
    let mut facts = variables(view, instance, None);
    // The variables of inner scopes, where no outer one has that name.
    for scope in places.iter().filter_map(|it| it.element_instance_key) {
        for ((_, name), row) in view.tables.variables.range(named(scope)) {
            let name = view.kernel.symbols.name(*name);
            if !facts.contains(&name) {
                facts.insert(name, row.value.clone());
            }
        }
    }
    let elements = places.iter().filter(|it| it.scope_key.is_some());
    let elements: Value = elements.map(|it| Value::from(it.element_id.to_string())).collect();
    let incidents = places.iter().filter_map(|it| it.element_instance_key);
    let incidents = incidents.flat_map(|key| view.tables.incidents_of(key));
    let incidents = incidents.filter_map(|key| view.tables.incidents.get(&key));
    let incidents: Value = incidents.map(|it| Value::from(it.kind.name().to_string())).collect();
    facts.insert("active", !places.is_empty());
    facts.insert("elements", elements);
    facts.insert("incidents", incidents);
    facts.insert("position", Value::from(position.0 as i64));
    facts
}

fn record<'a>(record: &Context, shared: impl Iterator<Item = (&'a str, Value)>) -> Context {
    let mut context = match record.get("body") {
        Some(Value::Context(body)) => (**body).clone(),
        _ => Context::new(),
    };
    for (name, value) in record.iter() {
        context.insert(name.clone(), value.clone());
    }
    for (name, value) in shared {
        context.insert(name, value);
    }
    context
}

/// Tells whether a text has a word in it, given in small letters, whatever the case of its own ASCII letters.
pub(super) fn contains(text: &str, word: &str) -> bool {
    let Some(&first) = word.as_bytes().first() else { return true };
    let is_it =
        |rest: &[u8]| rest.iter().zip(word.bytes()).all(|(a, b)| a.to_ascii_lowercase() == b);
    let mut windows = text.as_bytes().windows(word.len());
    windows.any(|it| it.first().is_some_and(|it| it.to_ascii_lowercase() == first) && is_it(it))
}

/// Enough for what people type, too little to hold a page up.
const FUEL: u64 = 100_000;
