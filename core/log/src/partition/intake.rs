//! What comes in: from clients, from the inbox, and from the host itself.

use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, KernelCommand, Machine, ParseCommand};
use dacapo_engine::record::Control;

use super::queue::{Caller, Task, Work};
use super::writer::Life;
use super::{Effect, InboxPut, InboxSubmission, Partition, Refusal, Submission};
use crate::wire::{CommandBody, Head, WireError, command_intent, encode_command};

impl<M: Machine> Partition<M> {
    pub(super) fn submit(&mut self, it: Submission<M>) {
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

    pub(super) fn take_from_inbox(&mut self, it: InboxSubmission<M>) {
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

    pub(super) fn submit_control(&mut self, ticket: u64, control: Control) {
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
}

fn malformed<M: Machine>(reason: &str) -> Result<(AnyCommand<M>, CommandBody), WireError> {
    let parse = ParseCommand { reason: reason.into() };
    let command = AnyCommand::Kernel(KernelCommand::ParseCommand(parse));
    let body = CommandBody::of(&command)?;
    Ok((command, body))
}
