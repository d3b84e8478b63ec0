//! The peer in Rust.

use dsntk_feel::FeelScope;
use dsntk_feel::values::Value;
use dsntk_feel_evaluator::{evaluate_context, prepare};
use dsntk_feel_parser::{AstNode, parse_expression};
use serde_json::Value as Json;

use crate::cases::{Case, error};

/// Evaluates a case.
pub fn value(case: &Case) -> Json {
    let scope = scope(&case.given);
    parse(&scope, &case.source).map_or_else(error, |node| to_json(&prepare(&node)(&scope)))
}

/// Parses an expression, unless it is refused.
pub fn parse(scope: &FeelScope, source: &str) -> Option<AstNode> {
    parse_expression(scope, source, false).ok()
}

/// Returns variables.
pub fn scope(context: &str) -> FeelScope {
    let scope = FeelScope::default();
    let context = evaluate_context(&scope, context).expect("a context");
    scope.push(context);
    scope
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null(_) => Json::Null,
        Value::Boolean(it) => (*it).into(),
        Value::String(it) => it.as_str().into(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Context(context) => {
            context.iter().map(|(name, value)| (name.to_string(), to_json(value))).collect()
        }
        other => {
            let text = other.to_string();
            serde_json::from_str(&text).unwrap_or(Json::String(text))
        }
    }
}
