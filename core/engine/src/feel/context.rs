//! Named values.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::value::{Measure, Value};

/// A map from names to values that keeps the order of insertion.
///
/// Two contexts are equal when they have the same entries, in whatever order.
#[derive(Clone, Default)]
pub struct Context {
    entries: Vec<(Arc<str>, Value)>,
    // places in `entries`; kept from the first entry that makes a search slow
    index: Option<BTreeMap<Arc<str>, u32>>,
    measure: Measure,
}

impl Context {
    /// Returns a context without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a context without entries that has room for so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self { entries: Vec::with_capacity(count), ..Self::default() }
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).and_then(|place| self.entries.get(place)).map(|(_, value)| value)
    }

    /// Tells whether there is an entry of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Adds an entry at the end or gives an existing one another value; returns the old value.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        let (depth, weight, length) = (value.depth(), value.weight(), name.len());
        let old = self.put(name, value);
        match &old {
            None => {
                self.measure.add_name(length);
                self.measure.add_parts(depth, weight);
            }
            Some(old) if !self.measure.replace(old, depth, weight) => {
                self.measure = measure(&self.entries);
            }
            Some(_) => {}
        }
        old
    }

    /// Removes an entry, the others keeping their order; returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name)?;
        let (_, value) = self.entries.remove(place);
        self.measure = measure(&self.entries);
        self.index = (self.entries.len() > SEARCHED_MAX).then(|| index(&self.entries));
        Some(value)
    }

    /// Returns the entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + Clone {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn measure(&self) -> Measure {
        self.measure
    }

    /// Inserts without measuring.
    fn put(&mut self, name: Arc<str>, value: Value) -> Option<Value> {
        if let Some((_, entry)) = self.place(&name).and_then(|place| self.entries.get_mut(place)) {
            return Some(core::mem::replace(entry, value));
        }
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), self.entries.len() as u32);
        }
        self.entries.push((name, value));
        if self.index.is_none() && self.entries.len() > SEARCHED_MAX {
            self.index = Some(index(&self.entries));
        }
        None
    }

    fn place(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).map(|place| *place as usize),
            None => self.entries.iter().position(|(it, _)| **it == *name),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        self.measure == other.measure
            && self.len() == other.len()
            && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<N: Into<Arc<str>>, V: Into<Value>> FromIterator<(N, V)> for Context {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut context = Self::new();
        context.extend(entries);
        context
    }
}

impl<N: Into<Arc<str>>, V: Into<Value>> Extend<(N, V)> for Context {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.put(name.into(), value.into());
        }
        self.measure = measure(&self.entries);
    }
}

impl<'a> IntoIterator for &'a Context {
    type Item = (&'a Arc<str>, &'a Value);
    type IntoIter = alloc::boxed::Box<dyn ExactSizeIterator<Item = Self::Item> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        alloc::boxed::Box::new(self.iter())
    }
}

fn measure(entries: &[(Arc<str>, Value)]) -> Measure {
    let mut measure = Measure::default();
    for (name, value) in entries {
        measure.add_name(name.len());
        measure.add(value);
    }
    measure
}

fn index(entries: &[(Arc<str>, Value)]) -> BTreeMap<Arc<str>, u32> {
    // One by one, here and elsewhere: `collect` sorts first, and brings a sort for each type of key into the Wasm.
    let mut places = BTreeMap::new();
    places.extend((0u32..).zip(entries).map(|(place, (name, _))| (name.clone(), place)));
    places
}

const SEARCHED_MAX: usize = 12;
