//! Values as lines of JSON tell them: with their types, and no number lost.

use dacapo_engine::feel::{Context, Step, Value, json};
use serde_json::{Map, Value as Json, json as object};

use super::Numbers;

/// Tells a value: numbers and temporal values as texts with a tag, contexts in their order.
pub fn told(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(it) => (*it).into(),
        Value::Number(it) => object!({ "number": it.to_string() }),
        Value::String(it) => (**it).into(),
        Value::List(items) => items.iter().map(told).collect(),
        Value::Context(it) => object!({ "context": entries(it) }),
        other => object!({ "text": json::print(other).trim_matches('"') }),
    }
}

/// Tells the entries of a context.
pub fn entries(context: &Context) -> Json {
    context.iter().map(|(name, value)| object!([&**name, told(value)])).collect()
}

/// Tells the parts of an expression.
pub fn steps(steps: &[Step]) -> Json {
    let step = |it: &Step| {
        let mut told_step = Map::new();
        told_step.insert("text".into(), (*it.text).into());
        told_step.insert("parts".into(), self::steps(&it.parts));
        if let Some(value) = &it.value {
            told_step.insert("value".into(), told(value));
        }
        Json::Object(told_step)
    };
    steps.iter().map(step).collect()
}

/// Returns a value that JavaScript can have: what JSON has no form for is text, and so are decimals that a number there
/// would round.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
        Value::Number(it) => {
            let text = it.to_string();
            let is_exact = it.to_i64().is_some()
                || text.parse().is_ok_and(|number: f64| number.to_string() == text);
            if is_exact { value.clone() } else { text.as_str().into() }
        }
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Context(it) => plain_context(it).into(),
        other => json::print(other).trim_matches('"').into(),
    }
}

/// Returns variables that JavaScript can have.
pub fn plain_context(context: &Context) -> Context {
    context.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// Gives some variables other values, takes some away, and adds one.
pub fn changed(numbers: &mut Numbers, context: &Context) -> Context {
    let mut changed = Context::new();
    for (name, value) in context.iter() {
        match numbers.below(6) {
            0 => {}
            1 => drop(changed.insert(name.clone(), any(numbers, 2))),
            _ => drop(changed.insert(name.clone(), value.clone())),
        }
    }
    changed.insert(*numbers.pick(NAMES), any(numbers, 3));
    changed
}

/// Returns a random value.
pub fn any(numbers: &mut Numbers, depth: usize) -> Value {
    match numbers.below(if depth == 0 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => numbers.one_in(2).into(),
        2 => (numbers.below(2_000) as i64 - 1_000).into(),
        3 => {
            let text = format!("{}.{}", numbers.below(1_000), numbers.below(1_000));
            plain(&json::parse(&text, &json::JsonLimits::default()).expect("a number"))
        }
        4 => (*numbers.pick(TEXTS)).into(),
        5 => (0..numbers.below(4)).map(|_| any(numbers, depth - 1)).collect(),
        _ => {
            let mut context = Context::new();
            for _ in 0..numbers.below(4) {
                context.insert(*numbers.pick(NAMES), any(numbers, depth - 1));
            }
            context.into()
        }
    }
}

const NAMES: &[&str] =
    &["x", "y", "amount", "items", "__proto__", "constructor", "é", "a b", "1", "item"];
const TEXTS: &[&str] = &[
    "",
    "a",
    "gold",
    "2026-01-31",
    "10:00:00@Europe/Berlin",
    "P1DT2H",
    "P1Y",
    "1.50",
    "é😀",
    "(a|b)*",
    "[1..3]",
    "\u{0}",
];
