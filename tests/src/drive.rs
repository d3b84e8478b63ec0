//! Makes small logs by hand: an engine, a clock, and the frames that came out.

use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, DigestMode, Engine, Frame, Machine, Stepped};
use dacapo_engine::record::{
    BodyHash, Control, Durability, FORMAT_VERSION, Genesis, Header, Limits, PartitionId, Position,
    Rejection, SEMANTICS, Timestamp,
};
use dacapo_log::wire::{self, Chain, CommandBody, StoredFrame};

/// An engine and its log.
pub struct Drive<M: Machine> {
    /// The engine, at the end of the log.
    pub engine: Engine<M>,
    /// All frames.
    pub frames: Vec<Frame<M>>,
    /// All frames as they are stored.
    pub stored: Vec<StoredFrame>,
    /// The time of the next step.
    pub now: Timestamp,
    /// For whom the next step is.
    pub tenant: Arc<str>,
    chain: Chain,
}

/// The control record that begins every log of these tests.
pub fn genesis(limits: Limits) -> Control {
    Control::Genesis(Genesis {
        format: FORMAT_VERSION,
        partition: PartitionId(3),
        seed: (7, 11),
        incarnation: 1,
        tzdb: "none".into(),
        semantics: SEMANTICS,
        limits,
        default_tenant: "<default>".into(),
    })
}

/// Small limits, so that steps park early.
pub fn small_limits() -> Limits {
    Limits { step_events: 8, request_retention_ms: 10_000, ..Limits::default() }
}

impl<M: Machine> Drive<M> {
    /// Makes a log of genesis and the start of its first writer.
    pub fn new(limits: Limits) -> Self {
        let engine = Engine::new(DigestMode::Every);
        let (frames, stored, chain) = (Vec::new(), Vec::new(), Chain::default());
        let (now, tenant) = (Timestamp(1_000), "<default>".into());
        let mut drive = Self { engine, frames, stored, now, tenant, chain };
        drive.control(genesis(limits));
        drive.control(Control::LeaderStarted {
            epoch: 1,
            incarnation: 1,
            engine_version: "test".into(),
            durability: Durability::Memory,
        });
        drive
    }

    /// Makes a second one at the same place, to try out something else; its list of frames begins there.
    pub fn fork(&self) -> Self {
        let (engine, frames, stored) = (self.engine.fork(), Vec::new(), Vec::new());
        Self { engine, frames, stored, tenant: self.tenant.clone(), ..*self }
    }

    /// Writes a control record.
    pub fn control(&mut self, control: Control) {
        let body = CommandBody::of_control(&control).expect("a control record has a body");
        let header = Header { actor: None, ..self.header(None, body.hash()) };
        let frame = self.engine.control_step(header, control).expect("the record fits");
        self.keep(frame);
    }

    /// Steps a command of the default tenant.
    pub fn send(&mut self, command: impl Into<M::Command>) -> Stepped<M> {
        self.request(None, command)
    }

    /// Steps a command with a request id.
    pub fn request(&mut self, id: Option<&str>, command: impl Into<M::Command>) -> Stepped<M> {
        self.any(id, AnyCommand::Machine(command.into()))
    }

    /// Steps a command of the machine or the kernel.
    pub fn any(&mut self, id: Option<&str>, command: AnyCommand<M>) -> Stepped<M> {
        let body = CommandBody::of(&command).expect("a command has a body");
        let header = self.header(id, body.hash());
        let stepped = self.engine.step(header, command).expect("the step can be taken");
        if let Stepped::Frame(frame) = &stepped {
            self.keep(frame.clone());
        }
        stepped
    }

    /// Imposes a refusal.
    pub fn impose(&mut self, command: impl Into<M::Command>, rejection: Rejection) {
        let command = AnyCommand::Machine(command.into());
        let body = CommandBody::of(&command).expect("a command has a body");
        let header = self.header(None, body.hash());
        let stepped = self.engine.impose(header, command, rejection).expect("it can be imposed");
        let Stepped::Frame(frame) = stepped else { unreachable!("a refusal is a frame") };
        self.keep(frame);
    }

    /// Steps what the machine asks for itself, at most so many commands; returns how many.
    pub fn internal(&mut self, most: usize) -> usize {
        for done in 0..most {
            let Some(internal) = self.engine.next_command(self.now) else { return done };
            let body = CommandBody::of(&internal.command).expect("a command has a body");
            let header = Header {
                tenant: internal.tenant.clone(),
                key: Some(internal.key),
                actor: None,
                ..self.header(None, body.hash())
            };
            let stepped = self.engine.step(header, internal.command).expect("it can be stepped");
            let Stepped::Frame(frame) = stepped else {
                unreachable!("internal work does something")
            };
            self.keep(frame);
        }
        most
    }

    /// The header of the next command.
    pub fn header(&self, id: Option<&str>, body_hash: BodyHash) -> Header {
        Header {
            partition: PartitionId(3),
            position: self.engine.place().position.next(),
            timestamp: self.now,
            tenant: self.tenant.clone(),
            semantics: SEMANTICS,
            key: None,
            request_id: id.map(Arc::from),
            actor: Some("tester".into()),
            correlation_id: None,
            trace: None,
            body_hash,
        }
    }

    /// The last position.
    pub fn position(&self) -> Position {
        self.engine.place().position
    }

    fn keep(&mut self, frame: Frame<M>) {
        let bytes: Arc<[u8]> = wire::encode(&frame).expect("a frame can be encoded").into();
        let count = u32::try_from(frame.count()).expect("a small frame");
        let hash = self.chain.push(frame.header.position, count, &bytes).expect("the next frame");
        self.stored.push(StoredFrame::new(&frame, bytes, hash));
        self.frames.push(frame);
    }
}
