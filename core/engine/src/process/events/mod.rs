//! What can happen: one file per event, with its fields and how the state takes it. No expression, no time, only tables.

mod decision_deployed;
pub(super) mod decision_evaluated;
mod decision_requirements_deployed;
mod deployment_created;
mod element_activated;
mod element_activating;
mod element_completed;
mod element_interrupted;
mod element_terminated;
mod element_terminating;
mod flow_taken;
mod incident_created;
mod incident_resolved;
mod instance_completed;
mod instance_created;
mod instance_terminated;
mod job_activated;
mod job_backoff_ended;
mod job_canceled;
mod job_completed;
mod job_created;
mod job_error_thrown;
mod job_failed;
mod job_retries_updated;
mod job_timed_out;
mod job_timeout_updated;
mod message_expired;
mod message_published;
mod message_settled;
mod message_subscription_closed;
mod message_subscription_correlated;
mod message_subscription_opened;
mod process_deployed;
mod resource_deployed;
mod start_subscription_closed;
mod start_subscription_correlated;
mod start_subscription_opened;
mod timer_armed;
mod timer_canceled;
mod timer_triggered;
mod variable_changed;

use super::state::State;
use crate::feel::Context;
use crate::kernel::{Corrupt, Evolve, bodies};

pub use decision_deployed::DecisionDeployed;
pub use decision_evaluated::{ClauseValue, DecisionEvaluated, MatchedRule};
pub use decision_requirements_deployed::DecisionRequirementsDeployed;
pub use deployment_created::DeploymentCreated;
pub use element_activated::ElementActivated;
pub use element_activating::ElementActivating;
pub use element_completed::ElementCompleted;
pub use element_interrupted::ElementInterrupted;
pub use element_terminated::ElementTerminated;
pub use element_terminating::ElementTerminating;
pub use flow_taken::FlowTaken;
pub use incident_created::IncidentCreated;
pub use incident_resolved::IncidentResolved;
pub use instance_completed::InstanceCompleted;
pub use instance_created::InstanceCreated;
pub use instance_terminated::InstanceTerminated;
pub use job_activated::JobActivated;
pub use job_backoff_ended::JobBackoffEnded;
pub use job_canceled::JobCanceled;
pub use job_completed::JobCompleted;
pub use job_created::JobCreated;
pub use job_error_thrown::JobErrorThrown;
pub use job_failed::JobFailed;
pub use job_retries_updated::JobRetriesUpdated;
pub use job_timed_out::JobTimedOut;
pub use job_timeout_updated::JobTimeoutUpdated;
pub use message_expired::MessageExpired;
pub use message_published::MessagePublished;
pub use message_settled::MessageSettled;
pub use message_subscription_closed::MessageSubscriptionClosed;
pub use message_subscription_correlated::MessageSubscriptionCorrelated;
pub use message_subscription_opened::MessageSubscriptionOpened;
pub use process_deployed::ProcessDeployed;
pub use resource_deployed::ResourceDeployed;
pub use start_subscription_closed::StartSubscriptionClosed;
pub use start_subscription_correlated::StartSubscriptionCorrelated;
pub use start_subscription_opened::StartSubscriptionOpened;
pub use timer_armed::TimerArmed;
pub use timer_canceled::TimerCanceled;
pub use timer_triggered::TimerTriggered;
pub use variable_changed::VariableChanged;

bodies! {
    /// What can happen in the process machine.
    pub enum Event {
        /// Files were deployed. The events about what is new in them follow.
        DeploymentCreated(DeploymentCreated) = 101 "deployment.created" v 1,
        /// A file was deployed.
        ResourceDeployed(ResourceDeployed) = 102 "resource.deployed" v 1,
        /// A process got a new version.
        ProcessDeployed(ProcessDeployed) = 103 "process.deployed" v 1,
        /// A message start event waits for messages.
        StartSubscriptionOpened(StartSubscriptionOpened) = 104 "start_subscription.opened" v 1,
        /// A message began an instance.
        StartSubscriptionCorrelated(StartSubscriptionCorrelated) = 105 "start_subscription.correlated" v 1,
        /// A message start event waits no longer.
        StartSubscriptionClosed(StartSubscriptionClosed) = 106 "start_subscription.closed" v 1,
        /// A process instance began; it is its own outermost scope.
        InstanceCreated(InstanceCreated) = 111 "instance.created" v 1,
        /// A process instance reached its end.
        InstanceCompleted(InstanceCompleted) = 113 "instance.completed" v 1,
        /// A process instance was ended from outside.
        InstanceTerminated(InstanceTerminated) = 114 "instance.terminated" v 1,
        /// An element was entered: its instance is there and not yet at work.
        ElementActivating(ElementActivating) = 120 "element.activating" v 1,
        /// An element is at work, or waits.
        ElementActivated(ElementActivated) = 121 "element.activated" v 1,
        /// An element did its work; its instance is gone.
        ElementCompleted(ElementCompleted) = 122 "element.completed" v 1,
        /// A scope waits until all inside has ended.
        ElementTerminating(ElementTerminating) = 123 "element.terminating" v 1,
        /// An element was ended from outside; its instance is gone.
        ElementTerminated(ElementTerminated) = 124 "element.terminated" v 1,
        /// Everything inside a scope ends and nothing new begins there.
        ElementInterrupted(ElementInterrupted) = 125 "element.interrupted" v 1,
        /// A token left an element by a sequence flow of the scope that this record is about.
        FlowTaken(FlowTaken) = 126 "flow.taken" v 1,
        /// A variable was created or got another value.
        VariableChanged(VariableChanged) = 131 "variable.changed" v 1,
        /// An element waits for a worker.
        JobCreated(JobCreated) = 140 "job.created" v 1,
        /// A worker has the job until its time is out.
        JobActivated(JobActivated) = 142 "job.activated" v 1,
        /// A worker did the job.
        JobCompleted(JobCompleted) = 144 "job.completed" v 1,
        /// A worker gave the job back.
        JobFailed(JobFailed) = 146 "job.failed" v 1,
        /// A worker threw a BPMN error.
        JobErrorThrown(JobErrorThrown) = 148 "job.error_thrown" v 1,
        /// The job has other retries.
        JobRetriesUpdated(JobRetriesUpdated) = 150 "job.retries_updated" v 1,
        /// The worker has the job for another time.
        JobTimeoutUpdated(JobTimeoutUpdated) = 151 "job.timeout_updated" v 1,
        /// The time of the worker is out: another one may take the job.
        JobTimedOut(JobTimedOut) = 153 "job.timed_out" v 1,
        /// The back-off of the failed job is over: a worker may take it.
        JobBackoffEnded(JobBackoffEnded) = 155 "job.backoff_ended" v 1,
        /// Nobody waits for the job any more.
        JobCanceled(JobCanceled) = 156 "job.canceled" v 1,
        /// An element is blocked: its model or its data is wrong.
        IncidentCreated(IncidentCreated) = 160 "incident.created" v 1,
        /// What was blocked is tried again, or has ended.
        IncidentResolved(IncidentResolved) = 162 "incident.resolved" v 1,
        /// Something waits for a time.
        TimerArmed(TimerArmed) = 170 "timer.armed" v 1,
        /// A time has come.
        TimerTriggered(TimerTriggered) = 172 "timer.triggered" v 1,
        /// Nobody waits for the time any more.
        TimerCanceled(TimerCanceled) = 173 "timer.canceled" v 1,
        /// A message is there.
        MessagePublished(MessagePublished) = 181 "message.published" v 1,
        /// All who waited for the message have it; it stays for later ones.
        MessageSettled(MessageSettled) = 184 "message.settled" v 1,
        /// The message is gone.
        MessageExpired(MessageExpired) = 186 "message.expired" v 1,
        /// An instance waits for a message.
        MessageSubscriptionOpened(MessageSubscriptionOpened) = 190 "message_subscription.opened" v 1,
        /// An instance got its message.
        MessageSubscriptionCorrelated(MessageSubscriptionCorrelated) = 191 "message_subscription.correlated" v 1,
        /// An instance waits for the message no longer.
        MessageSubscriptionClosed(MessageSubscriptionClosed) = 192 "message_subscription.closed" v 1,
        /// A decision model got a new version.
        DecisionRequirementsDeployed(DecisionRequirementsDeployed) = 193 "decision_requirements.deployed" v 1,
        /// A decision got a new version.
        DecisionDeployed(DecisionDeployed) = 194 "decision.deployed" v 1,
        /// A decision was evaluated, or could not be.
        DecisionEvaluated(DecisionEvaluated) = 196 "decision.evaluated" v 1,
    }
}

/// Takes an event into the state.
#[inline]
pub(super) fn evolve(state: &mut Evolve<'_, State>, event: &Event) -> Result<(), Corrupt> {
    match event {
        Event::DeploymentCreated(it) => deployment_created::evolve(state, it),
        Event::ResourceDeployed(it) => resource_deployed::evolve(state, it),
        Event::ProcessDeployed(it) => process_deployed::evolve(state, it),
        Event::StartSubscriptionOpened(it) => start_subscription_opened::evolve(state, it),
        Event::StartSubscriptionCorrelated(it) => start_subscription_correlated::evolve(state, it),
        Event::StartSubscriptionClosed(it) => start_subscription_closed::evolve(state, it),
        Event::DecisionRequirementsDeployed(it) => {
            decision_requirements_deployed::evolve(state, it)
        }
        Event::DecisionDeployed(it) => decision_deployed::evolve(state, it),
        Event::InstanceCreated(it) => instance_created::evolve(state, it),
        Event::InstanceCompleted(it) => instance_completed::evolve(state, it),
        Event::InstanceTerminated(it) => instance_terminated::evolve(state, it),
        Event::ElementActivating(it) => element_activating::evolve(state, it),
        Event::ElementActivated(it) => element_activated::evolve(state, it),
        Event::ElementCompleted(it) => element_completed::evolve(state, it),
        Event::ElementTerminating(it) => element_terminating::evolve(state, it),
        Event::ElementTerminated(it) => element_terminated::evolve(state, it),
        Event::ElementInterrupted(it) => element_interrupted::evolve(state, it),
        Event::FlowTaken(it) => flow_taken::evolve(state, it),
        Event::VariableChanged(it) => variable_changed::evolve(state, it),
        Event::JobCreated(it) => job_created::evolve(state, it),
        Event::JobActivated(it) => job_activated::evolve(state, it),
        Event::JobCompleted(it) => job_completed::evolve(state, it),
        Event::JobFailed(it) => job_failed::evolve(state, it),
        Event::JobErrorThrown(it) => job_error_thrown::evolve(state, it),
        Event::JobRetriesUpdated(it) => job_retries_updated::evolve(state, it),
        Event::JobTimeoutUpdated(it) => job_timeout_updated::evolve(state, it),
        Event::JobTimedOut(it) => job_timed_out::evolve(state, it),
        Event::JobBackoffEnded(it) => job_backoff_ended::evolve(state, it),
        Event::JobCanceled(it) => job_canceled::evolve(state, it),
        Event::IncidentCreated(it) => incident_created::evolve(state, it),
        Event::IncidentResolved(it) => incident_resolved::evolve(state, it),
        Event::TimerArmed(it) => timer_armed::evolve(state, it),
        Event::TimerTriggered(it) => timer_triggered::evolve(state, it),
        Event::TimerCanceled(it) => timer_canceled::evolve(state, it),
        Event::MessagePublished(it) => message_published::evolve(state, it),
        Event::MessageSettled(it) => message_settled::evolve(state, it),
        Event::MessageExpired(it) => message_expired::evolve(state, it),
        Event::MessageSubscriptionOpened(it) => message_subscription_opened::evolve(state, it),
        Event::MessageSubscriptionCorrelated(it) => {
            message_subscription_correlated::evolve(state, it)
        }
        Event::MessageSubscriptionClosed(it) => message_subscription_closed::evolve(state, it),
        Event::DecisionEvaluated(it) => decision_evaluated::evolve(state, it),
    }
}

/// Makes the error of an event about something that is not there.
fn missing(state: &Evolve<'_, State>, what: &str) -> Corrupt {
    state.corrupt(alloc::format!("expected {what} {}, found none", state.at.key))
}

/// Estimates the bytes of an event.
pub(super) fn weight(event: &Event) -> u64 {
    let data = match event {
        Event::ResourceDeployed(it) => it.content.0.len() as u64,
        Event::VariableChanged(it) => it.value.weight(),
        Event::MessagePublished(it) => weight_of(&it.variables),
        Event::JobErrorThrown(it) => weight_of(&it.variables),
        Event::IncidentCreated(it) => it.error_message.len() as u64,
        Event::DeploymentCreated(it) => it.unchanged.len() as u64,
        Event::DecisionEvaluated(it) => decision_evaluated::weight(it),
        // Keys, names and numbers: much the same for all.
        Event::ProcessDeployed(_)
        | Event::DecisionRequirementsDeployed(_)
        | Event::DecisionDeployed(_)
        | Event::StartSubscriptionOpened(_)
        | Event::StartSubscriptionCorrelated(_)
        | Event::StartSubscriptionClosed(_)
        | Event::InstanceCreated(_)
        | Event::InstanceCompleted(_)
        | Event::InstanceTerminated(_)
        | Event::ElementActivating(_)
        | Event::ElementActivated(_)
        | Event::ElementCompleted(_)
        | Event::ElementTerminating(_)
        | Event::ElementTerminated(_)
        | Event::ElementInterrupted(_)
        | Event::FlowTaken(_)
        | Event::JobCreated(_)
        | Event::JobActivated(_)
        | Event::JobCompleted(_)
        | Event::JobFailed(_)
        | Event::JobRetriesUpdated(_)
        | Event::JobTimeoutUpdated(_)
        | Event::JobTimedOut(_)
        | Event::JobBackoffEnded(_)
        | Event::JobCanceled(_)
        | Event::IncidentResolved(_)
        | Event::TimerArmed(_)
        | Event::TimerTriggered(_)
        | Event::TimerCanceled(_)
        | Event::MessageSettled(_)
        | Event::MessageExpired(_)
        | Event::MessageSubscriptionOpened(_)
        | Event::MessageSubscriptionCorrelated(_)
        | Event::MessageSubscriptionClosed(_) => 0,
    };
    data.saturating_add(HEAD_BYTES)
}

fn weight_of(variables: &Context) -> u64 {
    variables.iter().map(|(name, value)| value.weight().saturating_add(name.len() as u64)).sum()
}

const HEAD_BYTES: u64 = 64;
