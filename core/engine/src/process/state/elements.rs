//! Active element instances: the tree of scopes and what is active inside.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{State, named, owned};
use crate::kernel::{Sink, Symbol, Visit, visit_fields};
use crate::process::ElementType;
use crate::record::Key;

/// Where an element instance stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ElementState {
    /// It has been entered and is not yet at work.
    Activating,
    /// It is at work or waits.
    Active,
    /// It waits until all inside has ended.
    Terminating,
}

/// An active element instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElementRow {
    /// The element.
    pub element: Symbol,
    /// What kind of element.
    pub element_type: ElementType,
    /// Where it stands.
    pub state: ElementState,
    /// The scope that it is active in; none only for a process instance.
    pub scope: Option<Key>,
    /// The process instance.
    pub instance: Key,
    /// How many scopes are around it.
    pub depth: u32,
    /// How many element instances are active directly inside.
    pub children: u32,
    /// How many tokens are under way directly inside, between two elements.
    pub tokens: u32,
    /// Whether it began with an event, whose variables are its local ones.
    pub is_triggered: bool,
    /// Whether everything inside ends and nothing new begins.
    pub is_interrupted: bool,
    /// The boundary event that goes on when this has ended.
    pub interrupted_by: Option<Key>,
}
visit_fields!(ElementRow, "element" {
    element, element_type, state, scope, instance, depth, children, tokens, is_triggered, is_interrupted,
    interrupted_by
});

impl ElementRow {
    /// Makes the outermost scope of a process instance, which is at work at once.
    pub(crate) const fn process(key: Key, process_id: Symbol) -> Self {
        Self {
            element: process_id,
            element_type: ElementType::Process,
            state: ElementState::Active,
            scope: None,
            instance: key,
            depth: 0,
            children: 0,
            tokens: 0,
            is_triggered: false,
            is_interrupted: false,
            interrupted_by: None,
        }
    }

    /// Makes an element instance that was just entered.
    pub(crate) const fn new(
        element: Symbol,
        element_type: ElementType,
        scope: Key,
        instance: Key,
        depth: u32,
        is_triggered: bool,
    ) -> Self {
        Self {
            element,
            element_type,
            state: ElementState::Activating,
            scope: Some(scope),
            instance,
            depth,
            children: 0,
            tokens: 0,
            is_triggered,
            is_interrupted: false,
            interrupted_by: None,
        }
    }
}

impl Visit for ElementState {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.text(match self {
            Self::Activating => "activating",
            Self::Active => "active",
            Self::Terminating => "terminating",
        });
    }
}

impl State {
    /// Returns the element instances directly inside a scope, after one of them, at most `count`.
    #[inline]
    pub(crate) fn children_after(&self, scope: Key, after: Key, count: usize) -> Vec<Key> {
        let range = (scope, Key(after.0.saturating_add(1)))..=(scope, Key(u64::MAX));
        self.children.range(range).take(count).map(|((_, key), ())| *key).collect()
    }

    /// Removes an element instance with its variables and the tokens that wait inside.
    #[inline]
    pub(crate) fn remove_element(&mut self, key: Key) -> Option<ElementRow> {
        let row = self.elements.remove(&key)?;
        if let Some(scope) = row.scope {
            self.children.remove(&(scope, key));
            self.elements.update(&scope, |it| it.children = it.children.saturating_sub(1));
        }
        self.clear_tokens(key);
        let names: Vec<_> = self.variables.range(named(key)).map(|(name, _)| *name).collect();
        for name in &names {
            self.variables.remove(name);
        }
        Some(row)
    }

    /// Forgets the tokens that wait inside a scope.
    #[inline]
    pub(crate) fn clear_tokens(&mut self, scope: Key) {
        let range = (scope, Symbol(0), Symbol(0))..=(scope, Symbol(u32::MAX), Symbol(u32::MAX));
        let waiting: Vec<_> = self.taken_flows.range(range).map(|(key, _)| *key).collect();
        for key in &waiting {
            self.taken_flows.remove(key);
        }
    }

    /// Returns the flows into a joining element that have a token waiting, with their numbers.
    #[inline]
    pub(crate) fn tokens_before(&self, scope: Key, element: Symbol) -> Vec<(Symbol, u32)> {
        let range = (scope, element, Symbol(0))..=(scope, element, Symbol(u32::MAX));
        self.taken_flows.range(range).map(|((_, _, flow), count)| (*flow, *count)).collect()
    }

    /// Takes one token of each flow that waits before a joining element.
    #[inline]
    pub(crate) fn take_tokens_before(&mut self, scope: Key, element: Symbol) {
        for (flow, count) in self.tokens_before(scope, element) {
            let key = (scope, element, flow);
            if count > 1 {
                self.taken_flows.insert(key, count - 1);
            } else {
                self.taken_flows.remove(&key);
            }
        }
    }

    /// Returns whether an element instance has a wait of its own: a job, a timer, a message or an incident.
    #[inline]
    pub(crate) fn has_waits(&self, element: Key) -> bool {
        self.jobs_of.range(owned(element)).next().is_some()
            || self.timers_of.range(owned(element)).next().is_some()
            || self.subscriptions_of.range(owned(element)).next().is_some()
            || self.incidents_of.range(owned(element)).next().is_some()
    }
}
