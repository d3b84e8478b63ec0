//! What is known of the entities of a log: a row for each, in the order in which they were created, and every name once.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::record::{Key, Position};

/// The entities of a log. There are about as many as records: a row is small, and is found by halving.
#[derive(Clone, Debug, Default)]
pub(super) struct Entities {
    rows: Vec<Entity>,
    names: Vec<Arc<str>>,
    numbers: BTreeMap<Arc<str>, u32>,
}

/// What is known of an entity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entity {
    key: Key,
    /// The process instance that it belongs to.
    pub(super) instance: Option<Key>,
    /// The element that it stands at, or belongs to: the number of its name, and one more; 0 for none.
    element: u32,
    /// What people call it: the number of that name, and one more.
    noun: u32,
}

impl Entities {
    /// Adds the entity that the record at a position created. Records come in their order.
    pub(super) fn add(
        &mut self,
        key: Key,
        at: Position,
        instance: Option<Key>,
        element_id: Option<&Arc<str>>,
        noun: &str,
    ) {
        let is_new = self.rows.last().is_none_or(|it| it.key.parts().position < at);
        if key.parts().position == at && is_new {
            let element = element_id.map_or(0, |it| self.number(it));
            let noun = self.number(noun);
            self.rows.push(Entity { key, instance, element, noun });
        }
    }

    /// Finds an entity.
    pub(super) fn get(&self, key: Key) -> Option<&Entity> {
        let at = key.parts().position;
        let place = self.rows.partition_point(|it| it.key.parts().position < at);
        self.rows.get(place).filter(|it| it.key == key)
    }

    /// Returns the element that an entity stands at.
    pub(super) fn element_id(&self, key: Key) -> Option<&Arc<str>> {
        self.get(key).and_then(|it| self.name(it.element))
    }

    /// Returns what people call an entity.
    pub(super) fn noun(&self, key: Key) -> &str {
        self.get(key).and_then(|it| self.name(it.noun)).map_or("", |it| it)
    }

    /// Lists all that entities are called, and the elements where they stand.
    pub(super) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    fn name(&self, number: u32) -> Option<&Arc<str>> {
        self.names.get(number.checked_sub(1)? as usize)
    }

    /// Returns the number of a name, and one more.
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        let number = u32::try_from(self.names.len()).unwrap_or(0);
        self.numbers.insert(name, number);
        number
    }
}
