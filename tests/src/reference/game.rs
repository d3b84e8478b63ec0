//! The rules for what happens from outside. What follows by itself stands in `flow`.

use std::collections::{BTreeMap, BTreeSet};

use dacapo_engine::bpmn::{BoundaryTrigger, Element, ElementKind, ExecutableProcess};

use super::flow::is_ending;
use super::places::{assign, at, at_mut, paths, remove};
use super::world::{Job, Message, Place, Wait, World};

/// The rules for one process.
#[derive(Clone, Copy, Debug)]
pub struct Game<'a> {
    pub(super) model: &'a ExecutableProcess,
}

/// Something that happens from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// An instance is created with these variables.
    Create(BTreeMap<String, i64>),
    /// An instance is cancelled.
    Cancel(usize),
    /// A message is published, to live so many milliseconds.
    Publish(String, String, i64),
    /// A message is given to one who waits for it.
    Deliver(usize),
    /// A message is over.
    Expire(usize),
    /// Something is done at an element, or at an event, of an instance. Which one of several with the same id is open.
    At(usize, String, Act),
}

/// Something that is done at an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Its job is completed with these variables.
    Complete(BTreeMap<String, i64>),
    /// Its job fails for good.
    Fail,
    /// The worker throws an error.
    Throw(String),
    /// Its job gets retries.
    GiveRetries,
    /// Its incident is resolved.
    Resolve,
    /// Its variables are set, those of itself only or those that are seen from it.
    Set(BTreeMap<String, i64>, bool),
    /// The time of the event has come.
    Fire,
}

impl<'a> Game<'a> {
    /// Makes the rules for a process.
    pub fn new(model: &'a ExecutableProcess) -> Self {
        Self { model }
    }

    /// Returns whether how much was done is certain: not where an end, or a message that is there already, may come
    /// before, amid or after what it ends.
    pub fn has_history(&self) -> bool {
        let interrupts = |it: &Element| {
            let host = it.attached_to.and_then(|host| self.model.element(host));
            let has_inside = host.is_some_and(|host| host.kind.scope().is_some());
            let is_message = matches!(
                it.kind,
                ElementKind::BoundaryEvent {
                    interrupting: true,
                    trigger: BoundaryTrigger::Message(_)
                }
            );
            has_inside && is_message
        };
        !self.model.elements().iter().any(|it| is_ending(it) || interrupts(it))
    }

    /// Returns every world that a choice at a time may lead to; none if nobody can choose that.
    pub fn after(&self, world: &World, choice: &Choice, now: i64) -> BTreeSet<World> {
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let chosen = self.chosen(world, choice, now);
        let mut open: Vec<_> = chosen.into_iter().map(World::sorted).collect();
        while let Some(world) = open.pop() {
            if !seen.insert(world.clone()) {
                continue;
            }
            assert!(seen.len() < WORLDS_MAX, "more than {WORLDS_MAX} ways to come to rest");
            let steps = self.steps(&world, now);
            if steps.is_empty() {
                found.insert(world);
            } else if let Some(step) = steps.iter().find(|it| self.is_certain(&world, it)) {
                open.push(self.went_on(&world, step, now));
            } else {
                open.extend(steps.iter().map(|step| self.went_on(&world, step, now)));
            }
        }
        found
    }

    /// Makes the choice, and nothing that follows from it.
    fn chosen(&self, world: &World, choice: &Choice, now: i64) -> Vec<World> {
        let mut new = world.clone();
        match choice {
            Choice::Create(variables) => {
                let mut root = Place::new(self.model.process_id());
                let scope = self.model.scope(self.model.root()).expect("a process is a scope");
                let start = self.model.element(scope.none_start.expect("a start")).expect("it");
                root.moving.push((start.id.to_string(), None));
                root.variables.clone_from(variables);
                self.count(&mut new, self.model.process_id(), true);
                new.instances.insert(world.counts.0, root);
                new.counts.0 += 1;
            }
            Choice::Cancel(instance) => {
                if new.instances.remove(instance).is_none() {
                    return Vec::new();
                }
            }
            Choice::Publish(name, key, time_ms) => self.publish(&mut new, name, key, now, *time_ms),
            Choice::Deliver(message) => return self.deliver(world, *message, now),
            Choice::Expire(message) => {
                if new.messages.remove(message).is_none_or(|it| it.deadline > now) {
                    return Vec::new();
                }
            }
            Choice::At(instance, element, act) => {
                let places = paths(world).into_iter().filter(|path| path[0] == *instance);
                return places
                    .flat_map(|path| self.acted(world, &path, element, act, now))
                    .collect();
            }
        }
        vec![new]
    }

    fn acted(&self, world: &World, path: &[usize], id: &str, act: &Act, now: i64) -> Vec<World> {
        let place = at(world, path);
        let is_here = place.element == id;
        let mut found = Vec::new();
        for (index, wait) in place.waits.iter().enumerate() {
            let mut new = world.clone();
            let waits = &mut at_mut(&mut new, path).waits;
            match (wait, act) {
                (Wait::Timer { event, due }, Act::Fire) if event == id && *due <= now => {
                    waits.remove(index);
                    self.happened(&mut new, path, id);
                }
                (Wait::Job(Job::Open), Act::Complete(variables)) if is_here => {
                    for (name, value) in variables {
                        assign(&mut new, path, name, *value);
                    }
                    self.happened(&mut new, path, id);
                }
                (Wait::Job(Job::Open), Act::Fail) if is_here => {
                    waits[index] = Wait::Job(Job::Failed { has_retries: false });
                }
                (Wait::Job(Job::Open), Act::Throw(code)) if is_here => {
                    waits[index] = Wait::Job(Job::Thrown(code.clone()));
                    self.thrown(&mut new, path, code);
                }
                (Wait::Job(Job::Failed { .. }), Act::GiveRetries) if is_here => {
                    waits[index] = Wait::Job(Job::Failed { has_retries: true });
                }
                (Wait::Job(Job::Open | Job::Thrown(_)), Act::GiveRetries) if is_here => {}
                (Wait::Job(Job::Failed { has_retries: true }), Act::Resolve) if is_here => {
                    waits[index] = Wait::Job(Job::Open);
                }
                (Wait::Job(Job::Thrown(_)) | Wait::Uncaught, Act::Resolve) if is_here => {}
                _ => continue,
            }
            found.push(new);
        }
        if let (Act::Set(variables, is_local), true) = (act, is_here) {
            let mut new = world.clone();
            for (name, value) in variables {
                match is_local {
                    true => drop(at_mut(&mut new, path).variables.insert(name.clone(), *value)),
                    false => assign(&mut new, path, name, *value),
                }
            }
            found.push(new);
        }
        found
    }

    fn publish(&self, world: &mut World, name: &str, key: &str, now: i64, time_ms: i64) {
        let is_pending =
            paths(world).iter().any(|path| !waiting(world, path, name, key).is_empty());
        let (number, is_kept) = (world.counts.1, time_ms > 0);
        world.counts.1 += 1;
        let (name, key) = (name.into(), key.into());
        let message =
            Message { name, key, deadline: now + time_ms, is_pending, is_taken: false, is_kept };
        if is_pending || is_kept {
            world.messages.insert(number, message);
        }
    }

    /// Gives a message to any one who waits for it; one that is not kept only to who waited when it came.
    fn deliver(&self, world: &World, number: usize, now: i64) -> Vec<World> {
        let Some(message) = world.messages.get(&number).filter(|it| it.is_pending) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for path in paths(world) {
            for index in waiting(world, &path, &message.name, &message.key) {
                let Wait::Message { since, .. } = &at(world, &path).waits[index] else { continue };
                if message.is_kept || *since <= number {
                    found.push(self.taken(world, &path, index, number));
                }
            }
        }
        if found.is_empty() {
            found.push(world.clone());
        }
        for world in &mut found {
            let message = world.messages.get_mut(&number).expect("it was there");
            message.is_pending = false;
            if message.deadline <= now {
                world.messages.remove(&number);
            }
        }
        found
    }

    pub(super) fn taken(
        &self,
        world: &World,
        path: &[usize],
        index: usize,
        number: usize,
    ) -> World {
        let mut new = world.clone();
        new.messages.get_mut(&number).expect("it was there").is_taken = true;
        let Wait::Message { event, .. } = at(world, path).waits[index].clone() else {
            unreachable!("only waits for messages take one")
        };
        self.happened(&mut new, path, &event);
        new
    }

    /// Lets the event happen that a place waits for: at its boundary, behind it, or itself.
    fn happened(&self, world: &mut World, path: &[usize], event: &str) {
        let element = self.element(event);
        let host = element.attached_to.and_then(|it| self.model.element(it));
        if host.is_some_and(|host| *host.id == *at(world, path).element) {
            let scope = match element.kind {
                ElementKind::BoundaryEvent { interrupting: false, .. } => &path[..path.len() - 1],
                _ => remove(world, path).expect("a scope"),
            };
            at_mut(world, scope).moving.push((event.into(), None));
            return;
        }
        let here = at(world, path).element.clone();
        let scope = remove(world, path).expect("a scope");
        if here != event {
            self.count(world, &here, false);
            self.count(world, event, true);
        }
        self.leave_by_all(world, scope, element);
    }

    /// Lets an error go outwards until somebody catches it: first of all by its code, else whatever it is.
    pub(super) fn thrown(&self, world: &mut World, from: &[usize], code: &str) -> bool {
        for length in (2..=from.len()).rev() {
            let path = &from[..length];
            let events = &self.element(&at(world, path).element).boundary;
            let events = events.iter().filter_map(|it| self.model.element(*it));
            let caught = events.filter_map(|it| Some((catches(it, code)?, it.id.to_string())));
            if let Some((_, event)) = caught.min() {
                let scope = remove(world, path).expect("a scope");
                at_mut(world, scope).moving.push((event, None));
                return true;
            }
        }
        false
    }

    pub(super) fn count(&self, world: &mut World, element: &str, is_entered: bool) {
        if self.has_history() {
            let counts = world.history.entry(element.into()).or_default();
            *(if is_entered { &mut counts.0 } else { &mut counts.1 }) += 1;
        }
    }

    pub(super) fn element(&self, id: &str) -> &'a Element {
        self.model.find(id).expect("an element of the model").1
    }
}

/// Lists the waits of a place that a message is for.
pub(super) fn waiting(world: &World, path: &[usize], wanted: &str, wanted_key: &str) -> Vec<usize> {
    let is_for = |it: &Wait| match it {
        Wait::Message { name, key, .. } => name == wanted && key == wanted_key,
        Wait::Job(_) | Wait::Timer { .. } | Wait::Uncaught => false,
    };
    let waits = at(world, path).waits.iter().enumerate();
    waits.filter(|(_, it)| is_for(it)).map(|(index, _)| index).collect()
}

/// Returns how well an event catches an error: 0 for its very code, 1 for any.
fn catches(event: &Element, code: &str) -> Option<u8> {
    let ElementKind::BoundaryEvent { trigger: BoundaryTrigger::Error(error), .. } = &event.kind
    else {
        return None;
    };
    match &error.code {
        Some(it) => (**it == *code).then_some(0),
        None => Some(1),
    }
}

/// More than any process of the tests has.
const WORLDS_MAX: usize = 20_000;
