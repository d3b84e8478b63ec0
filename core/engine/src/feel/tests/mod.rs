//! Tables of expressions and their values, and properties that hold for any text.

mod builtins;
mod errors;
mod language;
mod manual;
mod properties;
mod temporal;

use alloc::string::String;

use super::context::Context;
use super::env::Env;
use super::expression::{Expression, evaluate};
use super::json::{self, JsonLimits};
use super::text;
use super::value::Value;

/// 2026-04-01T10:00:00Z, a Wednesday.
const NOW_MS: i64 = 1_775_037_600_000;

/// Evaluates in the scope of a few variables; returns the value as FEEL writes it.
fn value_of(source: &str) -> String {
    let expression = Expression::parse(source).unwrap_or_else(|error| {
        panic!("{error}\n{}", error.caret(source));
    });
    let mut env = Env::new(NOW_MS);
    match evaluate(&expression, &scope(), &mut env) {
        Ok(value) => text::print(&value),
        Err(error) => panic!("{source}: {error}"),
    }
}

fn scope() -> Context {
    let variables = r#"{"amount": 950, "status": "open", "yes": true, "nothing": null,
        "items": [{"name": "a", "price": 5}, {"name": "b", "price": 15}, {"name": "c", "price": 25}],
        "customer": {"name": "Ada", "address": {"city": "Paris"}}, "first-name": "Eve"}"#;
    match json::parse(variables, &JsonLimits::default()) {
        Ok(Value::Context(context)) => (*context).clone(),
        other => panic!("the scope is JSON: {other:?}"),
    }
}

/// Checks a table of expressions and their values.
fn check(table: &[(&str, &str)]) {
    for (source, expected) in table {
        assert_eq!(value_of(source), *expected, "{source}");
    }
}

/// Checks that expressions are null, for a reason that a warning gives.
fn check_null(sources: &[&str]) {
    for source in sources {
        let expression =
            Expression::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let mut env = Env::new(NOW_MS);
        assert_eq!(evaluate(&expression, &scope(), &mut env), Ok(Value::Null), "{source}");
        assert!(!env.warnings.is_empty(), "{source}");
    }
}
