//! The names in scope while a node is evaluated: a chain of frames on the stack.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::context::Context;
use super::super::env::{NAMES_MAX, Scope};
use super::super::value::Value;

/// Some names and the frame around them.
pub(in super::super) struct Frame<'a> {
    layer: Layer<'a>,
    outer: Option<&'a Frame<'a>>,
}

enum Layer<'a> {
    /// The variables of the caller.
    Scope(&'a dyn Scope),
    /// One name.
    Name(&'a str, &'a Value),
    /// Several names.
    Names(&'a [(Arc<str>, Value)]),
    /// The entries of a context so far.
    Context(&'a Context),
    /// The item of a filter, and its entries when it is a context.
    Item(&'a Value),
}

impl<'a> Frame<'a> {
    /// Returns the outermost frame.
    pub(in super::super) fn root(scope: &'a dyn Scope) -> Self {
        Self { layer: Layer::Scope(scope), outer: None }
    }

    /// Returns the outermost frame of a function.
    pub(in super::super) fn captured(names: &'a Context) -> Self {
        Self { layer: Layer::Context(names), outer: None }
    }

    /// Returns a frame inside this one with one more name.
    pub(in super::super) fn with<'b>(&'b self, name: &'b str, value: &'b Value) -> Frame<'b> {
        Frame { layer: Layer::Name(name, value), outer: Some(self) }
    }

    pub(super) fn with_names<'b>(&'b self, names: &'b [(Arc<str>, Value)]) -> Frame<'b> {
        Frame { layer: Layer::Names(names), outer: Some(self) }
    }

    pub(super) fn with_context<'b>(&'b self, context: &'b Context) -> Frame<'b> {
        Frame { layer: Layer::Context(context), outer: Some(self) }
    }

    pub(super) fn with_item<'b>(&'b self, item: &'b Value) -> Frame<'b> {
        Frame { layer: Layer::Item(item), outer: Some(self) }
    }

    /// Returns the names in scope, innermost first.
    pub(super) fn names(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        let mut frame = Some(self);
        while let Some(it) = frame {
            match &it.layer {
                Layer::Scope(scope) => names.extend(scope.names()),
                Layer::Name(name, _) => names.push(Arc::from(*name)),
                Layer::Names(those) => names.extend(those.iter().map(|(name, _)| name.clone())),
                Layer::Context(context) => {
                    names.extend(context.iter().take(NAMES_MAX).map(|(name, _)| name.clone()));
                }
                Layer::Item(item) => {
                    let entries = item.as_context().into_iter().flat_map(Context::iter);
                    names.extend(entries.take(NAMES_MAX).map(|(name, _)| name.clone()));
                }
            }
            frame = it.outer;
        }
        names
    }

    /// Returns the value of a name, from the innermost frame that has it.
    pub(super) fn lookup(&'a self, name: &str) -> Option<Cow<'a, Value>> {
        let mut frame = self;
        loop {
            let found = match &frame.layer {
                Layer::Scope(scope) => return scope.lookup(name),
                Layer::Name(it, value) => (*it == name).then_some(*value),
                Layer::Names(names) => {
                    names.iter().find(|(it, _)| **it == *name).map(|(_, value)| value)
                }
                Layer::Context(context) => context.get(name),
                Layer::Item(item) => {
                    let entry = item.as_context().and_then(|context| context.get(name));
                    entry.or((name == "item").then_some(*item))
                }
            };
            if let Some(value) = found {
                return Some(Cow::Borrowed(value));
            }
            frame = frame.outer?;
        }
    }
}
