//! A row as plain data, for people and for JavaScript.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Sink, Symbol, Symbols, Visit};
use crate::record::Key;

/// A value without a type: what a rendering shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Nothing.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number.
    Number(i128),
    /// The key of an entity.
    Key(Key),
    /// The number of an interned name.
    Symbol(Symbol),
    /// A text.
    Text(String),
    /// A value of a kind that is none of the others, as its text: a decimal number, a date.
    Tagged(&'static str, String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Plain>),
    /// A structure: names and values in order.
    Structure(Vec<(&'static str, Plain)>),
    /// A structure whose names are the user's own.
    Map(Vec<(String, Plain)>),
}

/// One row that a step changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The table.
    pub table: &'static str,
    /// The key of the row.
    pub key: Plain,
    /// The row before, if there was one.
    pub before: Option<Plain>,
    /// The row after, if there is one.
    pub after: Option<Plain>,
}

impl Plain {
    /// Puts the names in the place of the symbols that stand for them.
    pub fn with_names(self, symbols: &Symbols) -> Self {
        let named = |it: Self| it.with_names(symbols);
        match self {
            Self::Symbol(symbol) => Self::Text(symbols.name(symbol).to_string()),
            Self::List(items) => Self::List(items.into_iter().map(named).collect()),
            Self::Structure(parts) => {
                Self::Structure(parts.into_iter().map(|(name, it)| (name, named(it))).collect())
            }
            Self::Map(parts) => {
                Self::Map(parts.into_iter().map(|(name, it)| (name, named(it))).collect())
            }
            other => other,
        }
    }
}

impl Change {
    /// Puts the names in the place of the symbols that stand for them.
    pub fn with_names(self, symbols: &Symbols) -> Self {
        let named = |it: Plain| it.with_names(symbols);
        Self {
            key: named(self.key),
            before: self.before.map(named),
            after: self.after.map(named),
            ..self
        }
    }
}

/// Returns a value as plain data.
pub fn plain(value: &(impl Visit + ?Sized)) -> Plain {
    let mut sink = PlainSink::default();
    value.visit(&mut sink);
    sink.finish()
}

/// Builds a [`Plain`] from visits.
#[derive(Debug, Default)]
pub struct PlainSink {
    open: Vec<Open>,
    done: Option<Plain>,
}

#[derive(Debug)]
enum Open {
    List(Vec<Plain>),
    Structure(Vec<(&'static str, Plain)>, &'static str),
    Map(Vec<(String, Plain)>, String),
}

impl PlainSink {
    /// Returns what was built; null if nothing was.
    pub fn finish(self) -> Plain {
        self.done.unwrap_or(Plain::Null)
    }

    fn put(&mut self, value: Plain) {
        match self.open.last_mut() {
            Some(Open::List(items)) => items.push(value),
            Some(Open::Structure(fields, name)) => fields.push((name, value)),
            Some(Open::Map(parts, name)) => parts.push((core::mem::take(name), value)),
            None => self.done = Some(value),
        }
    }
}

impl Sink for PlainSink {
    fn boolean(&mut self, value: bool) {
        self.put(Plain::Boolean(value));
    }
    fn unsigned(&mut self, value: u64) {
        self.put(Plain::Number(i128::from(value)));
    }
    fn signed(&mut self, value: i64) {
        self.put(Plain::Number(i128::from(value)));
    }
    fn text(&mut self, value: &str) {
        self.put(Plain::Text(value.to_string()));
    }
    fn bytes(&mut self, value: &[u8]) {
        self.put(Plain::Bytes(value.to_vec()));
    }
    fn none(&mut self) {
        self.put(Plain::Null);
    }
    fn list(&mut self, _count: u64) {
        self.open.push(Open::List(Vec::new()));
    }
    fn structure(&mut self, _name: &'static str) {
        self.open.push(Open::Structure(Vec::new(), ""));
    }
    fn field(&mut self, name: &'static str) {
        if let Some(Open::Structure(_, current)) = self.open.last_mut() {
            *current = name;
        }
    }
    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::List(items)) => self.put(Plain::List(items)),
            Some(Open::Structure(fields, _)) => self.put(Plain::Structure(fields)),
            Some(Open::Map(parts, _)) => self.put(Plain::Map(parts)),
            None => {}
        }
    }
    fn key(&mut self, key: Key) {
        self.put(Plain::Key(key));
    }
    fn symbol(&mut self, symbol: Symbol) {
        self.put(Plain::Symbol(symbol));
    }
    fn word(&mut self, _code: u8, name: &'static str) {
        self.text(name);
    }
    fn tagged(&mut self, kind: &'static str, text: &str) {
        self.put(Plain::Tagged(kind, text.to_string()));
    }
    fn map(&mut self, _name: &'static str) {
        self.open.push(Open::Map(Vec::new(), String::new()));
    }
    fn name(&mut self, name: &str) {
        if let Some(Open::Map(_, current)) = self.open.last_mut() {
            *current = name.to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ByteSink;

    struct Row;

    struct Weekday;

    impl Visit for Weekday {
        fn visit(&self, sink: &mut dyn Sink) {
            sink.word(7, "sunday");
        }
    }

    impl Visit for Row {
        fn visit(&self, sink: &mut dyn Sink) {
            sink.map("user");
            for name in ["__proto__", "name"] {
                sink.name(name);
                sink.tagged("number", "0.1");
            }
            sink.end();
        }
    }

    #[test]
    fn names_of_the_user_stay_apart_from_those_of_fields() {
        let number = Plain::Tagged("number", "0.1".into());
        let parts = [("__proto__".into(), number.clone()), ("name".into(), number)];
        assert_eq!(plain(&Row), Plain::Map(parts.to_vec()));
        assert_eq!(plain(&alloc::vec![Key(7)]), Plain::List(alloc::vec![Plain::Key(Key(7))]));
    }

    #[test]
    fn what_a_number_means_does_not_enter_the_digest() {
        let bytes = |value: &dyn Visit| {
            let mut sink = ByteSink::default();
            value.visit(&mut sink);
            sink.collected().to_vec()
        };
        assert_eq!(bytes(&Key(7)), bytes(&7_u64));
        assert_eq!(bytes(&Symbol(7)), bytes(&7_u64));
        assert_eq!(bytes(&Weekday), bytes(&7_u64));
        assert_eq!(plain(&Weekday), Plain::Text("sunday".into()));
    }
}
