//! Sets of characters.

use alloc::boxed::Box;
use alloc::vec::Vec;

/// A set of characters.
#[derive(Clone, Debug)]
pub(super) enum Set {
    /// Code points from one to another, in order.
    Ranges(Vec<(u32, u32)>),
    /// The same without regard to case.
    Folded(Vec<(u32, u32)>),
    Not(Box<Set>),
    AnyOf(Vec<Set>),
    /// The first without the second.
    Without(Box<(Set, Set)>),
}

impl Set {
    pub(super) fn of(ranges: &[(char, char)]) -> Self {
        Self::Ranges(ranges.iter().map(|(first, last)| (*first as u32, *last as u32)).collect())
    }

    pub(super) fn inverted(self) -> Self {
        Self::Not(Box::new(self))
    }

    // Recursion ends: sets nest as deep as the brackets of the pattern, which are limited.
    pub(super) fn contains(&self, it: char) -> bool {
        match self {
            Self::Ranges(ranges) => has(ranges, it),
            Self::Folded(ranges) => variants(it).into_iter().any(|it| has(ranges, it)),
            Self::Not(set) => !set.contains(it),
            Self::AnyOf(sets) => sets.iter().any(|set| set.contains(it)),
            Self::Without(pair) => pair.0.contains(it) && !pair.1.contains(it),
        }
    }
}

/// Tells whether two characters are the same but for their case.
pub(super) fn is_same_letter(left: char, right: char) -> bool {
    left == right || {
        let (left, right) = (variants(left), variants(right));
        left.iter().any(|it| right.contains(it))
    }
}

fn has(ranges: &[(u32, u32)], it: char) -> bool {
    let it = it as u32;
    let place = ranges.partition_point(|(_, last)| *last < it);
    ranges.get(place).is_some_and(|(first, _)| *first <= it)
}

/// Returns the character and its variants in case, as far as they are one character.
#[expect(
    clippy::disallowed_methods,
    reason = "the flag i asks for the case of Unicode; where a new compiler has new letters, golden logs tell"
)]
fn variants(it: char) -> [char; 4] {
    if it.is_ascii() {
        let (lower, upper) = (it.to_ascii_lowercase(), it.to_ascii_uppercase());
        return [it, lower, upper, it];
    }
    let lower = |it: char| match it.to_lowercase().len() {
        1 => it.to_lowercase().next().unwrap_or(it),
        _ => it,
    };
    let upper = |it: char| match it.to_uppercase().len() {
        1 => it.to_uppercase().next().unwrap_or(it),
        _ => it,
    };
    [it, lower(it), upper(it), lower(upper(it))]
}
