//! Evaluates the expressions of a model, makes values fit their types, and notes what is to be said of both.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use super::super::graph::Cell;
use super::super::types::{self, Type};
use super::Outcome;
use super::run::Run;
use super::trace::Warning;
use crate::feel::{Dialect, EvaluationError, Expression, Scope, Value, evaluate};

impl Run<'_> {
    /// Evaluates an expression of FEEL and notes its warnings.
    pub(super) fn expression(
        &mut self,
        expression: &Expression,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        let mark = self.env.warnings.len();
        let value = evaluate(expression, scope, self.env);
        if value.is_err() {
            self.stopped(id);
        }
        self.take_warnings(mark, expression.source(), id);
        value
    }

    /// Notes where an expression ended without a value.
    #[cold]
    pub(super) fn stopped(&mut self, id: Option<&Arc<str>>) {
        self.failed_at = id.cloned();
        self.stop = self.env.stop().cloned();
    }

    /// Evaluates a cell; what could not be read is null.
    pub(super) fn cell(
        &mut self,
        cell: &Cell,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        match cell {
            Cell::Expression(expression) => self.expression(expression, scope, id),
            Cell::Broken(reason) => {
                self.warn(id, reason.clone());
                Ok(Value::Null)
            }
        }
    }

    /// Makes warnings of FEEL since a mark into warnings about an expression.
    #[inline]
    pub(super) fn take_warnings(&mut self, mark: usize, source: &str, id: Option<&Arc<str>>) {
        if self.env.warnings.len() > mark {
            self.note_warnings(mark, source, id);
        }
    }

    #[cold]
    fn note_warnings(&mut self, mark: usize, source: &str, id: Option<&Arc<str>>) {
        let source: Option<Arc<str>> = Some(Arc::from(source));
        for warning in self.env.warnings.split_off(mark) {
            self.note(Warning {
                element_id: id.cloned(),
                source: source.clone(),
                span: Some(warning.span),
                code: Some(warning.code),
                reason: warning.reason,
            });
        }
    }

    pub(super) fn warn(&mut self, id: Option<&Arc<str>>, reason: String) {
        self.note(Warning {
            element_id: id.cloned(),
            source: None,
            span: None,
            code: None,
            reason,
        });
    }

    /// Makes a value fit a type, or null with a warning.
    pub(super) fn fit(
        &mut self,
        value: Value,
        wanted: Option<Type>,
        name: &str,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        match wanted {
            Some(_) => self.fitting(value, wanted, name, id).map(Option::unwrap_or_default),
            None => Ok(value),
        }
    }

    /// Makes a value fit a type, or notes that it does not.
    pub(super) fn fitting(
        &mut self,
        value: Value,
        wanted: Option<Type>,
        name: &str,
        id: Option<&Arc<str>>,
    ) -> Result<Option<Value>, EvaluationError> {
        let (Some(wanted), Dialect::Dmn) = (wanted, self.setting.dialect) else {
            return Ok(Some(value));
        };
        let fitting = types::coerce(self.setting.graph, &value, wanted, self.env)?;
        if fitting.is_none() {
            let graph = self.setting.graph;
            let (expected, found) = (wanted.name(graph), types::describe(graph, &value, wanted));
            self.warn(id, format!("expected '{name}' to be {expected}, found {found}"));
        }
        Ok(fitting)
    }

    fn note(&mut self, warning: Warning) {
        if self.notes.warnings.len() < WARNINGS_MAX {
            self.notes.warnings.push(warning);
        }
    }
}

/// How many warnings are kept of one decision.
const WARNINGS_MAX: usize = 64;
