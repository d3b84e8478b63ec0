//! Deciding: from a command to the events of its step, or to a refusal that leaves nothing behind.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::cx::StepBudget;
use super::engine::{Engine, MALFORMED, PARKED_NOT_FOUND};
use super::{
    AnyCommand, AnyEvent, Content, ControlState, Cx, EventRecord, Fault, Frame, KernelCommand,
    KernelEvent, Machine, Outcome, ParkedRow, Stepped, WorkResumed,
};
use crate::record::{Header, Key, Rejection};

impl<M: Machine> Engine<M> {
    pub(super) fn decide(
        &mut self,
        header: &Header,
        command: &AnyCommand<M>,
        control: ControlState,
    ) -> Result<Vec<EventRecord<AnyEvent<M>>>, Rejection> {
        let tenant = self.state.kernel.symbols.intern(&header.tenant);
        let mut step = StepBudget::new(header.clone(), tenant, control);
        let (mut events, mut agenda) = (Vec::new(), VecDeque::new());
        match command {
            AnyCommand::Kernel(KernelCommand::ContinueWork(it)) => {
                agenda.extend(self.resume(&mut step, it.parked_key, &mut events)?);
            }
            AnyCommand::Kernel(KernelCommand::ParseCommand(it)) => {
                return Err(Rejection::new(MALFORMED, &*it.reason));
            }
            AnyCommand::Machine(_) => {}
        }
        let mut records = Vec::new();
        let mut cx = Cx {
            step: &mut step,
            kernel: &mut self.state.kernel,
            tables: &mut self.state.tables,
            cache: &mut self.cache,
            records: &mut records,
            agenda: &mut agenda,
        };
        if let AnyCommand::Machine(command) = command {
            M::decide(&mut cx, command)?;
        }
        // At least one piece of work is done, so that parked work gets on however small the budget is.
        while let Some(work) = cx.agenda.pop_front() {
            M::work(&mut cx, work);
            if cx.step.is_spent() {
                break;
            }
        }
        events.extend(
            records
                .into_iter()
                .map(|it| EventRecord { key: it.key, event: AnyEvent::Machine(it.event) }),
        );
        self.park(&mut step, agenda, &mut events);
        match step.fault {
            None => Ok(events),
            Some(Fault { reason }) => {
                Err(Rejection { is_imposed: true, ..Rejection::new(Fault::CODE, reason) })
            }
        }
    }

    pub(super) fn resume(
        &mut self,
        step: &mut StepBudget,
        key: Key,
        events: &mut Vec<EventRecord<AnyEvent<M>>>,
    ) -> Result<Vec<M::Work>, Rejection> {
        let Some(row) = self.state.parked.get(&key).cloned() else {
            let reason = alloc::format!("expected parked work {key}, found none");
            return Err(Rejection::new(PARKED_NOT_FOUND, reason).blame("parked_key"));
        };
        self.emit_kernel(step, key, KernelEvent::WorkResumed(WorkResumed {}), events);
        Ok(row.work)
    }

    pub(super) fn park(
        &mut self,
        step: &mut StepBudget,
        agenda: VecDeque<M::Work>,
        events: &mut Vec<EventRecord<AnyEvent<M>>>,
    ) {
        let Some(first) = agenda.front() else { return };
        let (subject, tenant) = (M::subject(first), step.header.tenant.clone());
        let row = ParkedRow { subject, tenant, work: agenda.into() };
        let key = Key::new(step.control.partition, step.control.incarnation, step.next);
        self.emit_kernel(step, key, KernelEvent::WorkParked(row), events);
    }

    pub(super) fn emit_kernel(
        &mut self,
        step: &mut StepBudget,
        key: Key,
        event: KernelEvent<M::Work>,
        events: &mut Vec<EventRecord<AnyEvent<M>>>,
    ) {
        if let Err(corrupt) = self.evolve_kernel(key, &event, step.next) {
            step.fault.get_or_insert(corrupt.into());
        }
        step.next = step.next.next();
        events.push(EventRecord { key, event: AnyEvent::Kernel(event) });
    }

    pub(super) fn settle(
        &mut self,
        header: Header,
        command: AnyCommand<M>,
        outcome: Outcome<M>,
    ) -> Stepped<M> {
        let mut frame = Frame { header, content: Content::Step(command, outcome), digest: [0; 8] };
        self.evolve_header(&frame.header);
        self.finish(&frame.header, frame.count());
        frame.digest = self.place.digest.short();
        Stepped::Frame(frame)
    }
}
