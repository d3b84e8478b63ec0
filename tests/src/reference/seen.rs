//! What an engine shows, as a [`World`].

use std::collections::BTreeMap;

use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{Engine, Symbol};
use dacapo_engine::process::state::{JobState, State};
use dacapo_engine::process::{IncidentKind, Process};
use dacapo_engine::record::Key;

use super::world::{Job, Message, Place, Wait, World};

/// An engine, and what was created and published so far.
pub struct Seen<'a> {
    /// The engine.
    pub engine: &'a Engine<Process>,
    /// The instances in the order of creation.
    pub instances: &'a [Key],
    /// The messages in the order of publication.
    pub messages: &'a [Key],
    /// How often which element was entered and left.
    pub history: &'a BTreeMap<String, (u32, u32)>,
}

impl Seen<'_> {
    /// Returns everything that there is.
    pub fn world(&self) -> World {
        let is_running = |(_, key): &(usize, &Key)| self.tables().instances.contains(key);
        let instances = self.instances.iter().enumerate().filter(is_running);
        let messages = self.messages.iter().enumerate();
        let world = World {
            instances: instances.map(|(number, key)| (number, self.place(*key))).collect(),
            messages: messages.filter_map(|(at, key)| Some((at, self.message(*key)?))).collect(),
            counts: (self.instances.len(), self.messages.len()),
            history: self.history.clone(),
        };
        world.sorted()
    }

    fn place(&self, key: Key) -> Place {
        let tables = self.tables();
        let row = tables.elements.get(&key).expect("an active element");
        let last = Symbol(u32::MAX);
        let joining = tables.taken_flows.range((key, Symbol(0), Symbol(0))..=(key, last, last));
        let joining: BTreeMap<_, _> =
            joining.map(|((_, _, flow), count)| (self.name(*flow), *count)).collect();
        let variables = tables.variables.range((key, Symbol(0))..=(key, last));
        // Tokens that wait before no join are lost.
        let lost = row.tokens - joining.values().sum::<u32>();
        Place {
            element: self.name(row.element),
            inside: tables
                .children
                .range(owned(key))
                .map(|((_, it), ())| self.place(*it))
                .collect(),
            waits: self.waits(key),
            joining,
            moving: (0..lost).map(|_| ("nowhere".into(), None)).collect(),
            variables: variables
                .map(|((_, name), row)| (self.name(*name), number(&row.value)))
                .collect(),
        }
    }

    fn waits(&self, key: Key) -> Vec<Wait> {
        let tables = self.tables();
        let jobs = tables.jobs_of.range(owned(key)).map(|((_, job), ())| Wait::Job(self.job(*job)));
        let timers = tables.timers_of.range(owned(key)).map(|((_, timer), ())| {
            let row = tables.timers.get(timer).expect("a timer");
            Wait::Timer { event: self.name(row.element), due: row.due.0 }
        });
        let messages = tables.subscriptions_of.range(owned(key)).map(|((_, subscription), ())| {
            let row = tables.subscriptions.get(subscription).expect("a subscription");
            Wait::Message {
                event: self.name(row.element),
                name: row.correlation.name.to_string(),
                key: row.correlation.correlation_key.to_string(),
                since: self.messages.iter().filter(|it| *it < subscription).count(),
            }
        });
        let incidents = tables.incidents_of.range(owned(key)).filter_map(|((_, incident), ())| {
            let row = tables.incidents.get(incident).expect("an incident");
            let is_uncaught = row.job.is_none() && row.kind == IncidentKind::UnhandledError;
            assert!(is_uncaught || row.job.is_some(), "an incident that no model has: {row:?}");
            is_uncaught.then_some(Wait::Uncaught)
        });
        jobs.chain(timers).chain(messages).chain(incidents).collect()
    }

    fn job(&self, key: Key) -> Job {
        let row = self.tables().jobs.get(&key).expect("a job");
        let has_incident = self.tables().incident_of_job.contains(&key);
        match row.state {
            JobState::Activatable | JobState::Activated(_) | JobState::BackingOff(_) => {
                assert!(!has_incident, "an incident of a job that can be done: {key}");
                Job::Open
            }
            JobState::Failed => {
                assert!(has_incident, "a job without retries and without an incident: {key}");
                Job::Failed { has_retries: row.retries > 0 }
            }
            JobState::ErrorThrown => {
                assert!(has_incident, "an error without an incident: {key}");
                let error = self.tables().thrown_errors.get(&key).expect("an error");
                Job::Thrown(error.code.to_string())
            }
        }
    }

    fn message(&self, key: Key) -> Option<Message> {
        let row = self.tables().messages.get(&key)?;
        let takers = (key, Symbol(0))..=(key, Symbol(u32::MAX));
        Some(Message {
            name: row.correlation.name.to_string(),
            key: row.correlation.correlation_key.to_string(),
            deadline: row.deadline.0,
            is_pending: row.is_pending,
            is_taken: self.tables().message_takers.range(takers).next().is_some(),
            is_kept: row.deadline > row.published,
        })
    }

    fn tables(&self) -> &State {
        &self.engine.state().tables
    }

    fn name(&self, symbol: Symbol) -> String {
        self.engine.state().kernel.symbols.name(symbol).to_string()
    }
}

/// Returns variables as whole numbers: the generated models have no others.
pub fn numbers(variables: &Context) -> BTreeMap<String, i64> {
    variables.iter().map(|(name, value)| (name.to_string(), number(value))).collect()
}

fn number(value: &Value) -> i64 {
    let Value::Number(number) = value else { unreachable!("expected a number, found {value:?}") };
    number.to_i64().expect("a whole number")
}

fn owned(owner: Key) -> std::ops::RangeInclusive<(Key, Key)> {
    (owner, Key(0))..=(owner, Key(u64::MAX))
}
