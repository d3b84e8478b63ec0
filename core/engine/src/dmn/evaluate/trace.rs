//! What an evaluation leaves behind for debuggers, incidents and the API.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::feel::{EvaluationError, Span, Step, Stop, Value, WarningCode};

/// A value and how it came about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// The value.
    pub value: Value,
    /// Every decision on the way, in the order of evaluation; the last is the one that was asked for.
    pub decisions: Vec<DecisionTrace>,
    /// What is odd about the inputs.
    pub warnings: Vec<Warning>,
}

/// Why there is no value, and how far the evaluation came.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}{error}{}", element(element_id.as_deref()), place(stop.as_ref()))]
#[non_exhaustive]
pub struct Failure {
    /// The decision that was under way.
    pub decision_id: Option<Arc<str>>,
    /// The place of its file among the [resources](crate::dmn::Model::resources) of the model.
    pub file: u32,
    /// The expression or cell, if it has an id.
    pub element_id: Option<Arc<str>>,
    /// The expression, and the part of it.
    pub stop: Option<Stop>,
    /// What happened.
    pub error: EvaluationError,
    /// The decisions before it.
    pub decisions: Vec<DecisionTrace>,
}

/// How a decision was evaluated.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DecisionTrace {
    /// Its id.
    pub id: Arc<str>,
    /// The place of its file among the [resources](crate::dmn::Model::resources) of the model: one of another file may have
    /// the same id.
    pub file: u32,
    /// Its name.
    pub name: Arc<str>,
    /// How it is decided.
    pub logic: &'static str,
    /// Its value.
    pub output: Value,
    /// The inputs of its decision tables.
    pub inputs: Vec<InputTrace>,
    /// The rules that matched.
    pub rules: Vec<RuleTrace>,
    /// How the rules that matched break the hit policy, or the result its type.
    pub violation: Option<Violation>,
    /// Why parts of it are null.
    pub warnings: Vec<Warning>,
    /// The parts of its expressions and the functions that they called, if the environment
    /// [keeps them](crate::feel::Env::with_trace).
    pub steps: Vec<Step>,
}

/// An input of a decision table.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InputTrace {
    /// The id of the input clause.
    pub id: Option<Arc<str>>,
    /// Its label, or else its expression.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
}

/// A rule that matched.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuleTrace {
    /// The id of the rule.
    pub id: Option<Arc<str>>,
    /// Its place in the table, counted from 1.
    pub index: u32,
    /// Its outputs.
    pub outputs: Vec<OutputTrace>,
}

/// An output of a rule.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OutputTrace {
    /// The id of the output clause.
    pub id: Option<Arc<str>>,
    /// Its name, or else its label.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
}

/// How the rules that matched break the hit policy; the table is null then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// What was expected and what was found.
    pub reason: String,
    /// The rules, by their places counted from 1.
    pub rules: Vec<u32>,
}

/// Why something is null.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The expression or cell, if it has an id; else the element.
    pub element_id: Option<Arc<str>>,
    /// The text of the expression.
    pub source: Option<Arc<str>>,
    /// The place in that text.
    pub span: Option<Span>,
    /// What kind of thing went wrong in an expression; none for what only decision models know.
    pub code: Option<WarningCode>,
    /// What was expected, what was found.
    pub reason: String,
}

impl Warning {
    /// Returns the part of the expression that is null.
    pub fn part(&self) -> Option<&str> {
        let (source, span) = (self.source.as_deref()?, self.span?);
        source.get(span.start as usize..span.end as usize).filter(|it| !it.is_empty())
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&element(self.element_id.as_deref()))?;
        out.write_str(&self.reason)
    }
}

fn element(id: Option<&str>) -> String {
    id.map(|id| format!("element '{id}': ")).unwrap_or_default()
}

fn place(stop: Option<&Stop>) -> String {
    stop.map(|it| format!("; {it}")).unwrap_or_default()
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)
    }
}
