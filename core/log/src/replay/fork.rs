//! What if: an engine that leaves its log at some place. Its steps are in no log, and cannot get into one: a fork neither
//! encodes nor hashes, and its positions are taken already.

use std::sync::Arc;

use dacapo_engine::kernel::{
    AnyCommand, Change, Content, Engine, EngineState, Frame, Internal, Machine, Outcome, StepError,
    Stepped,
};
use dacapo_engine::record::{BodyHash, Header, Key, PartitionId, Position, SEMANTICS, Timestamp};

use super::{StepView, diff};
use crate::wire::CommandBody;

/// An engine that left its log.
pub struct Fork<M: Machine> {
    engine: Engine<M>,
    left_at: Position,
    steps: Vec<StepView<M>>,
}

/// A command that did not happen.
#[derive(Clone, Debug, PartialEq)]
pub struct ForkCommand<M: Machine> {
    /// The time of the step; the time of the last step if that is later.
    pub now: Timestamp,
    /// The tenant.
    pub tenant: Arc<str>,
    /// The entity that the command is addressed to, if it exists already.
    pub key: Option<Key>,
    /// The caller's own id of the request.
    pub request_id: Option<Arc<str>>,
    /// Who asks.
    pub actor: Option<Arc<str>>,
    /// What is asked.
    pub command: AnyCommand<M>,
}

impl<M: Machine> Fork<M> {
    pub(super) fn new(engine: Engine<M>) -> Self {
        let left_at = engine.place().position;
        Self { engine, left_at, steps: Vec::new() }
    }

    /// Returns the engine where it stands.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the tables and the cache, for reads that need compiled models.
    pub fn state_and_cache(&mut self) -> (&EngineState<M>, &mut M::Cache) {
        self.engine.state_and_cache()
    }

    /// Returns the last position that the fork shares with its log.
    pub fn left_at(&self) -> Position {
        self.left_at
    }

    /// Returns the steps that were taken since. They have no hash: they are in no log.
    pub fn steps(&self) -> &[StepView<M>] {
        &self.steps
    }

    /// Takes the steps that were taken since, so that they need no memory.
    pub(super) fn take_steps(&mut self) -> Vec<StepView<M>> {
        std::mem::take(&mut self.steps)
    }

    /// Steps a command by the real engine; returns whether there is a new step. None comes of a command that finds nothing to
    /// do or was asked before.
    ///
    /// # Errors
    ///
    /// Fails before genesis, or if the command has no body.
    pub fn step(&mut self, it: ForkCommand<M>) -> Result<bool, StepError> {
        let header = self.header(&it);
        let stepped = self.engine.step(header, it.command)?;
        Ok(self.keep(stepped))
    }

    /// Steps what the machine asks for itself at a time, at most so many commands; returns how many were stepped. What is
    /// refused is not asked for again in this fork.
    ///
    /// # Errors
    ///
    /// As [`Fork::step`].
    pub fn step_internal(&mut self, now: Timestamp, most: u32) -> Result<u32, StepError> {
        for done in 0..most {
            let now = now.max(self.engine.place().timestamp);
            let Some(Internal { tenant, key, command }) = self.engine.next_command(now) else {
                return Ok(done);
            };
            let (request_id, actor) = (None, None);
            let it = ForkCommand { now, tenant, key: Some(key), request_id, actor, command };
            let is_step = self.step(it)?;
            let has_events = self.steps.last().is_some_and(|it| it.frame.has_events());
            if !(is_step && has_events) {
                self.engine.hold(key);
            }
        }
        Ok(most)
    }

    /// Lets time pass: what the machine asks for on the way is stepped at its own time, in order, at most so many commands;
    /// returns how many were stepped.
    ///
    /// # Errors
    ///
    /// As [`Fork::step`].
    pub fn advance_to(&mut self, to: Timestamp, most: u32) -> Result<u32, StepError> {
        let mut done = 0;
        while let Some(due) = self.engine.next_due().filter(|due| *due <= to) {
            let count = self.step_internal(due, most - done)?;
            done += count;
            if count == 0 || done == most {
                break;
            }
        }
        Ok(done)
    }

    /// Steps the command of a frame of the log again, here and at its own time; a control record is written as it is.
    ///
    /// # Errors
    ///
    /// As [`Fork::step`], or if a control record does not fit.
    pub fn step_again(&mut self, frame: &Frame<M>) -> Result<bool, StepError> {
        let place = self.engine.place();
        let header = Header {
            position: place.position.next(),
            timestamp: frame.header.timestamp.max(place.timestamp),
            ..frame.header.clone()
        };
        let stepped = match &frame.content {
            Content::Control(control) => {
                Stepped::Frame(self.engine.control_step(header, control.clone())?)
            }
            Content::Step(command, Outcome::Rejected(rejection)) if rejection.is_imposed => {
                self.engine.impose(header, command.clone(), rejection.clone())?
            }
            Content::Step(command, _) => self.engine.step(header, command.clone())?,
        };
        Ok(self.keep(stepped))
    }

    /// Lists the rows in which the fork differs from another state.
    pub fn diff(&self, other: &EngineState<M>) -> Vec<Change> {
        diff(other, self.engine.state())
    }

    fn header(&self, it: &ForkCommand<M>) -> Header {
        let (place, control) = (self.engine.place(), self.engine.control());
        let body_hash = CommandBody::of(&it.command).map_or(BodyHash::default(), |it| it.hash());
        Header {
            partition: control.map_or(PartitionId(0), |control| control.partition),
            position: place.position.next(),
            timestamp: it.now.max(place.timestamp),
            tenant: it.tenant.clone(),
            semantics: SEMANTICS,
            key: it.key,
            request_id: it.request_id.clone(),
            actor: it.actor.clone(),
            correlation_id: None,
            trace: None,
            body_hash,
        }
    }

    fn keep(&mut self, stepped: Stepped<M>) -> bool {
        let Stepped::Frame(frame) = stepped else { return false };
        let (changes, place) = (self.engine.changes(), self.engine.place());
        self.steps.push(StepView { frame, changes, place, hash: None });
        true
    }
}
