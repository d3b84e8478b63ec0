//! The tables of the kernel, and how a set of tables is declared.

use super::requests::Requests;
use super::{ControlState, Symbols, Table, TableVisitor, TableVisitorMut, Tables};
use crate::record::Key;

/// What the kernel itself keeps.
#[derive(Clone, Debug)]
pub struct KernelState {
    /// The names that the log has met.
    pub symbols: Symbols,
    pub(super) requests: Requests,
    pub(super) control: Table<(), ControlState>,
    pub(super) parked_subjects: Table<Key, u32>,
}

impl KernelState {
    pub(super) const fn new() -> Self {
        Self {
            symbols: Symbols::new(),
            requests: Requests::new(),
            control: Table::new(5, "control"),
            parked_subjects: Table::new(6, "parked_subject"),
        }
    }

    /// Returns the terms that the log runs under; none before genesis.
    pub fn control(&self) -> Option<&ControlState> {
        self.control.get(&())
    }

    /// Returns whether an entity has work that waits for its next step.
    pub fn is_parked(&self, subject: Key) -> bool {
        self.parked_subjects.contains(&subject)
    }
}

impl Tables for KernelState {
    fn visit<V: TableVisitor>(&self, visitor: &mut V) {
        visitor.table(&self.symbols.names);
        visitor.table(&self.symbols.numbers);
        visitor.table(&self.requests.rows);
        visitor.table(&self.requests.expiry);
        visitor.table(&self.control);
        visitor.table(&self.parked_subjects);
    }

    fn visit_mut<V: TableVisitorMut>(&mut self, visitor: &mut V) {
        visitor.table(&mut self.symbols.names);
        visitor.table(&mut self.symbols.numbers);
        visitor.table(&mut self.requests.rows);
        visitor.table(&mut self.requests.expiry);
        visitor.table(&mut self.control);
        visitor.table(&mut self.parked_subjects);
    }
}

/// Declares a set of tables: a structure, its empty value, and how it is visited.
#[macro_export]
macro_rules! tables {
    ($(#[$doc:meta])* pub struct $set:ident {
        $($(#[$table_doc:meta])* $number:literal $table:ident: $key:ty => $row:ty,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $set { $($(#[$table_doc])* pub $table: $crate::kernel::Table<$key, $row>,)+ }

        impl $set {
            /// Makes the state of an empty log.
            pub const fn new() -> Self {
                Self { $($table: $crate::kernel::Table::new($number, stringify!($table)),)+ }
            }
        }

        impl Default for $set {
            fn default() -> Self { Self::new() }
        }

        impl $crate::kernel::Tables for $set {
            fn visit<V: $crate::kernel::TableVisitor>(&self, visitor: &mut V) {
                $(visitor.table(&self.$table);)+
            }
            fn visit_mut<V: $crate::kernel::TableVisitorMut>(&mut self, visitor: &mut V) {
                $(visitor.table(&mut self.$table);)+
            }
        }
    };
}
pub use tables;
