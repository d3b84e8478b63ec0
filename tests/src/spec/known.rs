//! Finds the keys of what a line names.

use dacapo_engine::kernel::Symbol;
use dacapo_engine::record::Key;

use super::world::World;

/// Finds a process instance by its number, counted from 1; the newest without one.
pub fn instance(world: &World, number: &str) -> Key {
    let index = match number.parse::<usize>() {
        Ok(number) => number.checked_sub(1),
        Err(_) => world.instances.len().checked_sub(1),
    };
    index.and_then(|index| world.instances.get(index)).copied().unwrap_or(NOTHING)
}

/// Finds the newest definition of a process.
pub fn definition(world: &World, process_id: &str) -> Key {
    let state = world.drive.engine.state();
    let mut found = state
        .tables
        .definitions
        .iter()
        .filter(|(_, row)| name(world, row.process_id) == process_id);
    found.next_back().map_or(NOTHING, |(key, _)| *key)
}

/// Finds the newest version of a decision.
pub fn decision(world: &World, decision_id: &str) -> Key {
    let decisions = &world.drive.engine.state().tables.decisions;
    let mut found = decisions.iter().filter(|(_, row)| name(world, row.decision_id) == decision_id);
    found.next_back().map_or(NOTHING, |(key, _)| *key)
}

/// Finds the job of an element: the one that was open last.
pub fn job(world: &World, element_id: &str) -> Key {
    world.jobs.get(element_id).copied().unwrap_or(NOTHING)
}

/// Finds an active element instance, or a process instance by its number.
pub fn scope(world: &World, element_id: &str) -> Key {
    if element_id.is_empty() || element_id.parse::<usize>().is_ok() {
        return instance(world, element_id);
    }
    let mut elements = world.drive.engine.state().tables.elements.iter();
    let found = elements.find(|(_, row)| name(world, row.element) == element_id);
    found.map_or(NOTHING, |(key, _)| *key)
}

/// Finds the open incident at an element.
pub fn incident(world: &World, element_id: &str) -> Key {
    let tables = &world.drive.engine.state().tables;
    let at = |key: &Key| tables.elements.get(key).map(|row| name(world, row.element));
    let mut incidents = tables.incidents.iter();
    let found = incidents.find(|(_, row)| at(&row.element_instance).as_deref() == Some(element_id));
    found.map_or(NOTHING, |(key, _)| *key)
}

/// Finds the armed timer of an event.
pub fn timer(world: &World, event_id: &str) -> Key {
    let mut timers = world.drive.engine.state().tables.timers.iter();
    let found = timers.find(|(_, row)| name(world, row.element) == event_id);
    found.map_or(NOTHING, |(key, _)| *key)
}

/// Finds a message that is there by its name.
pub fn message(world: &World, message_name: &str) -> Key {
    let mut messages = world.drive.engine.state().tables.messages.iter();
    let found = messages.find(|(_, row)| &*row.correlation.name == message_name);
    found.map_or(NOTHING, |(key, _)| *key)
}

/// Finds the work that is parked.
pub fn parked(world: &World) -> Key {
    world.drive.engine.state().parked.first().map_or(NOTHING, |(key, _)| *key)
}

fn name(world: &World, symbol: Symbol) -> String {
    world.drive.engine.state().kernel.symbols.name(symbol).to_string()
}

/// The key of nothing: a command about it is refused.
const NOTHING: Key = Key(1);
