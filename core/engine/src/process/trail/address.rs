//! Which entity a command is addressed to, and what it carries.

use crate::feel::Context;
use crate::kernel::{AnyCommand, Content, Frame, KernelCommand};
use crate::process::{Command, Process};
use crate::record::Key;

/// Returns the entity that the command of a frame is addressed to: that of its header, or else the one that it names itself.
pub fn address(frame: &Frame<Process>) -> Option<Key> {
    let command = match &frame.content {
        Content::Control(_) => return None,
        Content::Step(command, _) => command,
    };
    frame.header.key.or_else(|| match command {
        AnyCommand::Machine(command) => named(command),
        AnyCommand::Kernel(KernelCommand::ContinueWork(it)) => Some(it.parked_key),
        AnyCommand::Kernel(KernelCommand::ParseCommand(_)) => None,
    })
}

fn named(command: &Command) -> Option<Key> {
    match command {
        // A definition is what an instance is made after, not what it is about.
        Command::Deploy(_)
        | Command::CreateInstance(_)
        | Command::ActivateJobs(_)
        | Command::PublishMessage(_)
        | Command::CorrelateMessage(_)
        | Command::EvaluateDecision(_) => None,
        Command::CancelInstance(it) => Some(it.process_instance_key),
        Command::SetVariables(it) => Some(it.scope_key),
        Command::CompleteJob(it) => Some(it.job_key),
        Command::FailJob(it) => Some(it.job_key),
        Command::ThrowError(it) => Some(it.job_key),
        Command::UpdateJob(it) => Some(it.job_key),
        Command::TimeOutJob(it) => Some(it.job_key),
        Command::EndBackoff(it) => Some(it.job_key),
        Command::ResolveIncident(it) => Some(it.incident_key),
        Command::TriggerTimer(it) => Some(it.timer_key),
        Command::DeliverMessage(it) => Some(it.message_key),
        Command::ExpireMessage(it) => Some(it.message_key),
    }
}

/// Returns the variables that a command carries.
pub(super) fn carried(command: &Command) -> Option<&Context> {
    match command {
        Command::CreateInstance(it) => Some(&it.variables),
        Command::SetVariables(it) => Some(&it.variables),
        Command::CompleteJob(it) => Some(&it.variables),
        Command::FailJob(it) => Some(&it.variables),
        Command::ThrowError(it) => Some(&it.variables),
        Command::PublishMessage(it) => Some(&it.variables),
        Command::CorrelateMessage(it) => Some(&it.variables),
        Command::EvaluateDecision(it) => Some(&it.variables),
        Command::Deploy(_)
        | Command::CancelInstance(_)
        | Command::ActivateJobs(_)
        | Command::UpdateJob(_)
        | Command::TimeOutJob(_)
        | Command::EndBackoff(_)
        | Command::ResolveIncident(_)
        | Command::TriggerTimer(_)
        | Command::DeliverMessage(_)
        | Command::ExpireMessage(_) => None,
    }
}
