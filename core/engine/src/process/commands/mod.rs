//! What can be asked: one file per command, with its fields. A guard reads and may refuse; then it decides and emits.

mod activate_jobs;
mod cancel_instance;
mod complete_job;
mod correlate_message;
mod create_instance;
mod deliver_message;
mod guards;

mod deploy;
mod end_backoff;
mod evaluate_decision;
mod expire_message;
mod fail_job;
mod publish_message;
mod resolve_incident;
mod set_variables;
mod throw_error;
mod time_out_job;
mod trigger_timer;
mod update_job;

use super::Process;
use crate::kernel::{Cx, bodies};
use crate::record::Rejection;

pub use activate_jobs::ActivateJobs;
pub use cancel_instance::CancelInstance;
pub use complete_job::CompleteJob;
pub use correlate_message::CorrelateMessage;
pub use create_instance::CreateInstance;
pub use deliver_message::DeliverMessage;
pub use deploy::{Deploy, Resource};
pub use end_backoff::EndBackoff;
pub use evaluate_decision::EvaluateDecision;
pub use expire_message::ExpireMessage;
pub use fail_job::FailJob;
pub use publish_message::PublishMessage;
pub use resolve_incident::ResolveIncident;
pub use set_variables::SetVariables;
pub use throw_error::ThrowError;
pub use time_out_job::TimeOutJob;
pub use trigger_timer::TriggerTimer;
pub use update_job::UpdateJob;

bodies! {
    /// What can be asked of the process machine.
    pub enum Command {
        /// Deploy files, all or none.
        Deploy(Deploy) = 100 "deployment.create" v 1,
        /// Create an instance of a process, by id or by definition.
        CreateInstance(CreateInstance) = 110 "instance.create" v 1,
        /// End an instance and all that is active in it.
        CancelInstance(CancelInstance) = 112 "instance.cancel" v 1,
        /// Set variables, each where it is found from the scope outwards, else in the outermost scope.
        SetVariables(SetVariables) = 130 "variable.set" v 1,
        /// Hand jobs of a type to a worker, oldest first.
        ActivateJobs(ActivateJobs) = 141 "job.activate" v 1,
        /// Complete a job; its element goes on.
        CompleteJob(CompleteJob) = 143 "job.complete" v 1,
        /// Give a job back.
        FailJob(FailJob) = 145 "job.fail" v 1,
        /// Throw a BPMN error.
        ThrowError(ThrowError) = 147 "job.throw_error" v 1,
        /// Change the retries or the time of a job.
        UpdateJob(UpdateJob) = 149 "job.update" v 1,
        /// Take a job from a worker whose time is out.
        TimeOutJob(TimeOutJob) = 152 "job.time_out" v 1,
        /// Let a failed job be taken again.
        EndBackoff(EndBackoff) = 154 "job.end_backoff" v 1,
        /// Try again what was blocked.
        ResolveIncident(ResolveIncident) = 161 "incident.resolve" v 1,
        /// Go on where a time has come.
        TriggerTimer(TriggerTimer) = 171 "timer.trigger" v 1,
        /// Publish a message, for those who wait for it and for those who will within its time.
        PublishMessage(PublishMessage) = 180 "message.publish" v 1,
        /// Give a message to who waits for it now.
        CorrelateMessage(CorrelateMessage) = 182 "message.correlate" v 1,
        /// Give a published message to the next one who waits.
        DeliverMessage(DeliverMessage) = 183 "message.deliver" v 1,
        /// Forget a message whose time is over.
        ExpireMessage(ExpireMessage) = 185 "message.expire" v 1,
        /// Evaluate a decision, by id or by its version.
        EvaluateDecision(EvaluateDecision) = 195 "decision.evaluate" v 1,
    }
}

/// Decides a command.
pub(super) fn decide(cx: &mut Cx<'_, Process>, command: &Command) -> Result<(), Rejection> {
    match command {
        Command::Deploy(it) => deploy::decide(cx, it),
        Command::CreateInstance(it) => create_instance::decide(cx, it),
        Command::CancelInstance(it) => cancel_instance::decide(cx, it),
        Command::SetVariables(it) => set_variables::decide(cx, it),
        Command::ActivateJobs(it) => activate_jobs::decide(cx, it),
        Command::CompleteJob(it) => complete_job::decide(cx, it),
        Command::FailJob(it) => fail_job::decide(cx, it),
        Command::ThrowError(it) => throw_error::decide(cx, it),
        Command::UpdateJob(it) => update_job::decide(cx, it),
        Command::TimeOutJob(it) => time_out_job::decide(cx, it),
        Command::EndBackoff(it) => end_backoff::decide(cx, it),
        Command::ResolveIncident(it) => resolve_incident::decide(cx, it),
        Command::TriggerTimer(it) => trigger_timer::decide(cx, it),
        Command::PublishMessage(it) => publish_message::decide(cx, it),
        Command::CorrelateMessage(it) => correlate_message::decide(cx, it),
        Command::DeliverMessage(it) => deliver_message::decide(cx, it),
        Command::ExpireMessage(it) => expire_message::decide(cx, it),
        Command::EvaluateDecision(it) => evaluate_decision::decide(cx, it),
    }
}
