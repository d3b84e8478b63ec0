//! What became of the parts of an expression: a tree of values, for those who ask why.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::error::EvaluationError;
use super::expression::Span;
use super::value::Value;

/// A part of an expression that was evaluated, or a function that was called.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// Its text, cut if it is long; the name of a function or decision of a decision model.
    pub text: Arc<str>,
    /// Its value; none if the evaluation ended inside it.
    pub value: Option<Value>,
    /// What was evaluated for it, in this order: a part that is repeated stands here as often.
    pub parts: Vec<Self>,
}

/// Where an evaluation ended without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stop {
    /// The text of the expression.
    pub source: Arc<str>,
    /// The innermost part that was under way, cut if it is long; the whole text if that is it.
    pub part: Arc<str>,
}

/// Collects steps while an evaluation is under way.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracer {
    /// The texts that spans point into, innermost last.
    sources: Vec<Arc<str>>,
    open: Vec<Step>,
    done: Vec<Step>,
    count: u32,
    /// How many steps are open that are not kept.
    hidden: u32,
}

impl Tracer {
    pub(super) fn enter(&mut self, source: Arc<str>) {
        self.sources.push(source);
    }

    pub(super) fn leave(&mut self) {
        self.sources.pop();
    }

    pub(super) fn source(&self) -> Option<&Arc<str>> {
        self.sources.last()
    }

    pub(super) fn begin_part(&mut self, span: Span) {
        let source = self.sources.last().map(|it| &**it).unwrap_or_default();
        let text = source.get(span.start as usize..span.end as usize).unwrap_or_default();
        let text = match text.char_indices().nth(TEXT_MAX) {
            Some((end, _)) => Arc::from(format!("{}…", text.get(..end).unwrap_or_default())),
            None => Arc::from(text),
        };
        self.begin(text);
    }

    pub(super) fn begin(&mut self, text: Arc<str>) {
        if self.count >= STEPS_MAX || self.hidden > 0 {
            self.hidden = self.hidden.saturating_add(1);
            return;
        }
        self.count += 1;
        self.open.push(Step { text, value: None, parts: Vec::new() });
    }

    pub(super) fn end(&mut self, value: &Result<Value, EvaluationError>) {
        if self.hidden > 0 {
            self.hidden -= 1;
            return;
        }
        let Some(mut step) = self.open.pop() else { return };
        step.value = value.as_ref().ok().cloned();
        match self.open.last_mut() {
            Some(outer) => outer.parts.push(step),
            None => self.done.push(step),
        }
    }

    /// Returns the text of the innermost part without a value.
    pub(super) fn stop(&self) -> Option<Arc<str>> {
        let mut innermost = self.done.last().filter(|it| it.value.is_none())?;
        while let Some(part) = innermost.parts.last().filter(|it| it.value.is_none()) {
            innermost = part;
        }
        Some(innermost.text.clone())
    }

    /// Takes the last step if none is open.
    pub(super) fn take_last(&mut self) -> Option<Step> {
        if self.open.is_empty() { self.done.pop() } else { None }
    }

    /// Takes the steps that no other one is around; none while one is open.
    pub(super) fn take(&mut self) -> Vec<Step> {
        if !self.open.is_empty() {
            return Vec::new();
        }
        self.count = 0;
        core::mem::take(&mut self.done)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.part == self.source {
            return write!(out, "expression '{}'", self.source);
        }
        write!(out, "'{}' of expression '{}'", self.part, self.source)
    }
}

/// How many steps are kept; later ones are not.
const STEPS_MAX: u32 = 4096;
/// How many characters of a text are kept.
const TEXT_MAX: usize = 200;
