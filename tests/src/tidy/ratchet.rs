//! The list of what keeps no budget: it may only shrink.

use std::collections::BTreeMap;

/// What is too long today, with its lines: `path 450` or `path::function 80`.
#[derive(Default)]
pub struct Ratchet {
    lines: BTreeMap<String, usize>,
}

impl Ratchet {
    /// Reads the list; `#` begins a note.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        let pair = |line: &str| {
            let (name, lines) = line.rsplit_once(' ')?;
            Some((name.trim().to_owned(), lines.parse().ok()?))
        };
        Self { lines: lines.filter_map(pair).collect() }
    }

    /// Lists the names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lines.keys().map(String::as_str)
    }

    /// Returns how many lines a name may have.
    pub fn lines_of(&self, name: &str) -> Option<usize> {
        self.lines.get(name).copied()
    }
}

/// Compares the list with the one before it and returns what grew.
///
/// A first list may be filled: nothing stood in the one before.
pub fn shrinks(before: &Ratchet, after: &Ratchet) -> Vec<String> {
    if before.lines.is_empty() {
        return Vec::new();
    }
    let grew = |(name, lines): (&String, &usize)| match before.lines.get(name) {
        None => Some(format!("expected no new line, found `{name} {lines}`")),
        Some(old) if old < lines => {
            Some(format!("expected at most {old} for `{name}`, found {lines}"))
        }
        Some(_) => None,
    };
    after.lines.iter().filter_map(grew).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_found() {
        let before = Ratchet::read("a.rs 450 # why\nb.rs 500\n");
        assert_eq!(shrinks(&before, &Ratchet::read("a.rs 449\n")), [""; 0]);
        assert_eq!(shrinks(&before, &Ratchet::read("a.rs 451\n")).len(), 1);
        assert_eq!(shrinks(&before, &Ratchet::read("c.rs 401\n")).len(), 1);
        assert_eq!(shrinks(&Ratchet::default(), &before), [""; 0]);
    }
}
