//! Value to JSON.

use alloc::format;
use alloc::string::String;
use core::fmt::{self, Write};

use super::super::value::Value;

/// Prints a value as JSON without white space, names in their order, numbers exactly and in plain notation,
/// temporal values as strings of ISO 8601 with the name of a time zone in brackets behind the offset, ranges and functions as strings of FEEL.
pub fn print(value: &Value) -> String {
    let mut text = String::new();
    // writing to a string does not fail
    let _ = write_value(&mut text, value);
    text
}

/// Prints a value as messages show it: as JSON, cut if it is long; of one too large to be written out, how large it is.
pub fn brief(value: &Value) -> String {
    let (kind, weight) = (value.type_name(), value.weight());
    if weight > BRIEF_WEIGHT_MAX {
        return format!("a {kind} of weight {weight}");
    }
    let text = print(value);
    match text.char_indices().nth(BRIEF_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn write_value(text: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::Null => text.write_str("null"),
        Value::Bool(value) => write!(text, "{value}"),
        Value::Number(value) => write!(text, "{value}"),
        Value::String(value) => write_string(text, value),
        Value::List(list) => {
            text.push('[');
            for (place, item) in list.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_value(text, item)?;
            }
            text.write_str("]")
        }
        Value::Context(context) => {
            text.push('{');
            for (place, (name, value)) in context.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_string(text, name)?;
                text.push(':');
                write_value(text, value)?;
            }
            text.write_str("}")
        }
        Value::Date(value) => write!(text, "\"{value}\""),
        Value::Time(value) => write!(text, "\"{value}\""),
        Value::DateTime(value) => match value.time().zone() {
            Some(zone) => write!(text, "\"{}[{}]\"", value.with_plain_offset(), zone.name()),
            None => write!(text, "\"{value}\""),
        },
        Value::DaysDuration(_) | Value::MonthsDuration(_) => {
            write_string(text, &super::super::text::print_as_camunda(value))
        }
        Value::Range(_) | Value::Function(_) => {
            write_string(text, &super::super::text::print(value))
        }
    }
}

fn write_string(text: &mut String, value: &str) -> fmt::Result {
    text.push('"');
    let mut rest = value;
    while let Some(place) = rest.find(|it: char| it < ' ' || it == '"' || it == '\\') {
        let (plain, tail) = rest.split_at_checked(place).unwrap_or((rest, ""));
        text.push_str(plain);
        let mut tail = tail.chars();
        match tail.next() {
            Some('"') => text.push_str("\\\""),
            Some('\\') => text.push_str("\\\\"),
            Some('\n') => text.push_str("\\n"),
            Some('\r') => text.push_str("\\r"),
            Some('\t') => text.push_str("\\t"),
            Some(control) => write!(text, "\\u{:04x}", u32::from(control))?,
            None => {}
        }
        rest = tail.as_str();
    }
    text.push_str(rest);
    text.push('"');
    Ok(())
}

/// The largest value that is written out to show its beginning.
const BRIEF_WEIGHT_MAX: u64 = 256 * 1024;
/// How many characters of a value a message shows.
const BRIEF_MAX: usize = 200;
