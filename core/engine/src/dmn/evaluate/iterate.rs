//! Boxed filters and iterators.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{Boxed, Iteration};
use super::Outcome;
use super::run::Run;
use super::scope::{ItemLayer, Layer};
use crate::feel::{Context, EvaluationError, Scope, Value, Walk};

impl Run<'_> {
    /// Keeps the items for which a condition is true; a number is an index, counted from 1 or from -1 at the end.
    pub(super) fn filter(
        &mut self,
        items: &Boxed,
        condition: &Boxed,
        scope: &dyn Scope,
    ) -> Outcome {
        let list = match self.boxed(items, scope)? {
            Value::List(list) => list,
            Value::Null => {
                return self.null(items.id.as_ref(), "expected a list, found null".into());
            }
            other => Arc::new(alloc::vec![other].into()),
        };
        let mut kept = Vec::new();
        for (place, item) in list.iter().enumerate() {
            match self.boxed(condition, &ItemLayer { item, outer: scope })? {
                Value::Bool(true) => kept.push(item.clone()),
                Value::Bool(false) | Value::Null => {}
                Value::Number(index) if place == 0 => {
                    let place = index.to_i64().and_then(|it| index_of(it, list.len()));
                    return Ok(place.and_then(|it| list.get(it)).cloned().unwrap_or_default());
                }
                other => {
                    let found = other.type_name();
                    let reason = format!("expected a boolean or an index, found {found}");
                    return self.null(condition.id.as_ref(), reason);
                }
            }
        }
        Ok(kept.into())
    }

    pub(super) fn collect(
        &mut self,
        iteration: &Iteration,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        let Some(mut walk) = self.walk(iteration, scope, id)? else { return Ok(Value::Null) };
        let mut results = Value::List(Arc::default());
        while let Some(item) = walk.advance() {
            let mut names = self.names(iteration, item)?;
            if iteration.uses_partial {
                names.insert("partial", results.clone());
            }
            let value = self.boxed(&iteration.body, &Layer { names, outer: Some(scope) })?;
            if let Value::List(list) = &mut results {
                if Arc::get_mut(list).is_none() {
                    self.env.charge(list.len() as u64)?;
                }
                Arc::make_mut(list).push(value);
            }
            // at once: what grows with each round must not grow beyond what can be dropped
            self.env.inspect(&results)?;
        }
        Ok(results)
    }

    /// Tells whether the condition is true for some item, or for every one.
    pub(super) fn quantified(
        &mut self,
        iteration: &Iteration,
        decisive: bool,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        let Some(mut walk) = self.walk(iteration, scope, id)? else { return Ok(Value::Null) };
        let mut result = Value::Bool(!decisive);
        while let Some(item) = walk.advance() {
            let names = self.names(iteration, item)?;
            match self.boxed(&iteration.body, &Layer { names, outer: Some(scope) })? {
                Value::Bool(value) if value == decisive => return Ok(decisive.into()),
                Value::Bool(_) => {}
                other => {
                    let found = other.type_name();
                    let reason = format!("expected a boolean, found {found}");
                    self.warn(iteration.body.id.as_ref(), reason);
                    result = Value::Null;
                }
            }
        }
        Ok(result)
    }

    fn walk(
        &mut self,
        iteration: &Iteration,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Result<Option<Walk>, EvaluationError> {
        let items = self.boxed(&iteration.items, scope)?;
        let items = self.fit(items, iteration.type_of, "the items", iteration.items.id.as_ref())?;
        let found = items.type_name();
        let walk = Walk::over(items, self.setting.dialect);
        if walk.is_none() {
            self.warn(id, format!("expected a list or a range to go through, found {found}"));
        }
        Ok(walk)
    }

    fn names(&mut self, iteration: &Iteration, item: Value) -> Result<Context, EvaluationError> {
        self.env.charge(1)?;
        Ok(Context::from_iter([(iteration.name.clone(), item)]))
    }
}

fn index_of(index: i64, length: usize) -> Option<usize> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    if index > 0 { distance.checked_sub(1) } else { length.checked_sub(distance) }
}
