//! The small visitor through which every row enters the digest and every rendering.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Symbol;
use crate::record::{Key, PartitionId, Position, Timestamp};

/// Receives the parts of a value in a fixed order. The order and the calls are part of the semantics.
pub trait Sink {
    /// Takes a truth value.
    fn boolean(&mut self, value: bool);
    /// Takes a number that is never negative.
    fn unsigned(&mut self, value: u64);
    /// Takes a number that may be negative.
    fn signed(&mut self, value: i64);
    /// Takes a text.
    fn text(&mut self, value: &str);
    /// Takes bytes.
    fn bytes(&mut self, value: &[u8]);
    /// Takes the absence of a value.
    fn none(&mut self);
    /// Begins a list of `count` items; the items follow, then [`Sink::end`].
    fn list(&mut self, count: u64);
    /// Begins a structure; for each part [`Sink::field`] and its value follow, then [`Sink::end`].
    fn structure(&mut self, name: &'static str);
    /// Names the part that follows.
    fn field(&mut self, name: &'static str);
    /// Ends a list or a structure.
    fn end(&mut self);
    /// Takes the key of an entity: a number with a meaning.
    fn key(&mut self, key: Key) {
        self.unsigned(key.0);
    }
    /// Takes an interned name: a number with a meaning.
    fn symbol(&mut self, symbol: Symbol) {
        self.unsigned(u64::from(symbol.0));
    }
    /// Takes one of a closed set of words by its number; who reads is told the word.
    fn word(&mut self, code: u8, _name: &'static str) {
        self.unsigned(u64::from(code));
    }
    /// Takes a value of a kind that has no call of its own, as its text: a decimal, a date.
    fn tagged(&mut self, kind: &'static str, text: &str) {
        self.structure(kind);
        self.field(kind);
        self.text(kind);
        self.field("text");
        self.text(text);
        self.end();
    }
    /// Begins a structure with names of the user's own; for each part [`Sink::name`] and its value follow, then
    /// [`Sink::end`].
    fn map(&mut self, name: &'static str) {
        self.structure(name);
    }
    /// Names the part that follows, in the user's own words.
    fn name(&mut self, name: &str) {
        self.field("name");
        self.text(name);
        self.field("value");
    }
}

/// A value that a [`Sink`] can take.
pub trait Visit {
    /// Hands the value to the sink, part by part.
    fn visit(&self, sink: &mut dyn Sink);
}

/// Collects the canonical bytes of a value: each part a tag, then a number or a length in as few bytes as it needs, so that
/// no two values agree and most rows fit into one block of the hash.
#[derive(Debug, Default)]
pub struct ByteSink {
    bytes: Vec<u8>,
}

impl ByteSink {
    /// Returns what was collected.
    pub fn collected(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what was collected and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    fn tagged(&mut self, tag: u8, bytes: &[u8]) {
        self.number(tag, bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes a number as unsigned LEB128: seven bits a byte, the lowest first, the high bit on all but the last.
    fn number(&mut self, tag: u8, value: u64) {
        self.bytes.push(tag);
        let mut left = value;
        while left >= 0x80 {
            self.bytes.push(left as u8 | 0x80);
            left >>= 7;
        }
        self.bytes.push(left as u8);
    }
}

impl Sink for ByteSink {
    #[inline]
    fn boolean(&mut self, value: bool) {
        self.bytes.push(if value { 2 } else { 1 });
    }
    #[inline]
    fn unsigned(&mut self, value: u64) {
        self.number(3, value);
    }
    #[inline]
    fn signed(&mut self, value: i64) {
        // Zigzag: numbers near zero are short, whatever their sign.
        self.number(4, ((value << 1) ^ (value >> 63)) as u64);
    }
    #[inline]
    fn text(&mut self, value: &str) {
        self.tagged(5, value.as_bytes());
    }
    #[inline]
    fn bytes(&mut self, value: &[u8]) {
        self.tagged(6, value);
    }
    #[inline]
    fn none(&mut self) {
        self.bytes.push(0);
    }
    #[inline]
    fn list(&mut self, count: u64) {
        self.number(7, count);
    }
    #[inline]
    fn structure(&mut self, _name: &'static str) {
        self.bytes.push(8);
    }
    #[inline]
    fn field(&mut self, _name: &'static str) {}
    #[inline]
    fn end(&mut self) {
        self.bytes.push(9);
    }
}

macro_rules! visit_numbers {
    ($($unsigned:ty),*; $($signed:ty),*) => {
        $(impl Visit for $unsigned { #[inline] fn visit(&self, sink: &mut dyn Sink) { sink.unsigned(u64::from(*self)); } })*
        $(impl Visit for $signed { #[inline] fn visit(&self, sink: &mut dyn Sink) { sink.signed(i64::from(*self)); } })*
    };
}
visit_numbers!(u8, u16, u32, u64; i8, i16, i32, i64);

impl Visit for Key {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.key(*self);
    }
}

impl Visit for Symbol {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.symbol(*self);
    }
}

impl Visit for bool {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.boolean(*self);
    }
}

impl Visit for str {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.text(self);
    }
}

impl Visit for String {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.text(self);
    }
}

impl<T: Visit + ?Sized> Visit for Arc<T> {
    fn visit(&self, sink: &mut dyn Sink) {
        self.as_ref().visit(sink);
    }
}

impl<T: Visit> Visit for Option<T> {
    fn visit(&self, sink: &mut dyn Sink) {
        match self {
            None => sink.none(),
            Some(value) => value.visit(sink),
        }
    }
}

impl<T: Visit> Visit for [T] {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.list(self.len() as u64);
        self.iter().for_each(|item| item.visit(sink));
        sink.end();
    }
}

impl<T: Visit> Visit for Vec<T> {
    fn visit(&self, sink: &mut dyn Sink) {
        self.as_slice().visit(sink);
    }
}

impl<K: Visit, V: Visit> Visit for BTreeMap<K, V> {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.list(self.len() as u64);
        for (key, value) in self {
            key.visit(sink);
            value.visit(sink);
        }
        sink.end();
    }
}

impl<A: Visit, B: Visit> Visit for (A, B) {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.list(2);
        self.0.visit(sink);
        self.1.visit(sink);
        sink.end();
    }
}

impl<A: Visit, B: Visit, C: Visit> Visit for (A, B, C) {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.list(3);
        self.0.visit(sink);
        self.1.visit(sink);
        self.2.visit(sink);
        sink.end();
    }
}

impl<A: Visit, B: Visit, C: Visit, D: Visit> Visit for (A, B, C, D) {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.list(4);
        self.0.visit(sink);
        self.1.visit(sink);
        self.2.visit(sink);
        self.3.visit(sink);
        sink.end();
    }
}

impl Visit for () {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.none();
    }
}

impl Visit for [u8; 16] {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.bytes(self);
    }
}

impl Visit for [u8; 32] {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.bytes(self);
    }
}

/// Implements [`Visit`] for a type that wraps one value.
#[macro_export]
macro_rules! visit_newtype {
    ($($name:ty),* $(,)?) => {
        $(impl $crate::kernel::Visit for $name {
            #[inline]
            fn visit(&self, sink: &mut dyn $crate::kernel::Sink) { $crate::kernel::Visit::visit(&self.0, sink); }
        })*
    };
}
pub use visit_newtype;

/// Implements [`Visit`] for a structure: its fields in the order given, which is part of the semantics.
#[macro_export]
macro_rules! visit_fields {
    ($name:ty, $label:literal { $($field:ident),* $(,)? }) => {
        impl $crate::kernel::Visit for $name {
            #[inline]
            fn visit(&self, sink: &mut dyn $crate::kernel::Sink) {
                sink.structure($label);
                $(sink.field(stringify!($field)); $crate::kernel::Visit::visit(&self.$field, sink);)*
                sink.end();
            }
        }
    };
}
pub use visit_fields;

visit_newtype!(Position, PartitionId, Timestamp);
