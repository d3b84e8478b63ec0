//! Boxed expressions.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{Boxed, Logic, Parameter, Slot};
use super::Outcome;
use super::function::close;
use super::run::Run;
use super::scope::Layer;
use crate::feel::{Context, Function, Scope, Value};

impl Run<'_> {
    /// Evaluates a boxed expression.
    pub(super) fn boxed(&mut self, boxed: &Boxed, scope: &dyn Scope) -> Outcome {
        self.named(boxed, scope, None)
    }

    /// Evaluates a boxed expression that has a name.
    fn named(&mut self, boxed: &Boxed, scope: &dyn Scope, name: Option<&Arc<str>>) -> Outcome {
        self.env.charge(1)?;
        self.env.enter()?;
        let value = self.logic(boxed, scope, name);
        self.env.leave();
        let value = value?;
        self.env.inspect(&value)?;
        self.fit(value, boxed.type_of, "the expression", boxed.id.as_ref())
    }

    fn logic(&mut self, boxed: &Boxed, scope: &dyn Scope, name: Option<&Arc<str>>) -> Outcome {
        let id = boxed.id.as_ref();
        match &boxed.logic {
            Logic::Missing(reason) => self.null(id, reason.clone()),
            Logic::Literal(expression) => self.expression(expression, scope, id),
            Logic::Table(table) => self.table(table, scope, id),
            Logic::Context(slots) => self.context(slots, scope),
            Logic::List(items) => {
                let items: Result<Vec<Value>, _> =
                    items.iter().map(|it| self.boxed(it, scope)).collect();
                Ok(items?.into())
            }
            Logic::Relation(columns, rows) => self.relation(columns, rows, scope),
            Logic::Invocation(callee, bindings) => self.invocation(callee, bindings, scope, id),
            Logic::Function(lambda) => {
                self.env.charge(lambda.captures.len() as u64)?;
                Ok(close(self.setting, lambda, scope, name))
            }
            Logic::Conditional(parts) => self.conditional(parts, scope),
            Logic::Filter(parts) => self.filter(&parts.0, &parts.1, scope),
            Logic::For(iteration) => self.collect(iteration, scope, id),
            Logic::Some(iteration) => self.quantified(iteration, true, scope, id),
            Logic::Every(iteration) => self.quantified(iteration, false, scope, id),
        }
    }

    fn context(&mut self, slots: &[Slot], scope: &dyn Scope) -> Outcome {
        let mut layer = Layer { names: Context::new(), outer: Some(scope) };
        for slot in slots {
            let value = self.named(&slot.value, &layer, slot.name.as_ref())?;
            let name = slot.name.as_deref().unwrap_or("the result");
            let value = self.fit(value, slot.type_of, name, slot.value.id.as_ref())?;
            match &slot.name {
                Some(name) => {
                    let value = match &value {
                        Value::Function(function) => function.calling_itself(name),
                        _ => None,
                    }
                    .map_or(value, |it| Value::Function(Arc::new(it)));
                    layer.names.insert(name.clone(), value);
                }
                None => return Ok(value),
            }
        }
        Ok(layer.names.into())
    }

    fn relation(
        &mut self,
        columns: &[Parameter],
        rows: &[Vec<Boxed>],
        scope: &dyn Scope,
    ) -> Outcome {
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let mut item = Context::new();
            for (column, cell) in columns.iter().zip(row) {
                let value = self.boxed(cell, scope)?;
                let value = self.fit(value, column.type_of, &column.name, cell.id.as_ref())?;
                item.insert(column.name.clone(), value);
            }
            items.push(Value::from(item));
        }
        Ok(items.into())
    }

    fn invocation(
        &mut self,
        callee: &Boxed,
        bindings: &[Slot],
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        let function = self.boxed(callee, scope)?;
        let Value::Function(function) = &function else {
            let found = function.type_name();
            return self.null(id, format!("expected a function to invoke, found {found}"));
        };
        let mut given = BTreeMap::new();
        for binding in bindings {
            let name = binding.name.as_deref().unwrap_or_default();
            let value = match &binding.value.logic {
                // an argument that is not given is null
                Logic::Missing(_) => Value::Null,
                _ => self.boxed(&binding.value, scope)?,
            };
            let value = self.fit(value, binding.type_of, name, binding.value.id.as_ref())?;
            given.insert(name, value);
        }
        let parameters = function.parameters();
        if let Some(name) = given.keys().find(|name| parameters.iter().all(|it| **it != ***name)) {
            let reason = format!(
                "expected one of the parameters ({}), found '{name}'",
                parameters.join(", ")
            );
            return self.null(id, reason.to_owned());
        }
        let arguments = parameters.iter().map(|it| given.get(&**it).cloned().unwrap_or_default());
        let arguments: Vec<Value> = arguments.collect();
        self.call(function, &arguments, id)
    }

    /// Calls a function value.
    fn call(&mut self, function: &Function, arguments: &[Value], id: Option<&Arc<str>>) -> Outcome {
        let mark = self.env.warnings.len();
        let value = function.call(arguments, self.env);
        self.take_warnings(mark, "", id);
        value
    }

    fn conditional(&mut self, parts: &(Boxed, Boxed, Boxed), scope: &dyn Scope) -> Outcome {
        let (condition, yes, no) = parts;
        let value = self.boxed(condition, scope)?;
        if value == Value::Bool(true) {
            return self.boxed(yes, scope);
        }
        if value.as_bool().is_none() && !value.is_null() {
            let found = value.type_name();
            let reason = format!("expected a boolean condition, found {found}");
            return self.null(condition.id.as_ref(), reason);
        }
        self.boxed(no, scope)
    }

    /// Notes why something is null and returns null.
    pub(super) fn null(&mut self, id: Option<&Arc<str>>, reason: alloc::string::String) -> Outcome {
        self.warn(id, reason);
        Ok(Value::Null)
    }
}
