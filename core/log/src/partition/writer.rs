//! The single writer of a partition: takes inputs, steps, batches, and says what the host is to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::{Engine, EngineState, Machine};
use dacapo_engine::record::Position;

use super::batch::{Flight, Forming};
use super::clock::Clock;
use super::holds::Holds;
use super::queue::Queue;
use super::{Answer, Effect, Input, Refusal, Settings, StopReason, Submission};
use crate::wire::Head;

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
    pub(super) holds: Holds,
    pub(super) effects: Vec<Effect<M>>,
    /// Who waits for commands that went through the inbox.
    pub(super) detours: BTreeMap<(Arc<str>, Arc<str>), Vec<u64>>,
    pub(super) batches: u64,
    woken_ms: Option<i64>,
    pub(super) snapshot_from: Position,
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
            holds: Holds::default(),
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

    fn observe(&mut self, now_ms: i64, store_now_ms: Option<i64>) {
        self.clock.observe(now_ms, store_now_ms);
        if self.woken_ms.is_some_and(|woken_ms| woken_ms <= now_ms) {
            self.woken_ms = None;
        }
        while let Some(key) = self.holds.release(now_ms) {
            self.engine.release(key);
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
        let due = due.into_iter().chain(self.holds.next_ms()).min();
        let due = due.filter(|due_ms| *due_ms > now_ms || !is_busy).map(|it| it.max(now_ms));
        // Without another clock, only a clock that is seen often enough can be seen to jump.
        let look = (!self.clock.has_store())
            .then(|| now_ms.saturating_add(control.limits.clock_jump_ms / 2))
            .map(|look_ms| self.woken_ms.map_or(look_ms, |woken_ms| woken_ms.min(look_ms)));
        [due, look].into_iter().flatten().min()
    }
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
