//! The values in a filter, checked against the kind of their field.

use serde_json::Value;

use super::Kind;
use crate::http::wire::KeyText;
use crate::http::{Problem, time};
use crate::store::Cell;

/// Reads a value of a kind.
pub(super) fn operand(kind: Kind, value: &Value, path: &str) -> Result<Cell, Problem> {
    Ok(match kind {
        Kind::Key => {
            let digits = text(value, path)?;
            let key = KeyText::parse(digits);
            key.ok_or_else(|| wrong(path, "a key in digits", &format!("'{digits}'")))?.0.into()
        }
        Kind::Number => {
            let number = value.as_i64();
            Cell::Int(number.ok_or_else(|| wrong(path, "a whole number", kind_of(value)))?)
        }
        Kind::Flag => Cell::Int(flag(value, path)?.into()),
        Kind::Time => {
            let written = text(value, path)?;
            let time = time::parse(written);
            let expected = "a date and time with an offset";
            Cell::Int(time.ok_or_else(|| wrong(path, expected, &format!("'{written}'")))?.0)
        }
        Kind::Name(names) => {
            let found = text(value, path)?;
            let Some(name) = names.iter().find(|it| it.eq_ignore_ascii_case(found)) else {
                let expected = format!("one of {}", names.join(", "));
                return Err(wrong(path, &expected, &format!("'{found}'")));
            };
            Cell::text(*name)
        }
        Kind::Text | Kind::Tags | Kind::Variables => Cell::text(text(value, path)?),
    })
}

/// Reads a list.
pub(super) fn list<'a>(value: &'a Value, path: &str) -> Result<&'a [Value], Problem> {
    let list = value.as_array().ok_or_else(|| wrong(path, "a list", kind_of(value)))?;
    if list.len() > LIST_MAX {
        let expected = format!("at most {LIST_MAX} items");
        return Err(wrong(path, &expected, &list.len().to_string()));
    }
    Ok(list)
}

/// Reads a text.
pub(super) fn text<'a>(value: &'a Value, path: &str) -> Result<&'a str, Problem> {
    value.as_str().ok_or_else(|| wrong(path, "a string", kind_of(value)))
}

/// Reads true or false.
pub(super) fn flag(value: &Value, path: &str) -> Result<bool, Problem> {
    value.as_bool().ok_or_else(|| wrong(path, "true or false", kind_of(value)))
}

/// Makes the problem of a value that is not what it should be.
pub(super) fn wrong(path: &str, expected: &str, found: &str) -> Problem {
    Problem::malformed(path, format!("{path}: expected {expected}, found {found}"))
}

/// Names the kind of a JSON value.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

const LIST_MAX: usize = 1_000;
