//! How a partition steps: numbered, stamped, encoded, one after the other.

use std::sync::Arc;

use dacapo_engine::kernel::{
    AnyCommand, Content, Engine, Frame, Internal, Machine, Place, StepError, Stepped,
};
use dacapo_engine::record::{Control, Header, Key, SEMANTICS, Timestamp};

use super::clock::Jump;
use super::queue::{Caller, Task, Work};
use super::writer::Life;
use super::{Answer, Partition, Refusal, StopReason};
use crate::wire::{CommandBody, WireError, WireProblem, decode, encode_with};

impl<M: Machine> Partition<M> {
    /// Steps clients' commands and internal ones in turn, until nothing waits or the batch is full.
    pub(super) fn step_what_waits(&mut self) {
        let mut idle = 0;
        while self.life != Life::Stopped && self.has_room() {
            if let Some(task) = self.queue.pop() {
                idle = 0;
                self.step_task(task);
                self.step_internal_few();
            } else if self.life == Life::Running && idle < self.settings.internal_idle {
                idle += 1;
                if !self.step_internal() {
                    return;
                }
            } else {
                return;
            }
        }
    }

    /// Writes a control record of this writer.
    pub(super) fn write_control(&mut self, control: Control, at: Timestamp) -> Result<(), String> {
        let body = CommandBody::of_control(&control).map_err(|error| error.to_string())?;
        let tenant = match &control {
            Control::Genesis(genesis) => genesis.default_tenant.clone(),
            _ => self.default_tenant(),
        };
        let header =
            Header { timestamp: at, ..self.header(Caller { tenant, ..Caller::default() }, &body) };
        let before = self.engine.place();
        let frame = self.engine.control_step(header, control).map_err(|error| error.to_string())?;
        self.keep(frame, &body, before).map_err(|reason| reason.to_string())?;
        Ok(())
    }

    pub(super) fn default_tenant(&self) -> Arc<str> {
        self.engine.control().map(|control| control.default_tenant.clone()).unwrap_or_default()
    }

    /// Returns the time of the next step.
    pub(super) fn stamp(&mut self) -> Result<Timestamp, Jump> {
        let place = self.engine.place();
        match self.engine.control() {
            Some(control) => self.clock.stamp(place, control),
            None => Ok(self.clock.unchecked(place, 0)),
        }
    }

    /// Makes the header of the next step.
    pub(super) fn header(&self, caller: Caller, body: &CommandBody) -> Header {
        let place = self.engine.place();
        let control = self.engine.control();
        let offset_ms = control.map_or(0, |control| control.clock_offset_ms);
        Header {
            partition: control.map_or(self.durable.partition, |control| control.partition),
            position: place.position.next(),
            timestamp: self.clock.unchecked(place, offset_ms),
            tenant: caller.tenant,
            semantics: control.map_or(SEMANTICS, |control| control.semantics),
            key: caller.key,
            request_id: caller.request_id,
            actor: caller.actor,
            correlation_id: caller.correlation_id,
            trace: caller.trace,
            body_hash: body.hash(),
        }
    }

    fn has_room(&self) -> bool {
        if self.is_cautious() {
            self.flight.is_none() && self.forming.is_empty()
        } else {
            !self.forming.is_full(&self.settings)
        }
    }

    fn step_task(&mut self, task: Task<M>) {
        self.cautious_left = self.cautious_left.saturating_sub(1);
        let header = self.header(task.caller, &task.body);
        if let Some(request_id) = task.inbox {
            self.forming.remove_inbox(request_id);
        }
        match task.work {
            Work::Control(control) => {
                self.step_control(header, control, &task.body, &task.tickets);
            }
            Work::Command(command) => {
                let before = self.engine.place();
                let stepped = if task.attempts >= ATTEMPTS_MAX {
                    let reason = format!(
                        "expected the command to be stepped, found {} attempts",
                        task.attempts
                    );
                    self.engine.impose(header, command, Engine::<M>::fault_rejection(reason))
                } else {
                    self.engine.step(header, command)
                };
                self.settle(stepped, &task.body, before, &task.tickets);
            }
        }
    }

    fn step_control(
        &mut self,
        mut header: Header,
        control: Control,
        body: &CommandBody,
        tickets: &[u64],
    ) {
        let before = self.engine.place();
        match &control {
            Control::Genesis(_) | Control::LeaderStarted { .. } => {
                let reason = format!("expected another record than {}", control.intent().name);
                return self.refuse(tickets, Refusal::Control(reason));
            }
            Control::VersionBarrier { semantics } if *semantics != SEMANTICS => {
                let reason = format!("expected semantics {SEMANTICS}, found {semantics}");
                return self.refuse(tickets, Refusal::Control(reason));
            }
            // The record itself stands in the new time, so that the time of every record is the clock plus the offset.
            Control::ClockOffsetChanged { offset_ms } => {
                header.timestamp = self.clock.unchecked(before, *offset_ms);
            }
            Control::VersionBarrier { .. }
            | Control::LimitsChanged { .. }
            | Control::TzdbChanged { .. }
            | Control::Floor { .. }
            | Control::TailLost { .. } => {}
        }
        match self.engine.control_step(header, control) {
            Err(error) => self.refuse(tickets, Refusal::Control(error.to_string())),
            Ok(frame) => self.settle(Ok(Stepped::Frame(frame)), body, before, tickets),
        }
        if let Some(incarnation) = self.engine.control().map(|control| control.incarnation) {
            self.forming.set_incarnation(incarnation);
        }
    }

    /// Puts what a step became into the batch. An answer waits until everything before it is durable, also if it is that
    /// there was nothing to do: it was decided on a state that is not durable yet.
    fn settle(
        &mut self,
        stepped: Result<Stepped<M>, StepError>,
        body: &CommandBody,
        before: Place,
        tickets: &[u64],
    ) {
        let answer = match stepped {
            Err(error) => return self.fail(tickets, error.to_string()),
            Ok(Stepped::Nothing) => Answer::Nothing,
            Ok(Stepped::Duplicate(position)) => Answer::Duplicate { position },
            Ok(Stepped::Frame(frame)) => match self.keep(frame, body, before) {
                Ok(frame) => Answer::Done { position: frame.header.position, frame },
                Err(error) => return self.fail(tickets, error.to_string()),
            },
        };
        self.forming.answer(tickets, &answer);
    }

    fn fail(&mut self, tickets: &[u64], reason: String) {
        self.refuse(tickets, Refusal::Stopped);
        self.stop(StopReason::Corrupt { position: self.durable.position, reason });
    }

    /// Encodes a frame and puts it at the end of the chain. A frame that does not survive its encoding is taken back, and
    /// its command refused as a fault.
    fn keep(
        &mut self,
        frame: Frame<M>,
        body: &CommandBody,
        before: Place,
    ) -> Result<Arc<Frame<M>>, WireError> {
        let error = match self.encode(&frame, body) {
            Ok(bytes) => return Ok(self.forming.push(frame, bytes)),
            Err(error) => error,
        };
        let undo = self.engine.take_undo(before);
        self.engine.undo(undo);
        let Content::Step(command, _) = frame.content else { return Err(error) };
        let rejection = Engine::<M>::fault_rejection(error.to_string());
        match self.engine.impose(frame.header, command, rejection) {
            Ok(Stepped::Frame(refused)) => {
                let bytes = self.encode(&refused, body)?;
                Ok(self.forming.push(refused, bytes))
            }
            Ok(_) | Err(_) => Err(error),
        }
    }

    fn encode(&self, frame: &Frame<M>, body: &CommandBody) -> Result<Vec<u8>, WireError> {
        let bytes = encode_with(frame, body)?;
        if (cfg!(debug_assertions) || self.settings.is_asserting) && decode::<M>(&bytes)? != *frame
        {
            return Err(WireError {
                position: Some(frame.header.position),
                offset: 0,
                problem: WireProblem::RoundTrip,
            });
        }
        Ok(bytes)
    }

    fn step_internal_few(&mut self) {
        for _ in 0..self.settings.internal_per_command {
            if self.life != Life::Running || !self.has_room() || !self.step_internal() {
                return;
            }
        }
    }

    /// Steps what the machine asks for itself; returns whether something happened.
    fn step_internal(&mut self) -> bool {
        let place = self.engine.place();
        let offset_ms = self.engine.control().map_or(0, |control| control.clock_offset_ms);
        let now = self.clock.unchecked(place, offset_ms);
        let Some(Internal { tenant, key, command }) = self.engine.next_command(now) else {
            return false;
        };
        self.cautious_left = self.cautious_left.saturating_sub(1);
        if self.step_internal_command(tenant, key, command) {
            self.holds.taken(key);
        } else {
            // It would be asked for again at once: the state that asks for it is the same.
            self.engine.hold(key);
            self.holds.refused(key, self.clock.now_ms());
        }
        true
    }

    fn step_internal_command(
        &mut self,
        tenant: Arc<str>,
        key: Key,
        command: AnyCommand<M>,
    ) -> bool {
        let Ok(body) = CommandBody::of(&command) else { return false };
        let header = self.header(Caller { tenant, key: Some(key), ..Caller::default() }, &body);
        let before = self.engine.place();
        match self.engine.step(header, command) {
            Ok(Stepped::Nothing | Stepped::Duplicate(_)) => false,
            Ok(Stepped::Frame(frame)) => match self.keep(frame, &body, before) {
                Ok(frame) => frame.has_events(),
                Err(error) => {
                    self.corrupt(error.to_string());
                    false
                }
            },
            Err(error) => {
                self.corrupt(error.to_string());
                false
            }
        }
    }
}

/// The attempts after which a command is refused without being stepped.
const ATTEMPTS_MAX: u32 = 2;
