//! What the functions need of their call: arguments of a type, messages, fuel.

use alloc::format;
use alloc::sync::Arc;

use super::super::context::Context;
use super::super::decimal::Dec34;
use super::super::env::Dialect;
use super::super::error::EvaluationError;
use super::super::evaluation::{Call, Outcome};
use super::super::function::Function;
use super::super::value::{List, Value};
use super::super::warning::WarningCode;

impl Call<'_, '_> {
    /// Returns the number of arguments.
    pub(super) fn len(&self) -> usize {
        self.arguments.len()
    }

    /// Returns an argument, null when it is missing.
    pub(super) fn value(&self, place: usize) -> Value {
        self.arguments.get(place).cloned().unwrap_or_default()
    }

    /// Returns an argument; in DMN a list of one stands for its item.
    pub(super) fn single(&self, place: usize) -> Value {
        match self.value(place) {
            Value::List(list) if list.len() == 1 && self.is_strict() => {
                list.first().cloned().unwrap_or_default()
            }
            value => value,
        }
    }

    /// Tells whether the dialect is that of DMN.
    pub(super) fn is_strict(&self) -> bool {
        self.evaluator.env.dialect() == Dialect::Dmn
    }

    /// Tells whether an argument is given and not null.
    pub(super) fn has(&self, place: usize) -> bool {
        self.arguments.get(place).is_some_and(|value| !value.is_null())
    }

    /// Notes what was expected instead of an argument, and returns null.
    pub(super) fn expected(&mut self, place: usize, expected: &str) -> Outcome {
        let (name, found) = (self.builtin.name, self.value(place).type_name());
        let argument = place.saturating_add(1);
        self.fail(&format!("expected {expected} as argument {argument} of {name}, found {found}"))
    }

    /// Notes why the result is null, and returns null.
    pub(super) fn fail(&mut self, reason: &str) -> Outcome {
        self.evaluator.null(self.span, WarningCode::FunctionInvocationFailure, reason)
    }

    /// Pays for items or bytes.
    pub(super) fn charge(&mut self, amount: usize) -> Result<(), EvaluationError> {
        self.evaluator.env.charge(amount as u64)
    }

    pub(super) fn number(&mut self, place: usize) -> Option<Dec34> {
        let value = self.single(place).as_number();
        self.wanted(place, "a number", value)
    }

    pub(super) fn integer(&mut self, place: usize) -> Option<i64> {
        let value = self.single(place).as_number().and_then(Dec34::to_i64);
        self.wanted(place, "an integer", value)
    }

    pub(super) fn text(&mut self, place: usize) -> Option<Arc<str>> {
        let value = if let Value::String(text) = self.single(place) { Some(text) } else { None };
        self.wanted(place, "a string", value)
    }

    pub(super) fn context(&mut self, place: usize) -> Option<Arc<Context>> {
        let value =
            if let Value::Context(context) = self.single(place) { Some(context) } else { None };
        self.wanted(place, "a context", value)
    }

    pub(super) fn function(&mut self, place: usize) -> Option<Arc<Function>> {
        let value =
            if let Value::Function(function) = self.single(place) { Some(function) } else { None };
        self.wanted(place, "a function", value)
    }

    /// Returns a list; in DMN anything else but null counts as a list of one.
    pub(super) fn list(&mut self, place: usize) -> Option<Arc<List>> {
        match self.value(place) {
            Value::List(list) => Some(list),
            _ if self.is_strict() => self.one_or_more(place),
            _ => self.wanted(place, "a list", None),
        }
    }

    /// Returns a list; anything else but null counts as a list of one.
    pub(super) fn one_or_more(&mut self, place: usize) -> Option<Arc<List>> {
        let value = match self.value(place) {
            Value::List(list) => Some(list),
            Value::Null => None,
            other => Some(Arc::new(alloc::vec![other].into())),
        };
        self.wanted(place, "a list", value)
    }

    /// Returns the items: of the only argument when it is a list, else the arguments themselves.
    pub(super) fn items(&mut self) -> Option<Arc<List>> {
        if self.len() == 1 {
            return self.one_or_more(0);
        }
        Some(Arc::new(core::mem::take(&mut self.arguments).into()))
    }

    fn wanted<T>(&mut self, place: usize, expected: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            // the message is all that is wanted here
            let _ = self.expected(place, expected);
        }
        value
    }
}
