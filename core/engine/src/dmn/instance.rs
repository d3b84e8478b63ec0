//! What `instance of` says about item definitions: their shapes count, their allowed values do not.

use alloc::sync::Arc;
use core::fmt;

use super::graph::Graph;
use super::types::{ALIASES_MAX, Shape, Type, is_built_in};
use crate::feel::{Types, Value};

/// The item definitions that the expressions of a file can name.
pub(super) struct ItemTypes {
    pub(super) graph: Arc<Graph>,
    pub(super) file: u32,
}

/// The graph is left out: nobody reads all of a model, and a browser would have to load the code for it.
impl fmt::Debug for ItemTypes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ItemTypes of file {}", self.file)
    }
}

impl Types for ItemTypes {
    fn is_instance(&self, name: &str, value: &Value) -> Option<bool> {
        let place = self.graph.type_names.get(self.file as usize)?.get(name)?;
        Some(
            !value.is_null() && is_instance(&self.graph, value, Type::Defined(*place), ALIASES_MAX),
        )
    }
}

/// Tells whether a value has a type, whatever its allowed values.
pub(super) fn is_instance(graph: &Graph, value: &Value, wanted: Type, aliases: u32) -> bool {
    let Type::Defined(place) = wanted else { return is_built_in(value, wanted) };
    let (Some(definition), Some(aliases)) =
        (graph.types.get(place as usize), aliases.checked_sub(1))
    else {
        return false;
    };
    let is_item = |value: &Value| match (&definition.shape, value) {
        (_, Value::Null) => true,
        (Shape::Alias(wanted), value) => is_instance(graph, value, *wanted, aliases),
        (Shape::Components(components), Value::Context(context)) => {
            components.iter().all(|component| {
                let name = graph.types.get(*component as usize).map(|it| &it.name);
                let part = name.and_then(|it| context.get(it));
                let wanted = Type::Defined(*component);
                part.is_some_and(|part| {
                    part.is_null() || is_instance(graph, part, wanted, ALIASES_MAX)
                })
            })
        }
        (Shape::Function(parameters, _), Value::Function(function)) => {
            function.arity() == parameters.len()
        }
        (Shape::Components(_) | Shape::Function(..), _) => false,
    };
    match (definition.is_list, value) {
        (true, Value::List(items)) => items.iter().all(is_item),
        (true, _) => false,
        (false, value) => is_item(value),
    }
}
