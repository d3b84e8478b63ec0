//! The search that follows all alternatives at once, the better ones first.

use alloc::vec::Vec;

use super::super::error::EvaluationError;
use super::program::Step;
use super::set::is_same_letter;
use super::{Pattern, Pay, Slots};

/// The alternatives that are alive at a place, better ones first, with what they remember.
struct Alive {
    places: Vec<u32>,
    slots: Vec<Option<usize>>,
    /// In which round each step was last added.
    rounds: Vec<usize>,
}

/// What is left to follow at a place.
enum Task {
    Follow(u32),
    Restore(usize, Option<usize>),
}

/// Where the search is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) before: Option<char>,
    pub(super) next: Option<char>,
}

pub(super) fn find(
    pattern: &Pattern,
    text: &str,
    start: usize,
    slots: usize,
    pay: Pay<'_>,
) -> Result<Option<Slots>, EvaluationError> {
    let mut place = Place::new(text, start);
    let (mut now, mut later) = (Alive::new(pattern), Alive::new(pattern));
    let mut found: Option<Slots> = None;
    for round in 1.. {
        if found.is_none() {
            let mut empty = alloc::vec![None; slots];
            now.add(pattern, 0, place, &mut empty, round);
        }
        if now.places.is_empty() && found.is_some() {
            break;
        }
        pay((now.places.len() * (1 + slots / 8)) as u64 / THREADS_FUEL + 1)?;
        later.clear();
        let following = place.following(text);
        for (thread, step) in now.places.iter().enumerate() {
            let held = now.slots.get(thread * slots..).and_then(|it| it.get(..slots));
            let held = held.unwrap_or_default();
            match pattern.steps.get(*step as usize) {
                Some(Step::Match) => {
                    found = Some(held.to_vec());
                    // what follows is worse
                    break;
                }
                Some(step_here) if pattern.reads(*step_here, place.next) => {
                    let mut held = held.to_vec();
                    later.add(pattern, step + 1, following, &mut held, round + 1);
                }
                _ => {}
            }
        }
        core::mem::swap(&mut now, &mut later);
        if place.next.is_none() {
            break;
        }
        place = following;
    }
    Ok(found)
}

impl Alive {
    fn new(pattern: &Pattern) -> Self {
        let rounds = alloc::vec![0; pattern.steps.len()];
        Self { places: Vec::new(), slots: Vec::new(), rounds }
    }

    fn clear(&mut self) {
        self.places.clear();
        self.slots.clear();
    }

    /// Adds a step and all that can be reached from it without reading.
    fn add(
        &mut self,
        pattern: &Pattern,
        step: u32,
        place: Place,
        slots: &mut [Option<usize>],
        round: usize,
    ) {
        let mut tasks = alloc::vec![Task::Follow(step)];
        while let Some(task) = tasks.pop() {
            let step = match task {
                Task::Follow(step) => step,
                Task::Restore(slot, old) => {
                    put(slots, slot, old);
                    continue;
                }
            };
            match self.rounds.get_mut(step as usize) {
                Some(last) if *last != round => *last = round,
                _ => continue,
            }
            match pattern.steps.get(step as usize) {
                Some(Step::Jump(target)) => tasks.push(Task::Follow(*target)),
                Some(Step::Split(first, second)) => {
                    tasks.push(Task::Follow(*second));
                    tasks.push(Task::Follow(*first));
                }
                Some(Step::Save(slot)) => {
                    let slot = *slot as usize;
                    if let Some(old) = slots.get(slot) {
                        tasks.push(Task::Restore(slot, *old));
                        put(slots, slot, Some(place.at));
                    }
                    tasks.push(Task::Follow(step + 1));
                }
                Some(it @ (Step::Start | Step::End | Step::Boundary(_)))
                    if pattern.holds(*it, place) =>
                {
                    tasks.push(Task::Follow(step + 1));
                }
                Some(Step::Start | Step::End | Step::Boundary(_)) => {}
                Some(_) => {
                    self.places.push(step);
                    self.slots.extend_from_slice(slots);
                }
                None => {}
            }
        }
    }
}

impl Place {
    pub(super) fn new(text: &str, at: usize) -> Self {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        Self { at, before, next: text.get(at..).and_then(|it| it.chars().next()) }
    }

    /// Returns the place behind the next character.
    pub(super) fn following(self, text: &str) -> Self {
        let at = self.at + self.next.map_or(0, char::len_utf8);
        Self { at, before: self.next, next: text.get(at..).and_then(|it| it.chars().next()) }
    }
}

impl Pattern {
    /// Tells whether a step reads the character.
    pub(super) fn reads(&self, step: Step, next: Option<char>) -> bool {
        let Some(it) = next else { return false };
        match step {
            Step::Char(wanted) if self.is_insensitive => is_same_letter(wanted, it),
            Step::Char(wanted) => wanted == it,
            Step::Set(place) => self.sets.get(place as usize).is_some_and(|set| set.contains(it)),
            Step::Any => true,
            Step::AnyOfLine => !matches!(it, '\n' | '\r'),
            Step::Split(..)
            | Step::Jump(_)
            | Step::Save(_)
            | Step::Start
            | Step::End
            | Step::Boundary(_)
            | Step::Reference(_)
            | Step::Match => false,
        }
    }

    /// Tells whether a step that reads nothing holds at a place.
    pub(super) fn holds(&self, step: Step, place: Place) -> bool {
        match step {
            Step::Start => match place.before {
                None => true,
                // a newline at the very end starts no line
                Some(before) => self.is_multiline && before == '\n' && place.next.is_some(),
            },
            Step::End => match place.next {
                None => true,
                Some(next) => self.is_multiline && next == '\n',
            },
            Step::Boundary(is_there) => {
                let is_word =
                    |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
                (is_word(place.before) != is_word(place.next)) == is_there
            }
            _ => true,
        }
    }
}

fn put(slots: &mut [Option<usize>], slot: usize, value: Option<usize>) {
    if let Some(it) = slots.get_mut(slot) {
        *it = value;
    }
}

/// How many alternatives one unit of fuel follows.
const THREADS_FUEL: u64 = 4;
