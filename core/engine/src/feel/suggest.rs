//! What was meant by a name that does not exist.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::env::NAMES_MAX;

/// Returns `; did you mean 'amount'?` when one of the names is close to the wanted one, else nothing.
pub(super) fn suggestion<N: AsRef<str>>(wanted: &str, names: impl Iterator<Item = N>) -> String {
    let longest = wanted.chars().take(LENGTH_MAX + 1).count();
    if longest > LENGTH_MAX {
        return String::new();
    }
    let limit = (longest / 3).min(3);
    let mut best: Option<(usize, N)> = None;
    for name in names.take(NAMES_MAX) {
        let distance = match name.as_ref().eq_ignore_ascii_case(wanted) {
            true => 1,
            false => distance(wanted, name.as_ref()),
        };
        let is_near = distance == 1 && longest > 1 || distance <= limit;
        if is_near && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| format!("; did you mean '{}'?", name.as_ref())).unwrap_or_default()
}

/// Returns how many characters have to be put in, left out, replaced or swapped with their neighbour.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(LENGTH_MAX).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (line, it) in (1..).zip(left.chars()) {
        let mut next = alloc::vec![line];
        for (column, other) in right.iter().enumerate() {
            let at =
                |cells: &[usize], place: usize| cells.get(place).copied().unwrap_or(usize::MAX);
            let kept = at(&row, column).saturating_add(usize::from(it != *other));
            let put = at(&row, column + 1).min(at(&next, column)).saturating_add(1);
            let previous = column.checked_sub(1);
            let is_swapped =
                last == Some(*other) && previous.and_then(|place| right.get(place)) == Some(&it);
            let swapped = previous
                .filter(|_| is_swapped)
                .map_or(usize::MAX, |place| at(&before, place).saturating_add(1));
            next.push(kept.min(put).min(swapped));
        }
        last = Some(it);
        before = core::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(usize::MAX)
}

const LENGTH_MAX: usize = 48;
