//! The search for patterns with back-references: one alternative after the other. It may take time that grows
//! with a power of the text's length, so every step is paid.

use super::super::error::EvaluationError;
use super::machine::Place;
use super::program::Step;
use super::set::is_same_letter;
use super::{Pattern, Pay, Slots};

/// Where to go on when an alternative failed.
enum Retreat {
    To { step: u32, place: Place },
    Restore(usize, Option<usize>),
}

pub(super) fn find(
    pattern: &Pattern,
    text: &str,
    start: usize,
    pay: Pay<'_>,
) -> Result<Option<Slots>, EvaluationError> {
    let mut place = Place::new(text, start);
    loop {
        if let Some(slots) = find_at(pattern, text, place, pay)? {
            return Ok(Some(slots));
        }
        if place.next.is_none() {
            return Ok(None);
        }
        place = place.following(text);
    }
}

fn find_at(
    pattern: &Pattern,
    text: &str,
    start: Place,
    pay: Pay<'_>,
) -> Result<Option<Slots>, EvaluationError> {
    let mut slots: Slots = alloc::vec![None; (pattern.groups as usize + 1) * 2];
    let mut retreats = alloc::vec![Retreat::To { step: 0, place: start }];
    while let Some(retreat) = retreats.pop() {
        let (mut step, mut place) = match retreat {
            Retreat::To { step, place } => (step, place),
            Retreat::Restore(slot, old) => {
                if let Some(it) = slots.get_mut(slot) {
                    *it = old;
                }
                continue;
            }
        };
        loop {
            pay(1)?;
            match pattern.steps.get(step as usize) {
                Some(Step::Match) => return Ok(Some(slots)),
                Some(Step::Jump(target)) => step = *target,
                Some(Step::Split(first, second)) => {
                    // each loop through a split without reading is one of many; fuel ends them
                    retreats.push(Retreat::To { step: *second, place });
                    step = *first;
                }
                Some(Step::Save(slot)) => {
                    if let Some(it) = slots.get_mut(*slot as usize) {
                        retreats.push(Retreat::Restore(*slot as usize, *it));
                        *it = Some(place.at);
                    }
                    step += 1;
                }
                Some(it @ (Step::Start | Step::End | Step::Boundary(_))) => {
                    if !pattern.holds(*it, place) {
                        break;
                    }
                    step += 1;
                }
                Some(Step::Reference(group)) => {
                    match repeated(pattern, text, &slots, *group, place) {
                        Some(behind) => (step, place) = (step + 1, behind),
                        None => break,
                    }
                }
                Some(it) if pattern.reads(*it, place.next) => {
                    (step, place) = (step + 1, place.following(text));
                }
                _ => break,
            }
        }
    }
    Ok(None)
}

/// Reads the text of a group again; a group that took no part has none.
fn repeated(
    pattern: &Pattern,
    text: &str,
    slots: &[Option<usize>],
    group: u32,
    place: Place,
) -> Option<Place> {
    let slot = |place: u32| slots.get(place as usize).copied().flatten();
    let (Some(start), Some(end)) = (slot(group * 2), slot(group * 2 + 1)) else {
        return Some(place);
    };
    let mut place = place;
    for wanted in text.get(start..end)?.chars() {
        let next = place.next?;
        let is_same = match pattern.is_insensitive {
            true => is_same_letter(wanted, next),
            false => wanted == next,
        };
        place = is_same.then(|| place.following(text))?;
    }
    Some(place)
}
