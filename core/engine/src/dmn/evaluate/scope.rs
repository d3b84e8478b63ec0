//! The names that an expression sees.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::feel::{Context, Scope, Value};

/// Some names and what is around them.
pub(super) struct Layer<'a> {
    pub(super) names: Context,
    pub(super) outer: Option<&'a dyn Scope>,
}

/// The item of a filter: its entries, then the name `item`.
pub(super) struct ItemLayer<'a> {
    pub(super) item: &'a Value,
    pub(super) outer: &'a dyn Scope,
}

impl Scope for Layer<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        let own = self.names.get(name).cloned();
        own.or_else(|| self.outer.and_then(|outer| outer.variable(name)))
    }

    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        let own = self.names.get(name).map(Cow::Borrowed);
        own.or_else(|| self.outer.and_then(|outer| outer.lookup(name)))
    }

    fn names(&self) -> Vec<Arc<str>> {
        let outer = self.outer.map(Scope::names).unwrap_or_default();
        self.names.iter().map(|(name, _)| name.clone()).chain(outer).collect()
    }
}

impl Scope for ItemLayer<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        let part = self.item.as_context().and_then(|it| it.get(name)).cloned();
        part.or_else(|| (name == "item").then(|| self.item.clone()))
            .or_else(|| self.outer.variable(name))
    }

    fn names(&self) -> Vec<Arc<str>> {
        let own = self.item.as_context().into_iter().flat_map(Context::iter);
        own.map(|(name, _)| name.clone()).chain(self.outer.names()).collect()
    }
}
