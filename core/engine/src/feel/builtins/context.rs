//! Functions on contexts.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::context::Context;
use super::super::evaluation::{Call, Outcome};
use super::super::value::Value;
use super::{Builtin, extension, fixed, variadic};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("get value", &[&["context", "key"], &["m", "key"], &["context", "keys"]], get_value),
    fixed("get entries", &[&["context"], &["m"]], get_entries),
    fixed(
        "context put",
        &[&["context", "key", "value"], &["context", "keys", "value"]],
        context_put,
    ),
    extension("put", &[&["context", "key", "value"]], context_put),
    variadic("context merge", &[&["contexts"]], context_merge),
    Builtin { is_extension: true, ..variadic("put all", &[&["contexts"]], context_merge) },
    fixed("context", &[&["entries"]], context),
];

fn get_value(call: &mut Call<'_, '_>) -> Outcome {
    let Some(names) = names(call)? else { return Ok(Value::Null) };
    let mut value = call.single(0);
    for name in &names {
        value = match value {
            Value::Context(context) => context.get(name).cloned().unwrap_or_default(),
            _ => return call.expected(0, "a context"),
        };
    }
    Ok(value)
}

fn get_entries(call: &mut Call<'_, '_>) -> Outcome {
    let Some(context) = call.context(0) else { return Ok(Value::Null) };
    call.charge(context.len())?;
    let entry = |(name, value): (&Arc<str>, &Value)| {
        let entry: Context =
            [("key", Value::String(name.clone())), ("value", value.clone())].into_iter().collect();
        Value::from(entry)
    };
    Ok(context.iter().map(entry).collect())
}

fn context_put(call: &mut Call<'_, '_>) -> Outcome {
    let is_one_key = call.named.is_some_and(|names| names.contains(&"key"));
    if is_one_key && call.value(1).as_list().is_some() {
        return call.expected(1, "a key");
    }
    let Some(context) = call.context(0) else { return Ok(Value::Null) };
    let Some(names) = names(call)? else { return Ok(Value::Null) };
    // the contexts on the way down, each to get the next one as entry
    let mut path = alloc::vec![context];
    let outer = names.split_last().map_or(&[][..], |(_, outer)| outer);
    for name in outer {
        let inner = path.last().and_then(|context| context.get(name)).cloned();
        match inner {
            Some(Value::Context(inner)) => path.push(inner),
            // what is no context makes room for one
            _ if !call.is_strict() => path.push(Arc::default()),
            _ => return call.expected(1, "keys of contexts inside one another"),
        }
    }
    let mut value = call.value(2);
    for (context, name) in path.into_iter().zip(&names).rev() {
        call.charge(context.len().saturating_add(1))?;
        let mut changed = Arc::unwrap_or_clone(context);
        changed.insert(name.clone(), value);
        value = changed.into();
    }
    Ok(value)
}

fn context_merge(call: &mut Call<'_, '_>) -> Outcome {
    let Some(contexts) = call.items() else { return Ok(Value::Null) };
    let mut entries = Vec::new();
    for value in contexts.iter() {
        let Value::Context(context) = value else {
            return call.expected(0, "a list of contexts");
        };
        call.charge(context.len().saturating_add(1))?;
        entries.extend(context.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    Ok(Context::from_iter(entries).into())
}

fn context(call: &mut Call<'_, '_>) -> Outcome {
    let Some(entries) = call.list(0) else { return Ok(Value::Null) };
    call.charge(entries.len())?;
    let mut context = Context::new();
    for entry in entries.iter() {
        let entry = entry.as_context();
        let parts = entry.and_then(|entry| entry.get("key").zip(entry.get("value")));
        let Some((Value::String(name), value)) = parts else {
            return call.expected(0, "a list of contexts with the entries key and value");
        };
        if context.insert(name.clone(), value.clone()).is_some() && call.is_strict() {
            return call.fail("expected each key only once");
        }
    }
    Ok(context.into())
}

/// Returns the second argument as the names on the way down, at least one.
fn names(
    call: &mut Call<'_, '_>,
) -> Result<Option<Vec<Arc<str>>>, super::super::error::EvaluationError> {
    let Some(list) = call.one_or_more(1) else { return Ok(None) };
    call.charge(list.len())?;
    let name =
        |value: &Value| if let Value::String(name) = value { Some(name.clone()) } else { None };
    match list.iter().map(name).collect::<Option<Vec<_>>>().filter(|names| !names.is_empty()) {
        Some(names) => Ok(Some(names)),
        None => call.expected(1, "a key or a list of keys").map(|_| None),
    }
}
