//! Every place that can be reached: all choices tried, in the engine and in the game.

use std::collections::BTreeSet;

use dacapo_engine::feel::Context;
use dacapo_engine::process::Process;
use dacapo_engine::process::commands::{
    Command, CompleteJob, DeliverMessage, PublishMessage, ThrowError, TriggerTimer,
};
use dacapo_engine::record::{Key, Timestamp};

use super::game::{Act, Choice, Game};
use super::watch::Watch;
use super::world::{Job, Place, Wait, World};
use crate::drive::Drive;

/// An engine with a log, and what follows it.
pub struct Reached {
    /// The engine.
    pub drive: Drive<Process>,
    /// What shows it as a world.
    pub watch: Watch,
}

/// Returns all worlds that some choice leads to, with their times.
pub fn game_goes_on(game: Game<'_>, world: &World, now: i64) -> BTreeSet<(World, i64)> {
    let mut found = BTreeSet::new();
    let mut go = |choice: Choice, now: i64| {
        found.extend(game.after(world, &choice, now).into_iter().map(|world| (world, now)));
    };
    for (instance, place, wait) in waits(world) {
        let here = |act| Choice::At(instance, place.element.clone(), act);
        match wait {
            Wait::Job(Job::Open) => {
                go(here(Act::Complete(Default::default())), now);
                go(here(Act::Throw("OOPS".into())), now);
            }
            Wait::Timer { event, due } => {
                go(Choice::At(instance, event.clone(), Act::Fire), now.max(*due));
            }
            Wait::Message { .. } | Wait::Job(_) | Wait::Uncaught => {}
        }
    }
    for (name, key) in addressed(world) {
        let published = game.after(world, &Choice::Publish(name, key, 0), now);
        let deliver = Choice::Deliver(world.counts.1);
        let delivered = published.iter().flat_map(|world| game.after(world, &deliver, now));
        found.extend(delivered.map(|world| (world, now)));
    }
    found
}

/// Makes every choice that there is in an engine of its own.
pub fn engine_goes_on(from: &Reached) -> Vec<Reached> {
    let tables = &from.drive.engine.state().tables;
    let mut found = Vec::new();
    let now = from.drive.now;
    let mut go = |now, commands: &[Command]| found.push(from.after(now, commands));
    for (job_key, _) in tables.jobs.iter().filter(|(_, row)| row.state.name() == "activatable") {
        go(now, &[CompleteJob { job_key: *job_key, variables: Context::new() }.into()]);
        let (error_code, variables) = ("OOPS".into(), Context::new());
        let (job_key, error_message) = (*job_key, None);
        go(now, &[ThrowError { job_key, error_code, error_message, variables }.into()]);
    }
    for (timer_key, row) in tables.timers.iter() {
        // On time, or late: when another one of the same event is due.
        let others = tables.timers.iter().filter(|(_, it)| it.element == row.element);
        for (_, other) in others.filter(|(_, it)| it.due >= row.due) {
            go(now.max(other.due), &[TriggerTimer { timer_key: *timer_key }.into()]);
        }
    }
    for (name, key) in addressed(&from.watch.world()) {
        let publish = PublishMessage {
            message_name: name.as_str().into(),
            correlation_key: key.as_str().into(),
            time_to_live_ms: 0,
            message_id: None,
            variables: Context::new(),
        };
        // The message is the second record of its step.
        let position = from.drive.position().plus(2);
        let instance = tables.instances.first().expect("one that waits").0;
        let message_key = Key(instance.0 >> 50 << 50 | position.0);
        go(now, &[publish.into(), DeliverMessage { message_key }.into()]);
    }
    found
}

impl Reached {
    fn after(&self, now: Timestamp, commands: &[Command]) -> Self {
        let (mut drive, mut watch) = (self.drive.fork(), self.watch.fork());
        drive.now = now;
        for command in commands {
            drive.send(command.clone());
        }
        drive.frames.iter().for_each(|frame| drop(watch.push(frame)));
        Self { drive, watch }
    }

    /// Returns the world that it stands in, and the time.
    pub fn place(&self) -> (World, i64) {
        (self.watch.world(), self.drive.now.0)
    }
}

/// Lists all waits with their places and instances.
fn waits(world: &World) -> Vec<(usize, &Place, &Wait)> {
    let mut open: Vec<_> = world.instances.iter().map(|(number, it)| (*number, it)).collect();
    let mut found = Vec::new();
    while let Some((number, place)) = open.pop() {
        open.extend(place.inside.iter().map(|it| (number, it)));
        found.extend(place.waits.iter().map(|wait| (number, place, wait)));
    }
    found
}

/// Lists names and keys that exactly one waits for: who is first of several is not the game's business.
fn addressed(world: &World) -> Vec<(String, String)> {
    let names = waits(world).into_iter().filter_map(|(_, _, wait)| match wait {
        Wait::Message { name, key, .. } => Some((name.clone(), key.clone())),
        Wait::Job(_) | Wait::Timer { .. } | Wait::Uncaught => None,
    });
    let all: Vec<_> = names.collect();
    let is_alone = |it: &&(String, String)| all.iter().filter(|other| other == it).count() == 1;
    all.iter().filter(is_alone).cloned().collect()
}
