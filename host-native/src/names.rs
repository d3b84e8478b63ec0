//! What the numbers and short names of a process log mean to people.

use dacapo_engine::feel::{Value, json};
use dacapo_engine::process::{FIELDS, Process};
use dacapo_log::wire::{ExtensionText, Names, read_value};

/// Returns the names of the process machine; decimals show as numbers, dates, times and durations as ISO 8601 text.
pub fn process_names() -> Names {
    Names::of::<Process>(FIELDS).with_extensions(extension)
}

fn extension(bytes: &[u8]) -> Option<ExtensionText> {
    let value: Value = read_value(bytes).ok()?;
    let text = json::print(&value);
    match value {
        Value::Number(_) => Some(ExtensionText::Number(text)),
        _ => Some(ExtensionText::Text(text.trim_matches('"').to_owned())),
    }
}
