//! The values of elements so far.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::super::graph::ElementIndex;
use crate::feel::Value;

/// Values of elements: the first in a row, since most decisions need few, all others by their place.
#[derive(Default)]
pub(super) struct Values {
    few: Vec<(ElementIndex, Value)>,
    more: BTreeMap<ElementIndex, Value>,
}

impl Values {
    pub(super) fn is_empty(&self) -> bool {
        self.few.is_empty()
    }

    pub(super) fn contains(&self, index: ElementIndex) -> bool {
        self.get(index).is_some()
    }

    pub(super) fn get(&self, index: ElementIndex) -> Option<&Value> {
        let found = self.few.iter().find(|(it, _)| *it == index).map(|(_, value)| value);
        found.or_else(|| if self.more.is_empty() { None } else { self.more.get(&index) })
    }

    /// Gives an element a value, or another one.
    pub(super) fn insert(&mut self, index: ElementIndex, value: Value) {
        if let Some((_, old)) = self.few.iter_mut().find(|(it, _)| *it == index) {
            *old = value;
        } else if self.few.len() < FEW {
            self.few.push((index, value));
        } else {
            self.more.insert(index, value);
        }
    }
}

const FEW: usize = 16;
