//! Values as text of FEEL, the way `string()` and messages show them.

use alloc::string::String;
use core::fmt::{self, Write};

use super::calendar::DaysDuration;
use super::value::{Range, RangeForm, Value};

/// Prints a value as FEEL would write it; text inside a list or context stands in quotes.
pub(crate) fn print(value: &Value) -> String {
    let mut text = String::new();
    // writing to a string does not fail
    let _ = write_value(&mut text, value);
    text
}

/// Prints a value as Camunda does: no space behind the names of a context, no time in an empty duration.
pub(crate) fn print_as_camunda(value: &Value) -> String {
    let mut text = String::new();
    // writing to a string does not fail
    let _ = write_as_camunda(&mut text, value);
    text
}

fn write_as_camunda(text: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::List(list) => {
            text.push('[');
            for (place, item) in list.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write_as_camunda(text, item)?;
            }
            text.write_str("]")
        }
        Value::Context(context) => {
            text.push('{');
            for (place, (name, value)) in context.iter().enumerate() {
                write!(text, "{}{name}:", if place > 0 { ", " } else { "" })?;
                write_as_camunda(text, value)?;
            }
            text.write_str("}")
        }
        Value::DaysDuration(value) if *value == DaysDuration::default() => text.write_str("P0D"),
        Value::MonthsDuration(value) if value.months() == 0 => text.write_str("P0Y"),
        value => write_value(text, value),
    }
}

pub(super) fn write_value(text: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::Null => text.write_str("null"),
        Value::Bool(value) => write!(text, "{value}"),
        Value::Number(value) => write!(text, "{value}"),
        Value::String(value) => write_string(text, value),
        Value::List(list) => {
            text.push('[');
            for (place, item) in list.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write_value(text, item)?;
            }
            text.write_str("]")
        }
        Value::Context(context) => {
            text.push('{');
            for (place, (name, value)) in context.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write_name(text, name)?;
                text.push_str(": ");
                write_value(text, value)?;
            }
            text.write_str("}")
        }
        Value::Date(value) => write!(text, "{value}"),
        Value::Time(value) => write!(text, "{value}"),
        Value::DateTime(value) => write!(text, "{value}"),
        Value::DaysDuration(value) => write!(text, "{value}"),
        Value::MonthsDuration(value) => write!(text, "{value}"),
        Value::Range(range) => write_range(text, range),
        Value::Function(function) => write!(text, "{function:?}"),
    }
}

fn write_range(text: &mut String, range: &Range) -> fmt::Result {
    let operator =
        |sign: &'static str, is_included: bool| (sign, if is_included { "=" } else { "" });
    match (&range.start, &range.end) {
        (Some(only), _) if range.form != RangeForm::Ends => {
            text.push_str(if range.form == RangeForm::Equal { "(= " } else { "(!= " });
            write_value(text, only)?;
            text.write_str(")")
        }
        (Some(start), Some(end)) => {
            text.push(if range.is_start_included { '[' } else { '(' });
            write_value(text, start)?;
            text.push_str("..");
            write_value(text, end)?;
            text.push(if range.is_end_included { ']' } else { ')' });
            Ok(())
        }
        (Some(end), None) | (None, Some(end)) => {
            let (sign, equals) = match range.start {
                Some(_) => operator(">", range.is_start_included),
                None => operator("<", range.is_end_included),
            };
            write!(text, "({sign}{equals} ")?;
            write_value(text, end)?;
            text.write_str(")")
        }
        (None, None) => text.write_str("(null..null)"),
    }
}

fn write_name(text: &mut String, name: &str) -> fmt::Result {
    let is_plain = !name.is_empty()
        && !name.starts_with(|it: char| it.is_ascii_digit())
        && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | ' '));
    if is_plain { text.write_str(name) } else { write_string(text, name) }
}

pub(super) fn write_string(text: &mut String, value: &str) -> fmt::Result {
    text.push('"');
    for it in value.chars() {
        match it {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            _ => text.push(it),
        }
    }
    text.push('"');
    Ok(())
}
