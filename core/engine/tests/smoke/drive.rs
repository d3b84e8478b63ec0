//! Drives the process machine without a log: each command is stepped and replayed into a second engine.

use std::sync::Arc;

use dacapo_engine::bpmn::notation;
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{
    AnyCommand, AnyEvent, Body, Content, DigestMode, Engine, Frame, Outcome, Row, Stepped, Table,
    TableVisitor, Tables,
};
use dacapo_engine::process::commands::*;
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
}

impl Drive {
    pub fn new(limits: Limits) -> Self {
        let mut it = Self {
            engine: Engine::new(DigestMode::Every),
            replica: Engine::new(DigestMode::Every),
            now: 1_000_000,
            frames: Vec::new(),
        };
        let genesis = Genesis {
            format: FORMAT_VERSION,
            partition: PartitionId(1),
            seed: (1, 2),
            incarnation: 0,
            tzdb: "none".into(),
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
        let mut rows = Rows(Vec::new());
        self.engine.state().tables.visit(&mut rows);
        assert_eq!(rows.0, []);
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

struct Rows(Vec<(&'static str, u64)>);

impl TableVisitor for Rows {
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
