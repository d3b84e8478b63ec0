//! Functions that make a list from others.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::evaluation::{Call, Outcome};
use super::super::value::{List, Value};
use super::distinct::Seen;
use super::{Builtin, extension, fixed, variadic};

pub(super) static FUNCTIONS: &[Builtin] = &[
    variadic("append", &[&["list", "item"], &["list", "items"]], append),
    variadic("concatenate", &[&["list"], &["lists"]], concatenate),
    fixed("insert before", &[&["list", "position", "newItem"]], insert_before),
    fixed("remove", &[&["list", "position"]], remove),
    fixed(
        "list replace",
        &[&["list", "position", "newItem"], &["list", "match", "newItem"]],
        list_replace,
    ),
    fixed("reverse", &[&["list"]], reverse),
    fixed(
        "sublist",
        &[&["list", "start position"], &["list", "start position", "length"]],
        sublist,
    ),
    extension("partition", &[&["list", "size"]], partition),
    fixed("flatten", &[&["list"]], flatten),
    variadic("union", &[&["list"], &["lists"]], union),
    fixed("distinct values", &[&["list"]], distinct_values),
    extension("duplicate values", &[&["list"]], duplicate_values),
];

fn append(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    call.charge(list.len().saturating_add(call.len()))?;
    Ok(list.iter().cloned().chain(call.arguments.iter().skip(1).cloned()).collect())
}

fn concatenate(call: &mut Call<'_, '_>) -> Outcome {
    let Some(items) = joined(call)? else { return Ok(Value::Null) };
    Ok(items.into())
}

fn insert_before(call: &mut Call<'_, '_>) -> Outcome {
    let Some((list, place)) = list_and_place(call, 1)? else { return Ok(Value::Null) };
    let mut items = list.to_vec();
    items.insert(place.min(items.len()), call.value(2));
    Ok(items.into())
}

fn remove(call: &mut Call<'_, '_>) -> Outcome {
    let Some((list, place)) = list_and_place(call, 0)? else { return Ok(Value::Null) };
    let kept = list.iter().enumerate().filter(|(it, _)| *it != place);
    Ok(kept.map(|(_, item)| item.clone()).collect())
}

fn list_replace(call: &mut Call<'_, '_>) -> Outcome {
    let is_wrong_kind = call.named.is_some_and(|names| {
        names.contains(&"match") != matches!(call.value(1), Value::Function(_))
    });
    if is_wrong_kind {
        return call.expected(1, "a number as position or a function as match");
    }
    if let Value::Function(function) = call.value(1) {
        let Some(list) = call.list(0) else { return Ok(Value::Null) };
        let mut items = Vec::with_capacity(list.len());
        for item in list.iter() {
            let arguments = [item.clone(), call.value(2)];
            match call.evaluator.invoke(&function, &arguments, call.span)? {
                Value::Bool(true) => items.push(call.value(2)),
                Value::Bool(false) => items.push(item.clone()),
                _ => return call.expected(1, "a function with a boolean result"),
            }
        }
        return Ok(items.into());
    }
    let Some((list, place)) = list_and_place(call, 0)? else { return Ok(Value::Null) };
    let replaced =
        |(it, item): (usize, &Value)| if it == place { call.value(2) } else { item.clone() };
    Ok(list.iter().enumerate().map(replaced).collect())
}

fn reverse(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    call.charge(list.len())?;
    Ok(list.iter().rev().cloned().collect())
}

fn sublist(call: &mut Call<'_, '_>) -> Outcome {
    let Some((list, place)) = list_and_place(call, 0)? else { return Ok(Value::Null) };
    let length = match call.len() {
        3 => match call.integer(2).map(usize::try_from) {
            // DMN has no length beyond the items
            Some(Ok(length))
                if call.is_strict()
                    && !(1..=list.len().saturating_sub(place)).contains(&length) =>
            {
                return call.expected(2, "a length of the items that follow");
            }
            Some(Ok(length)) => length,
            Some(Err(_)) => return call.expected(2, "a length that is not negative"),
            None => return Ok(Value::Null),
        },
        _ => usize::MAX,
    };
    Ok(list.iter().skip(place).take(length).cloned().collect())
}

fn partition(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(list), Some(size)) = (call.list(0), call.integer(1)) else { return Ok(Value::Null) };
    call.charge(list.len())?;
    match usize::try_from(size) {
        Ok(size @ 1..) => Ok(list.chunks(size).map(|part| Value::from(part.to_vec())).collect()),
        _ => call.expected(1, "a size above zero"),
    }
}

fn flatten(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    call.charge(list.len())?;
    let mut items = Vec::new();
    // the places in the lists that are under way; as many as the value is deep
    let mut open = alloc::vec![(list, 0usize)];
    while let Some((list, place)) = open.pop() {
        let Some(item) = list.get(place).cloned() else { continue };
        open.push((list, place + 1));
        match item {
            Value::List(inner) => {
                call.charge(inner.len().saturating_add(1))?;
                open.push((inner, 0));
            }
            other => items.push(other),
        }
    }
    Ok(items.into())
}

fn union(call: &mut Call<'_, '_>) -> Outcome {
    let Some(items) = joined(call)? else { return Ok(Value::Null) };
    distinct(call, &items)
}

fn distinct_values(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    distinct(call, &list)
}

fn duplicate_values(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    let mut counts = Seen::default();
    for item in list.iter() {
        counts.add(call, item)?;
    }
    let (mut seen, mut items) = (Seen::default(), Vec::new());
    for item in list.iter() {
        if seen.add(call, item)? == 0 && counts.add(call, item)? > 1 {
            items.push(item.clone());
        }
    }
    Ok(items.into())
}

fn distinct(call: &mut Call<'_, '_>, list: &[Value]) -> Outcome {
    let (mut seen, mut items) = (Seen::default(), Vec::new());
    for item in list {
        if seen.add(call, item)? == 0 {
            items.push(item.clone());
        }
    }
    Ok(items.into())
}

/// Returns the items of all lists among the arguments one after another.
fn joined(
    call: &mut Call<'_, '_>,
) -> Result<Option<Vec<Value>>, super::super::error::EvaluationError> {
    let mut items = Vec::new();
    for place in 0..call.len() {
        let Some(list) = call.one_or_more(place) else { return Ok(None) };
        call.charge(list.len())?;
        items.extend(list.iter().cloned());
    }
    Ok(Some(items))
}

/// Returns the list and the place that the second argument says: from 1, or from -1 at the end.
fn list_and_place(
    call: &mut Call<'_, '_>,
    beyond: u64,
) -> Result<Option<(Arc<List>, usize)>, super::super::error::EvaluationError> {
    let (Some(list), Some(position)) = (call.list(0), call.integer(1)) else { return Ok(None) };
    call.charge(list.len().saturating_add(1))?;
    let length = list.len() as u64;
    let place = match position {
        1.. => position
            .unsigned_abs()
            .checked_sub(1)
            .filter(|place| *place < length.saturating_add(beyond)),
        0 => None,
        _ => length.checked_sub(position.unsigned_abs()),
    };
    match place.and_then(|place| usize::try_from(place).ok()) {
        Some(place) => Ok(Some((list, place))),
        None => call.expected(1, "a position within the list").map(|_| None),
    }
}
