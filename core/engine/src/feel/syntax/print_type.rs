//! From types to text.

use alloc::string::String;
use core::fmt::{self, Write};

use super::ast::Type;
use super::print::write_name;

/// Writes a type as `instance of` takes it.
pub(in super::super) fn write_type(text: &mut String, wanted: &Type) -> fmt::Result {
    let end = match wanted {
        Type::Any => "Any",
        Type::Null => "Null",
        Type::Boolean => "boolean",
        Type::Number => "number",
        Type::String => "string",
        Type::Date => "date",
        Type::Time => "time",
        Type::DateTime => "date and time",
        Type::DaysDuration => "days and time duration",
        Type::MonthsDuration => "years and months duration",
        Type::List(inner) => return argument(text, "list", inner),
        Type::Range(inner) => return argument(text, "range", inner),
        Type::Context(entries) => {
            text.push_str("context<");
            for (place, (name, wanted)) in entries.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write_name(text, name)?;
                text.push_str(": ");
                write_type(text, wanted)?;
            }
            ">"
        }
        Type::Function(parameters, result) => {
            text.push_str("function<");
            for (place, wanted) in parameters.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write_type(text, wanted)?;
            }
            text.push_str(">->");
            return write_type(text, result);
        }
        Type::Named(name) => return write_name(text, name),
    };
    text.write_str(end)
}

fn argument(text: &mut String, name: &str, inner: &Type) -> fmt::Result {
    write!(text, "{name}<")?;
    write_type(text, inner)?;
    text.write_str(">")
}
