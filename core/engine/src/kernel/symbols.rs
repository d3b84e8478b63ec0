//! Names as small numbers, in log order.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Table;

/// An interned name: an element id, a job type, a variable name, a tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Symbol(pub u32);

/// The names that the log has met, numbered from 0 in log order. Never forgotten, so that a number keeps its meaning.
#[derive(Clone, Debug)]
pub struct Symbols {
    pub(super) names: Table<Symbol, Arc<str>>,
    pub(super) numbers: Table<Arc<str>, Symbol>,
}

impl Symbols {
    pub(super) const fn new() -> Self {
        Self { names: Table::new(1, "symbol_name"), numbers: Table::new(2, "symbol_number") }
    }

    /// Returns how many names the log has met.
    #[inline]
    pub fn count(&self) -> u64 {
        self.names.count()
    }

    /// Returns the symbol of a name, if the log has met it.
    #[inline]
    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.numbers.get_by(name).copied()
    }

    /// Returns the symbol of a name, a new one if needed. Only evolving may call it.
    #[inline]
    pub fn intern(&mut self, name: &Arc<str>) -> Symbol {
        if let Some(symbol) = self.find(name) {
            return symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.count()).unwrap_or(u32::MAX));
        self.names.insert(symbol, name.clone());
        self.numbers.insert(name.clone(), symbol);
        symbol
    }

    /// Returns the name of a symbol; empty for a number that the log never gave.
    #[inline]
    pub fn name(&self, symbol: Symbol) -> Arc<str> {
        self.names.get(&symbol).cloned().unwrap_or_default()
    }
}
