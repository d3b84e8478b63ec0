//! Where the rows of each table stand, and what a row is called. A row and its key say it: nothing else has to be looked at.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};

use crate::kernel::{Plain, Symbols};
use crate::record::Key;

/// Where the rows of a table stand.
enum Home {
    /// In a branch.
    In(&'static str),
    /// Under the row of a table that a field of theirs names, or else the first part of their key.
    Under(&'static str, &'static str),
}
use Home::{In, Under};

/// What stands under no branch.
const TOP: &str = "";
const DEPLOYMENTS: &str = "deployments";
const LOG: &str = "log";
const INDEX: &str = "index";

/// A table that is not here only finds or counts the rows of others: it is in the index.
const HOMES: [(&str, Home); 20] = [
    ("symbol_name", In(LOG)),
    ("request", In(LOG)),
    ("control", In(LOG)),
    // Work may be left of an instance that has ended.
    ("parked", In(TOP)),
    ("definitions", In(DEPLOYMENTS)),
    ("resources", In(DEPLOYMENTS)),
    ("start_subscriptions", In(DEPLOYMENTS)),
    ("instances", In(TOP)),
    ("elements", Under("elements", "scope")),
    ("taken_flows", Under("elements", "")),
    ("variables", Under("elements", "")),
    ("jobs", Under("elements", "element_instance")),
    ("thrown_errors", Under("jobs", "")),
    ("timers", Under("elements", "owner")),
    ("messages", In(TOP)),
    ("message_takers", Under("messages", "")),
    ("subscriptions", Under("elements", "element_instance")),
    ("incidents", Under("elements", "element_instance")),
    ("decision_requirements", In(DEPLOYMENTS)),
    ("decisions", In(DEPLOYMENTS)),
];

fn home(table: &str) -> &'static Home {
    HOMES.iter().find(|(name, _)| *name == table).map_or(&In(INDEX), |(_, home)| home)
}

/// Returns the branch that a table is in, `""` for none above it; nothing for a table whose rows stand under those of others.
pub fn branch_of(table: &str) -> Option<&'static str> {
    match home(table) {
        In(branch) => Some(branch),
        Under(..) => None,
    }
}

/// Returns the id of a row and that of the node that it stands under.
pub fn place(table: &str, key: &Plain, row: &Plain, symbols: &Symbols) -> (String, String) {
    let mut own = String::new();
    write(key, symbols, &mut own);
    let owner = match home(table) {
        In(_) => table.to_owned(),
        Under(owner, field) => {
            let named = if field.is_empty() { first(key) } else { part(row, field) };
            match named {
                Some(Plain::Key(named)) => {
                    let begins =
                        table == "timers" && matches!(part(row, "instance"), Some(Plain::Null));
                    row_id(if begins { "definitions" } else { owner }, *named)
                }
                // Only the outermost scope is in none: it is that of its instance.
                _ => joined("instances", &own),
            }
        }
    };
    (joined(table, &own), owner)
}

fn row_id(table: &str, key: Key) -> String {
    let mut own = String::new();
    write_number(key.0.into(), &mut own);
    joined(table, &own)
}

fn joined(table: &str, own: &str) -> String {
    let mut id = table.to_owned();
    id.push(':');
    id.push_str(own);
    id
}

fn first(key: &Plain) -> Option<&Plain> {
    match key {
        Plain::List(parts) => parts.first(),
        other => Some(other),
    }
}

fn part<'p>(row: &'p Plain, name: &str) -> Option<&'p Plain> {
    let Plain::Structure(parts) = row else { return None };
    parts.iter().find(|(it, _)| *it == name).map(|(_, part)| part)
}

/// Writes a key so that no other key of the table is written alike.
fn write(key: &Plain, symbols: &Symbols, out: &mut String) {
    match key {
        Plain::Key(key) => write_number(key.0.into(), out),
        Plain::Number(number) => write_number(*number, out),
        Plain::Symbol(symbol) => write_text(&symbols.name(*symbol), out),
        Plain::Text(text) => write_text(text, out),
        Plain::List(parts) => parts.iter().for_each(|it| write_part(it, symbols, out)),
        Plain::Structure(parts) => {
            parts.iter().for_each(|(_, it)| write_part(it, symbols, out));
        }
        Plain::Null | Plain::Boolean(_) | Plain::Tagged(..) | Plain::Bytes(_) | Plain::Map(_) => {}
    }
}

fn write_part(part: &Plain, symbols: &Symbols, out: &mut String) {
    write(part, symbols, out);
    out.push(',');
}

/// A text goes with its length: what is in it ends nothing.
fn write_text(text: &str, out: &mut String) {
    write_number(text.len() as i128, out);
    out.push('.');
    out.push_str(text);
}

fn write_number(number: i128, out: &mut String) {
    out.push_str(&number.to_string());
}
