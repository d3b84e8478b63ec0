//! Paths and filters.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::decimal::Dec34;
use super::super::env::Dialect;
use super::super::expression::Span;
use super::super::suggest::suggestion;
use super::super::syntax::ast::{Kind, Node};
use super::super::value::{List, Value};
use super::super::warning::WarningCode;
use super::properties::property;
use super::{Evaluator, Frame, Outcome};

impl Evaluator<'_> {
    pub(super) fn path(
        &mut self,
        base: &Node,
        name: &str,
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let base = self.operand(base, frame)?;
        let Value::List(list) = &*base else {
            return self.entry(&base, name, span);
        };
        self.env.charge(list.len() as u64)?;
        let mut items = Vec::new();
        for item in list.iter() {
            items.push(self.entry(item, name, span)?);
        }
        self.env.check(items.into())
    }

    fn entry(&mut self, value: &Value, name: &str, span: Span) -> Outcome {
        let found = match value {
            Value::Context(context) => context.get(name).cloned(),
            other => property(other, name),
        };
        match found {
            Some(value) => Ok(value),
            None => {
                let found = value.type_name();
                let (code, meant) = match value {
                    Value::Context(context) if self.env.is_suggesting() => {
                        let names = context.iter().map(|(name, _)| name);
                        (WarningCode::NoContextEntryFound, suggestion(name, names))
                    }
                    Value::Context(_) => (WarningCode::NoContextEntryFound, String::new()),
                    _ => (WarningCode::NoPropertyFound, String::new()),
                };
                let reason = format!("expected an entry '{name}', found {found} without{meant}");
                self.null(span, code, reason)
            }
        }
    }

    pub(super) fn filter(
        &mut self,
        base: &Node,
        condition: &Node,
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let base = self.operand(base, frame)?;
        let list = match &*base {
            Value::List(list) => Cow::Borrowed(list),
            other if other.is_null() || self.env.dialect() == Dialect::Camunda => {
                let reason = format!("expected a list, found {}", other.type_name());
                return self.null(span, WarningCode::InvalidType, reason);
            }
            other => Cow::Owned(Arc::new(List::from(alloc::vec![other.clone()]))),
        };
        if let Kind::Constant(Value::Number(index)) = &condition.kind {
            return self.item(&list, *index, span);
        }
        let mut kept = Vec::new();
        for (place, item) in list.iter().enumerate() {
            let value = self.operand(condition, &frame.with_item(item)).map(Cow::into_owned)?;
            match value {
                Value::Bool(true) => kept.push(item.clone()),
                Value::Bool(false) | Value::Null => {}
                // what the first item says decides whether the filter is an index
                Value::Number(index) if place == 0 => return self.item(&list, index, span),
                other if place == 0 && self.env.dialect() == Dialect::Dmn => {
                    let found = other.type_name();
                    let reason = format!("expected a boolean or an index, found {found}");
                    return self.null(condition.span, WarningCode::InvalidType, reason);
                }
                other => {
                    let found = other.type_name();
                    self.env.warn(
                        condition.span,
                        WarningCode::InvalidType,
                        format!("expected a boolean or an index, found {found}"),
                    );
                }
            }
        }
        if list.is_empty() && self.is_index(condition, frame)? {
            return self.item(&list, Dec34::ONE, span);
        }
        self.env.check(kept.into())
    }

    /// Tells whether a filter is a number though there is no item to try it on.
    fn is_index(
        &mut self,
        condition: &Node,
        frame: &Frame<'_>,
    ) -> Result<bool, super::EvaluationError> {
        let warnings = self.env.warnings.len();
        let value = self.evaluate(condition, frame)?;
        self.env.warnings.truncate(warnings);
        Ok(value.as_number().is_some())
    }

    /// Returns the item at a place counted from 1, or from -1 at the end.
    fn item(&mut self, list: &List, index: Dec34, span: Span) -> Outcome {
        let place = match index.to_i64() {
            Some(index @ 1..) => usize::try_from(index).ok().and_then(|it| it.checked_sub(1)),
            Some(index) => {
                usize::try_from(index.unsigned_abs()).ok().and_then(|it| list.len().checked_sub(it))
            }
            None => None,
        };
        match place.and_then(|place| list.get(place)) {
            Some(item) => Ok(item.clone()),
            None => {
                let reason =
                    format!("expected an index within {} items, found another", list.len());
                self.null(span, WarningCode::InvalidType, reason)
            }
        }
    }
}
