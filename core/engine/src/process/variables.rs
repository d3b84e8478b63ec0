//! How variables are written: into one scope, or where a name is found on the way out.
//!
//! A variable that has the value already stays as it is, and the value goes no further: what a scope holds itself never
//! leaks to the scopes around it. (Zeebe lets an equal value walk on.)

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::events::VariableChanged;
use super::expressions::{self, Asked, Sight};
use super::state::{ElementRow, named};
use super::{Incident, IncidentKind, Process};
use crate::bpmn::{Element, Mapping};
use crate::feel::{Context, Value};
use crate::kernel::Cx;
use crate::record::Key;

/// Writes variables into one scope.
pub(crate) fn set_local(cx: &mut Cx<'_, Process>, instance: Key, scope: Key, variables: &Context) {
    for (name, value) in variables.iter() {
        set(cx, instance, scope, name, value);
    }
}

/// Writes each variable where it is found from a scope outwards, else into the outermost scope.
pub(crate) fn propagate(cx: &mut Cx<'_, Process>, instance: Key, from: Key, variables: &Context) {
    for (name, value) in variables.iter() {
        let symbol = cx.symbols().find(name);
        let found = symbol.and_then(|symbol| cx.state().variable(from, symbol));
        let scope = found.map_or(instance, |(scope, _)| scope);
        set(cx, instance, scope, name, value);
    }
}

/// Returns the variables that a scope holds itself, in the order in which their names were first met.
pub(crate) fn locals(cx: &Cx<'_, Process>, scope: Key) -> Context {
    let rows = cx.state().variables.range(named(scope));
    rows.map(|((_, name), row)| (cx.symbols().name(*name), row.value.clone())).collect()
}

/// Evaluates the input mappings of an element that was entered: into its own scope.
pub(crate) fn map_inputs(
    cx: &mut Cx<'_, Process>,
    key: Key,
    row: &ElementRow,
    element: &Element,
) -> Result<(), Incident> {
    if element.inputs.is_empty() {
        return Ok(());
    }
    let asked = Asked { what: "the input mapping", id: &element.id, kind: IncidentKind::Mapping };
    let found = evaluate(cx, key, key, &element.inputs, asked)?;
    set_local(cx, row.instance, key, &found);
    Ok(())
}

/// Evaluates the output mappings of an element that did its work: from its own scope to the scope around it.
pub(crate) fn map_outputs(
    cx: &mut Cx<'_, Process>,
    key: Key,
    row: &ElementRow,
    element: &Element,
) -> Result<(), Incident> {
    let Some(scope) = row.scope else { return Ok(()) };
    if element.outputs.is_empty() {
        return Ok(());
    }
    let asked = Asked { what: "the output mapping", id: &element.id, kind: IncidentKind::Mapping };
    let found = evaluate(cx, key, scope, &element.outputs, asked)?;
    propagate(cx, row.instance, scope, &found);
    Ok(())
}

fn set(cx: &mut Cx<'_, Process>, instance: Key, scope: Key, name: &Arc<str>, value: &Value) {
    let symbol = cx.symbols().find(name);
    let row = symbol.and_then(|symbol| cx.state().variables.get(&(scope, symbol)));
    if row.is_some_and(|row| row.value == *value) {
        return;
    }
    let key = row.map_or_else(|| cx.next_key(), |row| row.key);
    let (name, value) = (name.clone(), value.clone());
    cx.emit(key, VariableChanged { scope_key: scope, name, value, process_instance_key: instance });
}

/// Evaluates mappings in order. Each sees the targets of those before it, then what `from` sees; a target with a path
/// becomes part of what stood at its beginning, in the target scope or by an earlier mapping.
fn evaluate(
    cx: &mut Cx<'_, Process>,
    from: Key,
    to: Key,
    mappings: &[Mapping],
    asked: Asked<'_>,
) -> Result<Context, Incident> {
    let mut found = Context::new();
    for mapping in mappings {
        let sight = Sight { scope: Some(from), found: Some(&found) };
        let value = expressions::any_or_static(cx, sight, asked, &mapping.source)?;
        let Some((first, path)) = mapping.target.split_first() else { continue };
        let old = found.get(first).cloned().or_else(|| current(cx, from, to, first));
        let value = if path.is_empty() { value } else { within(old, path, value) };
        found.insert(first.clone(), value);
    }
    Ok(found)
}

/// Returns what a target variable holds before its mapping: an input's own one, an output's as its scope sees it.
fn current(cx: &Cx<'_, Process>, from: Key, to: Key, name: &str) -> Option<Value> {
    let symbol = cx.symbols().find(name)?;
    if from == to {
        return cx.state().variables.get(&(to, symbol)).map(|row| row.value.clone());
    }
    cx.state().variable(to, symbol).map(|(_, row)| row.value.clone())
}

/// Puts a value at a path inside another value; what is no context on the way is replaced by one.
fn within(old: Option<Value>, path: &[Arc<str>], value: Value) -> Value {
    let mut around: Vec<(Context, Arc<str>)> = Vec::new();
    let mut next = old;
    for name in path {
        let context = match next {
            Some(Value::Context(context)) => Arc::unwrap_or_clone(context),
            _ => Context::new(),
        };
        next = context.get(name).cloned();
        around.push((context, name.clone()));
    }
    around.into_iter().rev().fold(value, |inner, (mut context, name)| {
        context.insert(name, inner);
        context.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_what_stands_beside_it() {
        let old: Context = [("x", Value::from(1)), ("y", Value::from(2))].into_iter().collect();
        let path = ["y".into(), "z".into()];
        let new = within(Some(old.into()), &path, 3.into());
        let inner: Context = [("z", Value::from(3))].into_iter().collect();
        let expected: Context = [("x", Value::from(1)), ("y", inner.into())].into_iter().collect();
        assert_eq!(new, Value::from(expected));
    }
}
