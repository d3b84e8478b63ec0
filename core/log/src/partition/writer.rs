//! The single writer of a partition: takes inputs, steps, batches, and says what the host is to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::{
    AnyCommand, Engine, EngineState, KernelCommand, Machine, ParseCommand,
};
use dacapo_engine::record::{Control, Position};

use super::batch::{Flight, Forming};
use super::clock::Clock;
use super::queue::{Caller, Queue, Task, Work};
use super::{
    Answer, AppendOutcome, Committed, Effect, InboxPut, InboxSubmission, Input, NotDone, Refusal,
    Settings, StopReason, Submission,
};
use crate::wire::{CommandBody, Hash, Head, command_intent, encode_command};

/// A partition in the hands of its one writer.
pub struct Partition<M: Machine> {
    pub(super) engine: Engine<M>,
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) queue: Queue<M>,
    pub(super) forming: Forming<M>,
    pub(super) flight: Option<Flight<M>>,
    pub(super) durable: Head,
    pub(super) life: Life,
    /// How many commands are still stepped and committed alone.
    pub(super) cautious_left: u32,
    /// Before this time of the host's clock, no internal command is asked for: the last one was refused.
    pub(super) internal_pause_ms: i64,
    pub(super) effects: Vec<Effect<M>>,
    /// Who waits for commands that went through the inbox.
    detours: BTreeMap<(Arc<str>, Arc<str>), Vec<u64>>,
    batches: u64,
    woken_ms: Option<i64>,
    snapshot_from: Position,
    is_jumped: bool,
}

/// Whether the partition takes input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Running,
    Stopping,
    Stopped,
}

impl<M: Machine> Partition<M> {
    pub(super) fn new(
        engine: Engine<M>,
        head: Head,
        clock: Clock,
        settings: Settings,
        was_clean: bool,
    ) -> Self {
        let cautious_left = if was_clean { 0 } else { settings.cautious_commands };
        Self {
            engine,
            settings,
            clock,
            queue: Queue::new(),
            forming: Forming::new(head),
            flight: None,
            durable: head,
            life: Life::Running,
            cautious_left,
            internal_pause_ms: i64::MIN,
            effects: Vec::new(),
            detours: BTreeMap::new(),
            batches: 0,
            woken_ms: None,
            snapshot_from: head.position,
            is_jumped: false,
        }
    }

    /// Takes an input and returns what the host is to do, in order.
    pub fn on(&mut self, input: Input<M>) -> Vec<Effect<M>> {
        if self.life == Life::Stopped {
            return refuse_input(input);
        }
        match input {
            Input::Submit(submission) => self.submit(submission),
            Input::Inbox(submissions) => {
                submissions.into_iter().for_each(|it| self.take_from_inbox(it));
            }
            Input::Control { ticket, control } => self.submit_control(ticket, control),
            Input::Clock { now_ms, store_now_ms } => self.observe(now_ms, store_now_ms),
            Input::AcceptClock => self.clock.accept(),
            Input::Appended { batch, outcome } => self.appended(batch, outcome),
            Input::Resolved { batch, head, hash } => self.resolved(batch, head, hash),
            Input::Stop => self.ask_to_stop(),
        }
        self.pump()
    }

    /// Returns the tables and the cache, for reads; they may be ahead of what is durable.
    pub fn state_and_cache(&mut self) -> (&EngineState<M>, &mut M::Cache) {
        self.engine.state_and_cache()
    }

    /// Returns the engine, for reads; it may be ahead of what is durable.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the head after the last durable batch.
    pub fn durable(&self) -> Head {
        self.durable
    }

    /// Returns how many commands wait to be stepped.
    pub fn queued(&self) -> u64 {
        self.queue.count() as u64
    }

    /// Returns whether commands go through the inbox and are committed alone. While it is so, the host takes one inbox row
    /// at a time and counts the attempt before it hands the row over.
    pub fn is_cautious(&self) -> bool {
        self.cautious_left > 0
    }

    /// Steps what waits as far as the batch has room, and sends the batch if none is in flight.
    pub(super) fn pump(&mut self) -> Vec<Effect<M>> {
        if self.life != Life::Stopped {
            self.watch_clock();
        }
        if self.life != Life::Stopped && !self.is_jumped {
            self.step_what_waits();
        }
        if self.life != Life::Stopped {
            self.dispatch();
        }
        if self.life == Life::Running {
            self.wake();
        }
        std::mem::take(&mut self.effects)
    }

    /// Ends the partition: what is not durable is refused.
    pub(super) fn stop(&mut self, reason: StopReason) {
        self.life = Life::Stopped;
        let flight = self.flight.take().map(|flight| flight.answers).unwrap_or_default();
        let is_known = reason == StopReason::Fenced;
        for (ticket, _) in flight {
            let answer = if is_known { Answer::Refused(Refusal::Stopped) } else { Answer::Unknown };
            self.effects.push(Effect::Answer { ticket, answer });
        }
        for (ticket, _) in self.forming.take_answers() {
            self.refuse(&[ticket], Refusal::Stopped);
        }
        self.refuse_waiting(&Refusal::Stopped);
        self.effects.push(Effect::Stopped { reason });
    }

    pub(super) fn refuse(&mut self, tickets: &[u64], refusal: Refusal) {
        for &ticket in tickets {
            let answer = Answer::Refused(refusal.clone());
            self.effects.push(Effect::Answer { ticket, answer });
        }
    }

    pub(super) fn corrupt(&mut self, reason: String) {
        self.stop(StopReason::Corrupt { position: self.durable.position, reason });
    }

    fn submit(&mut self, it: Submission<M>) {
        let ticket = it.ticket;
        if let Some(refusal) = self.refusal(it.is_exempt) {
            return self.refuse(&[ticket], refusal);
        }
        let caller = Caller {
            tenant: it.tenant,
            key: it.key,
            request_id: it.request_id,
            actor: it.actor,
            correlation_id: it.correlation_id,
            trace: it.trace,
        };
        let command = AnyCommand::Machine(it.command);
        match self.body(&command) {
            Err(refusal) => self.refuse(&[ticket], refusal),
            Ok(body) if self.is_cautious() => self.detour(ticket, caller, &command, &body),
            Ok(body) => self.queue.push(Task {
                work: Work::Command(command),
                body,
                caller,
                tickets: vec![ticket],
                inbox: None,
                attempts: 0,
            }),
        }
    }

    fn refusal(&self, is_exempt: bool) -> Option<Refusal> {
        if self.life != Life::Running {
            return Some(Refusal::Stopped);
        }
        let has_room = self.queue.has_room(self.detours.len(), &self.settings, is_exempt);
        (!has_room).then_some(Refusal::Backpressure)
    }

    fn body(&self, command: &AnyCommand<M>) -> Result<CommandBody, Refusal> {
        let body = CommandBody::of(command).map_err(Refusal::Body)?;
        let limit = self.engine.control().map_or(0, |it| u64::from(it.limits.command_bytes));
        let found = body.bytes().len() as u64;
        if found > limit { Err(Refusal::TooLarge { limit, found }) } else { Ok(body) }
    }

    /// Sends a command through the inbox, so that it is found there if it kills the process.
    fn detour(
        &mut self,
        ticket: u64,
        mut caller: Caller,
        command: &AnyCommand<M>,
        body: &CommandBody,
    ) {
        let Head { incarnation, epoch, .. } = self.durable;
        let own_id = || Arc::from(format!("cautious-{incarnation}-{epoch}-{ticket}"));
        let request_id = caller.request_id.get_or_insert_with(own_id).clone();
        let tenant = caller.tenant.clone();
        let (intent, version) = command_intent(command);
        let header = self.header(caller, body);
        let bytes = encode_command(&header, intent, version, body);
        let waiting = self.detours.entry((tenant.clone(), request_id.clone())).or_default();
        waiting.push(ticket);
        if waiting.len() == 1 {
            let put = InboxPut { request_id, tenant, command: bytes };
            self.effects.push(Effect::InboxPut(put));
        }
    }

    fn take_from_inbox(&mut self, it: InboxSubmission<M>) {
        if self.life != Life::Running {
            return;
        }
        let tickets = self.detours.remove(&(it.tenant.clone(), it.request_id.clone()));
        let tickets = tickets.unwrap_or_default();
        let parsed = it.command.and_then(|command| match self.body(&command) {
            Ok(body) => Ok((command, body)),
            Err(refusal) => Err(refusal.to_string()),
        });
        let (command, body) = match parsed.map_or_else(|reason| malformed(&reason), Ok) {
            Ok(parsed) => parsed,
            Err(error) => return self.corrupt(error.to_string()),
        };
        let request_id = Some(it.request_id.clone());
        let (tenant, key, actor) = (it.tenant, it.key, it.actor);
        let (correlation_id, trace) = (it.correlation_id, it.trace);
        self.queue.push(Task {
            work: Work::Command(command),
            body,
            caller: Caller { tenant, key, request_id, actor, correlation_id, trace },
            tickets,
            inbox: Some(it.request_id),
            attempts: it.attempts,
        });
    }

    fn submit_control(&mut self, ticket: u64, control: Control) {
        if self.life != Life::Running {
            return self.refuse(&[ticket], Refusal::Stopped);
        }
        match CommandBody::of_control(&control) {
            Err(error) => self.refuse(&[ticket], Refusal::Body(error)),
            Ok(body) => self.queue.push(Task {
                work: Work::Control(control),
                body,
                caller: Caller { tenant: self.default_tenant(), ..Caller::default() },
                tickets: vec![ticket],
                inbox: None,
                attempts: 0,
            }),
        }
    }

    fn observe(&mut self, now_ms: i64, store_now_ms: Option<i64>) {
        self.clock.observe(now_ms, store_now_ms);
        if self.woken_ms.is_some_and(|woken_ms| woken_ms <= now_ms) {
            self.woken_ms = None;
        }
    }

    /// Sees whether the clock is to be trusted. While it is not, clients are refused and the inbox waits.
    fn watch_clock(&mut self) {
        let jump = self.stamp().err();
        match (jump, self.is_jumped) {
            (Some(jump), false) => {
                self.is_jumped = true;
                self.effects.push(Effect::ClockJumped { ahead_ms: jump.ahead_ms });
            }
            (None, true) => {
                self.is_jumped = false;
                self.effects.push(Effect::ClockAccepted);
            }
            (Some(_), true) | (None, false) => {}
        }
        if let Some(jump) = jump {
            for task in self.queue.take_clients() {
                self.refuse(&task.tickets, Refusal::ClockJump { ahead_ms: jump.ahead_ms });
            }
        }
    }

    fn appended(&mut self, batch: u64, outcome: AppendOutcome) {
        let Some(flight) = self.flight.as_ref().filter(|flight| flight.batch.id == batch) else {
            return;
        };
        match outcome {
            AppendOutcome::Done => self.commit(),
            // The same bytes again: they were stepped once, and are never stepped again.
            AppendOutcome::NotDone(NotDone::Unavailable) => {
                self.effects.push(Effect::Append(flight.batch.clone()));
            }
            // A batch that was sent twice may be fenced by itself, so the head decides here too.
            AppendOutcome::NotDone(NotDone::Fenced) | AppendOutcome::Unknown => {
                let position = flight.batch.next.position;
                self.effects.push(Effect::Resolve { batch, position });
            }
        }
    }

    fn resolved(&mut self, batch: u64, head: Head, hash: Option<Hash>) {
        let Some(flight) = self.flight.as_ref().filter(|flight| flight.batch.id == batch) else {
            return;
        };
        let (expected, next) = (flight.batch.expected, flight.batch.next);
        if head == next {
            self.commit();
        } else if head == expected {
            self.effects.push(Effect::Append(flight.batch.clone()));
        } else if (head.incarnation, head.epoch) == (expected.incarnation, expected.epoch) {
            self.corrupt(format!(
                "expected this writer's head, found position {}",
                head.position.0
            ));
        } else {
            // Another writer has the partition; whether the batch went before it is in the log.
            if hash == Some(next.hash) {
                self.commit();
            }
            self.stop(StopReason::Fenced);
        }
    }

    fn commit(&mut self) {
        let Some(flight) = self.flight.take() else { return };
        self.durable = flight.batch.next;
        if !flight.frames.is_empty() {
            let (frames, stored) = (flight.frames, flight.batch.frames);
            let committed = Committed { frames, stored, head: self.durable };
            self.effects.push(Effect::Committed(committed));
        }
        self.give(flight.answers);
        let position = self.durable.position;
        let records = self.settings.snapshot_records;
        if records > 0 && position.0 >= self.snapshot_from.0.saturating_add(records) {
            self.snapshot_from = position;
            self.effects.push(Effect::SnapshotDue { position });
        }
    }

    fn give(&mut self, answers: Vec<(u64, Answer<M>)>) {
        let effects = answers.into_iter().map(|(ticket, answer)| Effect::Answer { ticket, answer });
        self.effects.extend(effects);
    }

    fn dispatch(&mut self) {
        if self.flight.is_some() {
            return;
        }
        if !self.forming.is_empty() {
            self.batches += 1;
            let flight = self.forming.close(self.batches);
            self.effects.push(Effect::Append(flight.batch.clone()));
            self.flight = Some(flight);
            return;
        }
        let answers = self.forming.take_answers();
        self.give(answers);
        if self.life == Life::Stopping && self.queue.is_empty() {
            self.stop(StopReason::Asked);
        }
    }

    fn ask_to_stop(&mut self) {
        self.life = Life::Stopping;
        self.refuse_waiting(&Refusal::Stopped);
    }

    fn refuse_waiting(&mut self, refusal: &Refusal) {
        let mut in_inbox: Vec<u64> =
            std::mem::take(&mut self.detours).into_values().flatten().collect();
        while let Some(task) = self.queue.pop() {
            match task.inbox {
                Some(_) => in_inbox.extend(task.tickets),
                None => self.refuse(&task.tickets, refusal.clone()),
            }
        }
        // What is in the inbox will be stepped by whoever leads next.
        for ticket in in_inbox {
            self.effects.push(Effect::Answer { ticket, answer: Answer::Unknown });
        }
    }

    fn wake(&mut self) {
        let Some(at_ms) = self.wake_time() else { return };
        if self.woken_ms.is_none_or(|woken_ms| woken_ms != at_ms) {
            self.woken_ms = Some(at_ms);
            self.effects.push(Effect::WakeAt { at_ms });
        }
    }

    fn wake_time(&self) -> Option<i64> {
        let control = self.engine.control()?;
        let now_ms = self.clock.now_ms();
        // The end of the append in flight steps what is due; a jumped clock steps nothing.
        let is_busy = self.flight.is_some() || self.is_jumped;
        let due = self.engine.next_due().map(|due| due.plus_ms(-control.clock_offset_ms).0);
        let due = due.map(|due_ms| due_ms.max(self.internal_pause_ms));
        let due = due.filter(|due_ms| *due_ms > now_ms || !is_busy).map(|it| it.max(now_ms));
        // Without another clock, only a clock that is seen often enough can be seen to jump.
        let look = (!self.clock.has_store())
            .then(|| now_ms.saturating_add(control.limits.clock_jump_ms / 2))
            .map(|look_ms| self.woken_ms.map_or(look_ms, |woken_ms| woken_ms.min(look_ms)));
        [due, look].into_iter().flatten().min()
    }
}

fn malformed<M: Machine>(
    reason: &str,
) -> Result<(AnyCommand<M>, CommandBody), crate::wire::WireError> {
    let parse = ParseCommand { reason: reason.into() };
    let command = AnyCommand::Kernel(KernelCommand::ParseCommand(parse));
    let body = CommandBody::of(&command)?;
    Ok((command, body))
}

fn refuse_input<M: Machine>(input: Input<M>) -> Vec<Effect<M>> {
    match input {
        Input::Submit(Submission { ticket, .. }) | Input::Control { ticket, .. } => {
            vec![Effect::Answer { ticket, answer: Answer::Refused(Refusal::Stopped) }]
        }
        Input::Inbox(_)
        | Input::Clock { .. }
        | Input::AcceptClock
        | Input::Appended { .. }
        | Input::Resolved { .. }
        | Input::Stop => Vec::new(),
    }
}
