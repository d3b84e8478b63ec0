//! Drives the process machine without a log: each command is stepped and replayed into a second engine.

use std::collections::BTreeSet;
use std::sync::Arc;

use dacapo_engine::bpmn::notation;
use dacapo_engine::feel::calendar::TZDB_VERSION;
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{
    AnyCommand, AnyEvent, Body, Content, DigestMode, Engine, Frame, Outcome, Row, Stepped, Table,
    TableVisitor, Tables,
};
use dacapo_engine::process::commands::*;
use dacapo_engine::process::rows::{RowAt, RowTable, Rows, project};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::process::{Command, Event, Process};
use dacapo_engine::record::{
    BodyHash, Control, FORMAT_VERSION, Genesis, Header, Key, Limits, PartitionId, SEMANTICS,
    Timestamp,
};

pub struct Drive {
    pub engine: Engine<Process>,
    pub replica: Engine<Process>,
    pub now: i64,
    pub frames: Vec<Frame<Process>>,
    /// Rows that stay in memory.
    pub rows: Rows,
    /// Rows as a store would keep them: written after each frame, loaded before the next.
    pub stored: Rows,
}

impl Drive {
    pub fn new(limits: Limits) -> Self {
        let mut it = Self {
            engine: Engine::new(DigestMode::Every),
            replica: Engine::new(DigestMode::Every),
            now: 1_000_000,
            frames: Vec::new(),
            rows: Rows::default(),
            stored: Rows::default(),
        };
        let genesis = Genesis {
            format: FORMAT_VERSION,
            partition: PartitionId(1),
            seed: (1, 2),
            incarnation: 0,
            tzdb: TZDB_VERSION.into(),
            semantics: SEMANTICS,
            limits,
            default_tenant: "<default>".into(),
        };
        let header = it.header("<default>");
        let frame = it.engine.control_step(header, Control::Genesis(genesis)).unwrap();
        it.replica.replay(&frame).unwrap();
        it
    }

    pub fn with(notations: &[(&str, &str)]) -> Self {
        let mut it = Self::new(Limits::default());
        it.deploy(notations);
        it
    }

    /// Steps a command; returns what happened, or the code and reason of the rejection.
    pub fn step(
        &mut self,
        command: AnyCommand<Process>,
        tenant: &str,
    ) -> Result<Vec<Event>, String> {
        let before = self.engine.place().digest;
        let stepped = self.engine.step(self.header(tenant), command).unwrap();
        let Stepped::Frame(frame) = stepped else { return Ok(Vec::new()) };
        let full = self.engine.full_digest();
        assert_eq!(full, self.engine.place().digest, "digest after {frame:?}");
        self.replica.replay(&frame).unwrap();
        self.project(&frame);
        self.frames.push(frame.clone());
        match frame.content {
            Content::Step(_, Outcome::Events(events)) => Ok(events
                .into_iter()
                .filter_map(|it| match it.event {
                    AnyEvent::Machine(event) => Some(event),
                    AnyEvent::Kernel(_) => None,
                })
                .collect()),
            Content::Step(_, Outcome::Rejected(rejection)) => {
                assert_eq!(before, full, "a rejection changes nothing");
                assert_ne!(rejection.code.name, "fault", "{}", rejection.reason);
                Err(format!("{}: {}", rejection.code.name, rejection.reason))
            }
            Content::Control(_) => Ok(Vec::new()),
        }
    }

    pub fn ask(&mut self, command: impl Into<Command>) -> Result<Vec<Event>, String> {
        self.step(AnyCommand::Machine(command.into()), "<default>")
    }

    /// Lets time pass and does what is due; returns all that happened.
    pub fn advance(&mut self, ms: i64) -> Vec<Event> {
        self.now += ms;
        let mut all = Vec::new();
        for _ in 0..10_000 {
            let Some(internal) = self.engine.next_command(Timestamp(self.now)) else { return all };
            let tenant = internal.tenant.to_string();
            all.extend(self.step(internal.command, &tenant).unwrap());
        }
        panic!("expected an end of internal commands");
    }

    pub fn deploy(&mut self, notations: &[(&str, &str)]) {
        let resources = notations.iter().map(|(id, text)| resource(id, text)).collect();
        self.ask(Deploy { resources }).unwrap();
    }

    pub fn create(&mut self, id: &str, variables: &[(&str, Value)]) -> Key {
        let instance = self.engine.place().position.plus(2);
        self.ask(create(id, variables)).unwrap();
        Key::new(PartitionId(1), 0, instance)
    }

    pub fn take_job(&mut self, job_type: &str) -> Key {
        self.ask(activate(job_type)).unwrap();
        let frame = self.frames.last().unwrap();
        let Content::Step(_, Outcome::Events(events)) = &frame.content else { panic!() };
        let [job] = &events[..] else { panic!("expected a job of type {job_type}") };
        job.key
    }

    pub fn finish_job(&mut self, job_type: &str, variables: &[(&str, Value)]) -> Vec<Event> {
        let job = self.take_job(job_type);
        self.ask(complete(job, variables)).unwrap()
    }

    pub fn cancel(&mut self, process_instance_key: Key) -> Vec<Event> {
        self.ask(CancelInstance { process_instance_key }).unwrap()
    }

    pub fn variable(&self, scope: Key, name: &str) -> Option<Value> {
        let state = self.engine.state();
        let symbol = state.kernel.symbols.find(name)?;
        state.tables.variables.get(&(scope, symbol)).map(|row| row.value.clone())
    }

    pub fn incident(&self) -> Key {
        *self.engine.state().tables.incidents.first().unwrap().0
    }

    pub fn resolve(&mut self) {
        let incident_key = self.incident();
        self.ask(ResolveIncident { incident_key }).unwrap();
    }

    pub fn element(&self, id: &str) -> Key {
        let state = self.engine.state();
        let symbol = state.kernel.symbols.find(id).unwrap();
        let mut found = state.tables.elements.iter().filter(|(_, row)| row.element == symbol);
        *found.next().unwrap_or_else(|| panic!("expected element {id}")).0
    }

    /// Checks that nothing but definitions and names is left (invariant I-TOK-4).
    pub fn assert_empty(&self) {
        let mut rows = Left(Vec::new());
        self.engine.state().tables.visit(&mut rows);
        assert_eq!(rows.0, []);
    }

    fn project(&mut self, frame: &Frame<Process>) {
        let events = machine_events(frame);
        let mut batch = Rows::default();
        loop {
            let ask = events.iter().map(|(key, event, _)| (*key, *event));
            let missing = batch.missing(ask, frame.header.position);
            if missing.is_empty() {
                break;
            }
            load(
                &missing.process_definitions,
                &self.stored.process_definitions,
                &mut batch.process_definitions,
            );
            load(
                &missing.process_instances,
                &self.stored.process_instances,
                &mut batch.process_instances,
            );
            load(
                &missing.element_instances,
                &self.stored.element_instances,
                &mut batch.element_instances,
            );
            load(&missing.jobs, &self.stored.jobs, &mut batch.jobs);
            load(&missing.incidents, &self.stored.incidents, &mut batch.incidents);
            let stored = &self.stored.message_subscriptions;
            load(&missing.message_subscriptions, stored, &mut batch.message_subscriptions);
            load(&missing.timers, &self.stored.timers, &mut batch.timers);
        }
        for (key, event, at) in &events {
            project(&mut self.rows, *key, event, at).unwrap();
            project(&mut batch, *key, event, at).unwrap();
        }
        store(&mut batch.process_definitions, &mut self.stored.process_definitions);
        store(&mut batch.process_instances, &mut self.stored.process_instances);
        store(&mut batch.element_instances, &mut self.stored.element_instances);
        store(&mut batch.variables, &mut self.stored.variables);
        store(&mut batch.jobs, &mut self.stored.jobs);
        store(&mut batch.incidents, &mut self.stored.incidents);
        store(&mut batch.message_subscriptions, &mut self.stored.message_subscriptions);
        store(&mut batch.timers, &mut self.stored.timers);
        self.compare_rows();
    }

    fn compare_rows(&self) {
        let (rows, stored) = (&self.rows, &self.stored);
        same(&rows.process_definitions, &stored.process_definitions);
        same(&rows.process_instances, &stored.process_instances);
        same(&rows.element_instances, &stored.element_instances);
        same(&rows.variables, &stored.variables);
        same(&rows.jobs, &stored.jobs);
        same(&rows.incidents, &stored.incidents);
        same(&rows.message_subscriptions, &stored.message_subscriptions);
        same(&rows.timers, &stored.timers);
        // The rows that show something open agree with the state.
        let tables = &self.engine.state().tables;
        let count = |is_open: bool| u64::from(is_open);
        let active: u64 =
            rows.element_instances.iter().map(|(_, it)| count(it.state == "ACTIVE")).sum();
        assert_eq!(active, tables.elements.count());
        let open: u64 = rows.jobs.iter().map(|(_, it)| count(it.end_time.is_none())).sum();
        assert_eq!(open, tables.jobs.count());
        let open: u64 = rows.incidents.iter().map(|(_, it)| count(it.state == "ACTIVE")).sum();
        assert_eq!(open, tables.incidents.count());
        let open: u64 = rows.timers.iter().map(|(_, it)| count(it.state == "ACTIVE")).sum();
        assert_eq!(open, tables.timers.count());
        let shown: u32 = rows.process_instances.iter().map(|(_, it)| it.incidents).sum();
        assert_eq!(u64::from(shown), tables.incidents.count());
    }

    fn header(&self, tenant: &str) -> Header {
        Header {
            partition: PartitionId(1),
            position: self.engine.place().position.next(),
            timestamp: Timestamp(self.now),
            tenant: tenant.into(),
            semantics: SEMANTICS,
            key: None,
            request_id: None,
            actor: None,
            correlation_id: None,
            trace: None,
            body_hash: BodyHash::default(),
        }
    }
}

fn machine_events(frame: &Frame<Process>) -> Vec<(Key, &Event, RowAt)> {
    let Content::Step(_, Outcome::Events(events)) = &frame.content else { return Vec::new() };
    let at = |offset: usize| RowAt {
        position: frame.header.position.plus(offset as u64 + 1),
        timestamp: frame.header.timestamp,
        tenant: frame.header.tenant.clone(),
    };
    let events = events.iter().enumerate().filter_map(|(offset, it)| match &it.event {
        AnyEvent::Machine(event) => Some((it.key, event, at(offset))),
        AnyEvent::Kernel(_) => None,
    });
    events.collect()
}

fn load<T: Clone>(keys: &BTreeSet<Key>, from: &RowTable<T>, to: &mut RowTable<T>) {
    for key in keys {
        to.load(*key, from.get(*key).expect("a row that is asked for").clone());
    }
}

fn store<T: Clone>(from: &mut RowTable<T>, to: &mut RowTable<T>) {
    let changed: Vec<_> =
        from.take_changed().into_iter().map(|(key, row)| (key, row.clone())).collect();
    for (key, row) in changed {
        to.replace(key, row);
    }
}

fn same<T: PartialEq + std::fmt::Debug>(left: &RowTable<T>, right: &RowTable<T>) {
    assert!(left.iter().eq(right.iter()), "{left:?}\n{right:?}");
}

struct Left(Vec<(&'static str, u64)>);

impl TableVisitor for Left {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        if table.number() >= FIRST_RUNNING_TABLE && !table.is_empty() {
            self.0.push((table.name(), table.count()));
        }
    }
}

pub fn resource(id: &str, text: &str) -> Resource {
    // Ids of processes and elements are unique together.
    let content = notation::to_xml(&format!("process-{id}"), text).unwrap().into_bytes();
    Resource { resource_name: format!("{id}.bpmn").into(), content: Bytes(content.into()) }
}

pub fn vars(variables: &[(&str, Value)]) -> Context {
    variables.iter().map(|(name, value)| (Arc::from(*name), value.clone())).collect()
}

pub fn create(id: &str, variables: &[(&str, Value)]) -> CreateInstance {
    CreateInstance {
        process_id: Some(format!("process-{id}").into()),
        version: None,
        process_definition_key: None,
        variables: vars(variables),
        tags: None,
        business_id: None,
    }
}

pub fn activate(job_type: &str) -> ActivateJobs {
    ActivateJobs {
        job_type: job_type.into(),
        worker: "w".into(),
        timeout_ms: 60_000,
        jobs_max: 1,
        fetch_variables: None,
    }
}

pub fn complete(job_key: Key, variables: &[(&str, Value)]) -> CompleteJob {
    CompleteJob { job_key, variables: vars(variables) }
}

pub fn publish(name: &str, key: &str, ttl: i64, variables: &[(&str, Value)]) -> PublishMessage {
    PublishMessage {
        message_name: name.into(),
        correlation_key: key.into(),
        time_to_live_ms: ttl,
        message_id: None,
        variables: vars(variables),
    }
}

pub fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|it| it.intent().name).collect()
}

pub fn count(events: &[Event], name: &str) -> usize {
    events.iter().filter(|it| it.intent().name == name).count()
}

pub fn number(value: i64) -> Value {
    Value::from(value)
}

const FIRST_RUNNING_TABLE: u16 = 110;
