//! `element.activating`: an element was entered.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::ElementType;
use crate::process::state::{ElementRow, State, is_false, is_zero};
use crate::record::Key;

/// An element was entered: its instance is there and not yet at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementActivating {
    /// The element.
    #[serde(rename = "e")]
    pub element_id: Arc<str>,
    /// What kind of element.
    #[serde(rename = "ty")]
    pub element_type: ElementType,
    /// The scope that it is active in.
    #[serde(rename = "sc")]
    pub scope_key: Key,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
    /// How many tokens of its scope it takes.
    #[serde(rename = "tk", default, skip_serializing_if = "is_zero")]
    pub tokens: u32,
    /// Whether an event began it, whose variables become its local ones.
    #[serde(rename = "ig", default, skip_serializing_if = "is_false")]
    pub is_triggered: bool,
    /// The activity that a boundary event interrupts.
    #[serde(rename = "ip", default, skip_serializing_if = "Option::is_none")]
    pub interrupted_key: Option<Key>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &ElementActivating) -> Result<(), Corrupt> {
    let (key, scope, instance) = (state.at.key, it.scope_key, it.process_instance_key);
    let element = state.symbols.intern(&it.element_id);
    let Some(parent) = state.tables.elements.get(&scope) else {
        return Err(missing(state, "the scope of element instance"));
    };
    let depth = parent.depth.saturating_add(1);
    let row = ElementRow::new(element, it.element_type, scope, instance, depth, it.is_triggered);
    let tables = &mut state.tables;
    if it.tokens > 0 {
        tables.take_tokens_before(scope, element);
    }
    tables.elements.update(&scope, |parent| {
        parent.children = parent.children.saturating_add(1);
        parent.tokens = parent.tokens.saturating_sub(it.tokens);
    });
    if let Some(host) = it.interrupted_key {
        tables.elements.update(&host, |host| host.interrupted_by = Some(key));
    }
    tables.instances.update(&instance, |it| it.elements = it.elements.saturating_add(1));
    tables.children.insert((scope, key), ());
    tables.elements.insert(key, row);
    Ok(())
}
