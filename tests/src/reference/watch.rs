//! Holds a log against the reference: every command is a choice of the game, and the engine stands where it may lead.

use std::collections::BTreeMap;

use dacapo_engine::bpmn::{ExecutableProcess, compile};
use dacapo_engine::kernel::{
    AnyCommand, AnyEvent, Content, DigestMode, Engine, EventRecord, Frame, Outcome,
};
use dacapo_engine::process::commands::Command;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::Key;

use super::game::{Act, Choice, Game};
use super::seen::{Seen, numbers};
use super::world::World;

/// Follows a log with an engine that only evolves.
pub struct Watch {
    engine: Engine<Process>,
    instances: Vec<Key>,
    messages: Vec<Key>,
    elements: BTreeMap<Key, String>,
    history: Option<BTreeMap<String, (u32, u32)>>,
}

/// A frame in the words of the game.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What was chosen; none where it means nothing to tokens.
    pub choice: Option<Choice>,
    /// The code of the refusal, if it was refused.
    pub refused: Option<&'static str>,
    /// When.
    pub now: i64,
    /// What there is after it.
    pub world: World,
}

/// Returns the process of a deployed file.
///
/// # Panics
/// It holds none.
pub fn model(xml: &str) -> ExecutableProcess {
    let processes = compile("p.bpmn", xml.as_bytes()).expect("a file that was deployed");
    processes.into_iter().next().expect("a process")
}

/// Holds a log against the game; returns how many choices it had. What is parked counts as one with what it goes on with;
/// if two choices are under way at once, where they lead is not looked at.
///
/// # Errors
/// Returns the first frame after which the engine stands where no choice leads.
pub fn check(game: Game<'_>, frames: &[Frame<Process>]) -> Result<usize, String> {
    let mut watch = Watch::new(game.has_history());
    let (mut world, mut choices) = (World::default(), 0);
    // The choice whose work is parked; none of its own if there is more than one.
    let mut parked: Option<Option<Watched>> = None;
    for frame in frames {
        let mut found = watch.push(frame);
        if let Some(first) = parked.take() {
            let is_alone = found.choice.is_none() || found.refused.is_some();
            let first = first.filter(|it| is_alone && it.now == found.now);
            if watch.is_parked() {
                parked = Some(first);
                continue;
            }
            let Some(first) = first else {
                world = found.world;
                continue;
            };
            found = Watched { world: found.world, ..first };
        } else if watch.is_parked() {
            parked = Some(Some(found));
            continue;
        }
        agree(game, &world, &found)
            .map_err(|error| format!("position {}: {error}", frame.header.position.0))?;
        choices += usize::from(found.choice.is_some() && found.refused.is_none());
        world = found.world;
    }
    Ok(choices)
}

/// Compares what was found with what may be.
///
/// # Errors
/// Returns what was chosen and the difference.
pub fn agree(game: Game<'_>, before: &World, found: &Watched) -> Result<(), String> {
    let Some(choice) = &found.choice else {
        let is_same = found.world == *before;
        let text = || format!("expected no change of {before:#?}\nfound {:#?}", found.world);
        return if is_same { Ok(()) } else { Err(text()) };
    };
    let allowed = game.after(before, choice, found.now);
    match found.refused {
        None if allowed.contains(&found.world) => Ok(()),
        None => Err(format!(
            "{choice:?} in {before:#?}\nexpected one of {allowed:#?}\nfound {:#?}",
            found.world
        )),
        Some(_) if found.world != *before => {
            Err(format!("{choice:?}, refused, changed {before:#?}\nto {:#?}", found.world))
        }
        // Who has a job is not the game's business, and of several places with the same id one may refuse.
        Some("job_not_activated") => Ok(()),
        Some(_) if allowed.is_empty() || is_ambiguous(before, choice) => Ok(()),
        Some(code) => Err(format!("{choice:?} was refused as {code} in {before:#?}")),
    }
}

impl Watch {
    /// Makes a watch at the beginning of a log.
    pub fn new(has_history: bool) -> Self {
        Self {
            engine: Engine::new(DigestMode::Every),
            instances: Vec::new(),
            messages: Vec::new(),
            elements: BTreeMap::new(),
            history: has_history.then(BTreeMap::new),
        }
    }

    /// Makes a second one at the same place of the log.
    pub fn fork(&self) -> Self {
        Self {
            engine: self.engine.fork(),
            instances: self.instances.clone(),
            messages: self.messages.clone(),
            elements: self.elements.clone(),
            history: self.history.clone(),
        }
    }

    /// Takes the next frame.
    ///
    /// # Panics
    /// It does not fit.
    pub fn push(&mut self, frame: &Frame<Process>) -> Watched {
        let choice = match &frame.content {
            Content::Step(AnyCommand::Machine(command), _) => self.choice(command),
            Content::Step(AnyCommand::Kernel(_), _) | Content::Control(_) => None,
        };
        self.engine.replay(frame).expect("the next frame");
        let mut refused = None;
        match &frame.content {
            Content::Step(_, Outcome::Rejected(rejection)) => refused = Some(rejection.code.name),
            Content::Step(_, Outcome::Events(events)) => {
                events.iter().for_each(|record| self.note(record));
            }
            Content::Control(_) => {}
        }
        Watched { choice, refused, now: frame.header.timestamp.0, world: self.world() }
    }

    /// Returns whether some work is parked: what there is then is no rest.
    pub fn is_parked(&self) -> bool {
        !self.engine.state().parked.is_empty()
    }

    /// Returns what there is.
    pub fn world(&self) -> World {
        let history = self.history.clone().unwrap_or_default();
        let seen = Seen {
            engine: &self.engine,
            instances: &self.instances,
            messages: &self.messages,
            history: &history,
        };
        seen.world()
    }

    fn note(&mut self, record: &EventRecord<AnyEvent<Process>>) {
        let AnyEvent::Machine(event) = &record.event else { return };
        match event {
            Event::InstanceCreated(it) => {
                self.instances.push(record.key);
                self.entered(record.key, &it.process_id);
            }
            Event::MessagePublished(_) => self.messages.push(record.key),
            Event::ElementActivating(it) => self.entered(record.key, &it.element_id),
            Event::ElementCompleted(_) | Event::InstanceCompleted(_) => {
                let element = &self.elements[&record.key];
                if let Some(history) = &mut self.history {
                    history.get_mut(element).expect("it was entered").1 += 1;
                }
            }
            _ => {}
        }
    }

    fn entered(&mut self, key: Key, element: &str) {
        self.elements.insert(key, element.into());
        if let Some(history) = &mut self.history {
            history.entry(element.into()).or_default().0 += 1;
        }
    }

    /// Says in the words of the game what a command asks for.
    fn choice(&self, command: &Command) -> Option<Choice> {
        let tables = &self.engine.state().tables;
        Some(match command {
            Command::CreateInstance(it) => Choice::Create(numbers(&it.variables)),
            Command::CancelInstance(it) => {
                Choice::Cancel(number(&self.instances, it.process_instance_key))
            }
            Command::CompleteJob(it) => {
                self.at_job(it.job_key, Act::Complete(numbers(&it.variables)))
            }
            Command::FailJob(it) if it.retries == 0 => self.at_job(it.job_key, Act::Fail),
            Command::ThrowError(it) => {
                self.at_job(it.job_key, Act::Throw(it.error_code.to_string()))
            }
            Command::UpdateJob(it) if it.retries.is_some_and(|it| it > 0) => {
                self.at_job(it.job_key, Act::GiveRetries)
            }
            Command::ResolveIncident(it) => {
                let row = tables.incidents.get(&it.incident_key);
                self.at(row.map(|row| row.element_instance), Act::Resolve)
            }
            Command::SetVariables(it) => {
                self.at(Some(it.scope_key), Act::Set(numbers(&it.variables), it.is_local))
            }
            Command::TriggerTimer(it) => {
                let row = tables.timers.get(&it.timer_key)?;
                let event = self.engine.state().kernel.symbols.name(row.element).to_string();
                Choice::At(number(&self.instances, row.instance?), event, Act::Fire)
            }
            Command::PublishMessage(it) => {
                let time_ms = it.time_to_live_ms.max(0);
                Choice::Publish(
                    it.message_name.to_string(),
                    it.correlation_key.to_string(),
                    time_ms,
                )
            }
            Command::DeliverMessage(it) => Choice::Deliver(number(&self.messages, it.message_key)),
            Command::ExpireMessage(it) => Choice::Expire(number(&self.messages, it.message_key)),
            Command::Deploy(_)
            | Command::ActivateJobs(_)
            | Command::FailJob(_)
            | Command::UpdateJob(_)
            | Command::TimeOutJob(_)
            | Command::EndBackoff(_)
            | Command::EvaluateDecision(_) => return None,
            Command::CorrelateMessage(_) => unreachable!("no life correlates"),
        })
    }

    fn at_job(&self, job: Key, act: Act) -> Choice {
        let row = self.engine.state().tables.jobs.get(&job);
        self.at(row.map(|row| row.element_instance), act)
    }

    fn at(&self, element: Option<Key>, act: Act) -> Choice {
        let row = element.and_then(|key| self.engine.state().tables.elements.get(&key));
        let Some(row) = row else { return Choice::At(usize::MAX, String::new(), act) };
        let element = self.engine.state().kernel.symbols.name(row.element).to_string();
        Choice::At(number(&self.instances, row.instance), element, act)
    }
}

fn number(keys: &[Key], key: Key) -> usize {
    keys.iter().position(|it| *it == key).unwrap_or(usize::MAX)
}

fn is_ambiguous(world: &World, choice: &Choice) -> bool {
    let Choice::At(instance, id, _) = choice else { return false };
    let root = world.instances.get(instance);
    root.map_or(0, |root| root.count(id)) > 1
}
