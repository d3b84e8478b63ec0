//! A whole log in memory and the engine that writes it: for tests of models, and for browsers.

use std::sync::Arc;

use dacapo_engine::kernel::{
    AnyCommand, Content, DigestMode, Engine, EngineState, Frame, Machine, StepError, Stepped,
};
use dacapo_engine::record::{
    Control, Durability, FORMAT_VERSION, Genesis, Header, Limits, PartitionId, Position, SEMANTICS,
    Timestamp,
};

use crate::wire::{
    Chain, ChainError, CommandBody, LogFileHeader, LogFileWriter, LoneCommand, WireError,
    encode_with,
};

/// An engine, its log from genesis on, and its clock. What the machine asks for itself is stepped at once.
pub struct MemoryLog<M: Machine> {
    engine: Engine<M>,
    writer: LogFileWriter,
    bytes: Vec<u8>,
    now: Timestamp,
}

/// How a log in memory begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryOptions {
    /// The partition.
    pub partition: PartitionId,
    /// The source of all randomness of the log.
    pub seed: (u64, u64),
    /// The version of the tz database that the machine has.
    pub tzdb: Arc<str>,
    /// The limits.
    pub limits: Limits,
    /// The version of the program.
    pub engine_version: Arc<str>,
    /// The time of the first record.
    pub now: Timestamp,
}

/// Why a log in memory cannot go on. What was written before stays.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// A record cannot be stepped.
    #[error(transparent)]
    Step(#[from] StepError),
    /// A record cannot be encoded.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A frame is not the next one.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The machine asks for more and more by itself.
    #[error("expected at most {INTERNAL_MAX} commands of the machine in a row, found more at position {}", .0.0)]
    Busy(Position),
    /// The clock would go back.
    #[error("expected a time of at least {}, found {}", now.0, found.0)]
    Time {
        /// The clock.
        now: Timestamp,
        /// What was asked for.
        found: Timestamp,
    },
}

impl<M: Machine> MemoryLog<M> {
    /// Begins a log with genesis and the start of its only writer.
    ///
    /// # Errors
    ///
    /// Fails if the first records cannot be encoded.
    pub fn new(options: MemoryOptions) -> Result<Self, MemoryError> {
        let (partition, before, is_slice) = (options.partition, Chain::default(), false);
        let writer = LogFileWriter::new(LogFileHeader {
            is_slice,
            partition,
            before,
            genesis: None,
            subject: None,
        });
        let bytes = writer.header();
        let engine = Engine::new(DigestMode::Every);
        let mut log = Self { engine, writer, bytes, now: options.now };
        log.control(Control::Genesis(Genesis {
            format: FORMAT_VERSION,
            partition,
            seed: options.seed,
            incarnation: 1,
            tzdb: options.tzdb,
            semantics: SEMANTICS,
            limits: options.limits,
            default_tenant: DEFAULT_TENANT.into(),
        }))?;
        log.control(Control::LeaderStarted {
            epoch: 1,
            incarnation: 1,
            engine_version: options.engine_version,
            durability: Durability::Memory,
        })?;
        Ok(log)
    }

    /// Steps a command, and then what the machine asks for itself.
    ///
    /// # Errors
    ///
    /// Fails if a frame cannot be encoded, or if the machine asks for too much.
    pub fn submit(&mut self, it: LoneCommand<M>) -> Result<Stepped<M>, MemoryError> {
        let command = AnyCommand::Machine(it.command);
        let body = CommandBody::of(&command)?;
        let header = Header {
            tenant: it.tenant.unwrap_or_else(|| DEFAULT_TENANT.into()),
            key: it.key,
            request_id: it.request_id,
            actor: it.actor,
            correlation_id: it.correlation_id,
            trace: it.trace,
            ..self.header(&body)
        };
        let stepped = self.step(header, command, &body)?;
        self.run_due()?;
        Ok(stepped)
    }

    /// Lets time pass. What becomes due on the way is stepped at its own time, in order.
    ///
    /// # Errors
    ///
    /// Fails if the time is before the clock, or as [`MemoryLog::submit`]; the clock stays where it got.
    pub fn advance_to(&mut self, to: Timestamp) -> Result<(), MemoryError> {
        if to < self.now {
            return Err(MemoryError::Time { now: self.now, found: to });
        }
        let begin = self.position();
        while let Some(due) = self.engine.next_due().filter(|due| *due <= to) {
            self.now = self.now.max(due);
            if self.run_due()? == 0 {
                break;
            }
            if self.position().0 - begin.0 > ADVANCE_RECORDS_MAX {
                return Err(MemoryError::Busy(self.position()));
            }
        }
        self.now = to;
        Ok(())
    }

    /// Changes the limits from here on.
    ///
    /// # Errors
    ///
    /// Fails if the record cannot be encoded.
    pub fn change_limits(&mut self, limits: Limits) -> Result<(), MemoryError> {
        self.control(Control::LimitsChanged { limits })
    }

    /// Returns the engine at the end of the log.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the tables and the cache, for reads that need compiled models.
    pub fn state_and_cache(&mut self) -> (&EngineState<M>, &mut M::Cache) {
        self.engine.state_and_cache()
    }

    /// Returns the clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the last position.
    pub fn position(&self) -> Position {
        self.engine.place().position
    }

    /// Returns the log as a file.
    pub fn to_file(&self) -> Vec<u8> {
        let mut file = self.bytes.clone();
        file.extend(self.writer.clone().trailer());
        file
    }

    /// Steps what the machine asks for itself, until there is nothing; returns how many commands were stepped.
    fn run_due(&mut self) -> Result<u32, MemoryError> {
        for done in 0..INTERNAL_MAX {
            let Some(internal) = self.engine.next_command(self.now) else { return Ok(done) };
            let body = CommandBody::of(&internal.command)?;
            let (tenant, key) = (internal.tenant, internal.key);
            let header = Header { tenant, key: Some(key), ..self.header(&body) };
            let stepped = self.step(header, internal.command, &body)?;
            if !matches!(stepped, Stepped::Frame(frame) if frame.has_events()) {
                self.engine.hold(key);
            }
        }
        Err(MemoryError::Busy(self.position()))
    }

    fn step(
        &mut self,
        header: Header,
        command: AnyCommand<M>,
        body: &CommandBody,
    ) -> Result<Stepped<M>, MemoryError> {
        let before = self.engine.place();
        let stepped = self.engine.step(header, command)?;
        let Stepped::Frame(frame) = &stepped else { return Ok(stepped) };
        let Err(error) = self.keep(frame, body) else { return Ok(stepped) };
        // As a partition does: a frame that cannot be written is taken back, and its command refused as a fault.
        let undo = self.engine.take_undo(before);
        self.engine.undo(undo);
        let Stepped::Frame(Frame { header, content: Content::Step(command, _), .. }) = stepped
        else {
            return Err(error);
        };
        let fault = Engine::<M>::fault_rejection(error.to_string());
        let refused = self.engine.impose(header, command, fault)?;
        if let Stepped::Frame(frame) = &refused {
            self.keep(frame, body)?;
        }
        Ok(refused)
    }

    fn control(&mut self, control: Control) -> Result<(), MemoryError> {
        let body = CommandBody::of_control(&control)?;
        let mut header = self.header(&body);
        if let Control::Genesis(genesis) = &control {
            header.partition = genesis.partition;
        }
        let frame = self.engine.control_step(header, control)?;
        self.keep(&frame, &body)
    }

    fn keep(&mut self, frame: &Frame<M>, body: &CommandBody) -> Result<(), MemoryError> {
        let bytes = encode_with(frame, body)?;
        let count = u32::try_from(frame.count()).unwrap_or(u32::MAX);
        self.bytes.extend(self.writer.frame(frame.header.position, count, &bytes)?);
        Ok(())
    }

    fn header(&self, body: &CommandBody) -> Header {
        let (place, control) = (self.engine.place(), self.engine.control());
        Header {
            partition: control.map(|it| it.partition).unwrap_or_default(),
            position: place.position.next(),
            timestamp: self.now.max(place.timestamp),
            tenant: DEFAULT_TENANT.into(),
            semantics: SEMANTICS,
            key: None,
            request_id: None,
            actor: None,
            correlation_id: None,
            trace: None,
            body_hash: body.hash(),
        }
    }
}

impl Default for MemoryOptions {
    fn default() -> Self {
        Self {
            partition: PartitionId(1),
            tzdb: "none".into(),
            seed: (0, 0),
            limits: Limits::default(),
            engine_version: env!("CARGO_PKG_VERSION").into(),
            now: Timestamp(0),
        }
    }
}

/// How many commands of the machine follow one command, or become due at one time.
const INTERNAL_MAX: u32 = 100_000;
/// How many records are written while time passes once.
const ADVANCE_RECORDS_MAX: u64 = 1_000_000;
const DEFAULT_TENANT: &str = "<default>";
