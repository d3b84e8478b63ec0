//! Names by their first words, so that an expression is read only with the names that it may use.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Names in the order of their coming; the last may be taken off.
#[derive(Debug, Default)]
pub(super) struct Names {
    order: Vec<Arc<str>>,
    by_word: BTreeMap<String, Vec<Arc<str>>>,
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn push(&mut self, name: Arc<str>) {
        self.by_word.entry(first_word(&name).to_string()).or_default().push(name.clone());
        self.order.push(name);
    }

    /// Takes names off until there are so many.
    pub(super) fn truncate(&mut self, length: usize) {
        while self.order.len() > length {
            let Some(name) = self.order.pop() else { return };
            if let Some(names) = self.by_word.get_mut(first_word(&name)) {
                names.pop();
            }
        }
    }

    /// Returns the names whose first word stands in a text.
    pub(super) fn within<'n>(&'n self, text: &str) -> Vec<&'n str> {
        let mut words: Vec<&str> = text.split(|it| !is_part(it)).collect();
        // names that begin with something else than a word
        words.push("");
        words.sort();
        words.dedup();
        let names = words.into_iter().filter_map(|word| self.by_word.get(word)).flatten();
        names.map(|name| &**name).collect()
    }
}

fn first_word(name: &str) -> &str {
    name.split(|it| !is_part(it)).next().unwrap_or_default()
}

fn is_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_may_be_meant_are_found() {
        let mut names = Names::default();
        for name in ["tax-free", "tax", "income", "\u{1F40E}", "tax"] {
            names.push(name.into());
        }
        assert_eq!(names.within("1 + tax-free"), ["\u{1F40E}", "tax-free", "tax", "tax"]);
        names.truncate(1);
        assert_eq!(names.within("income + tax"), ["tax-free"]);
        assert_eq!(names.len(), 1);
    }
}
