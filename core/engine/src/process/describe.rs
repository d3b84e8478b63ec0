//! What a record says to people, in one line. The command line, the browser and the specs share these words.
//!
//! Keys are shown by the names that the caller gives them; [`nickname`] says what such a name begins with.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::commands::{ActivateJobs, Command, CreateInstance, FailJob, Resource, UpdateJob};
use super::events::{
    DecisionEvaluated, ElementActivating, Event, IncidentCreated, JobFailed, MessagePublished,
    TimerArmed,
};
use super::{Process, Task, Work};
use crate::feel::{Context, DateTime, DaysDuration, Value, json};
use crate::kernel::{AnyCommand, AnyEvent, KernelCommand, KernelEvent};
use crate::record::{Key, Timestamp};

/// Gives a key the name that people read.
pub type NameKey<'a> = dyn FnMut(Key) -> String + 'a;

/// Returns what the name of the entity begins with that an event creates; none for events that create nothing.
pub fn nickname(event: &AnyEvent<Process>) -> Option<String> {
    let AnyEvent::Machine(event) = event else { return Some("#parked".into()) };
    Some(match event {
        Event::DeploymentCreated(_) => "#d".into(),
        Event::ResourceDeployed(_) => "#r".into(),
        Event::ProcessDeployed(_) => "#p".into(),
        Event::DecisionRequirementsDeployed(_) => "#drg".into(),
        Event::DecisionDeployed(_) => "#dec".into(),
        Event::DecisionEvaluated(_) => "#eval".into(),
        Event::StartSubscriptionOpened(_) => "#start".into(),
        Event::InstanceCreated(_) => "#i".into(),
        Event::ElementActivating(it) => format!("@{}", it.element_id),
        Event::VariableChanged(_) => "#v".into(),
        Event::JobCreated(_) => "#j".into(),
        Event::IncidentCreated(_) => "#inc".into(),
        Event::TimerArmed(_) => "#t".into(),
        Event::MessagePublished(_) => "#m".into(),
        Event::MessageSubscriptionOpened(_) => "#sub".into(),
        _ => return None,
    })
}

/// Says what is asked.
pub fn command(command: &AnyCommand<Process>, name: &mut NameKey<'_>) -> String {
    let command = match command {
        AnyCommand::Machine(command) => command,
        AnyCommand::Kernel(KernelCommand::ContinueWork(it)) => return name(it.parked_key),
        AnyCommand::Kernel(KernelCommand::ParseCommand(it)) => return it.reason.to_string(),
    };
    match command {
        Command::Deploy(it) => joined(it.resources.iter().map(resource)),
        Command::CreateInstance(it) => create_instance(it, name),
        Command::CancelInstance(it) => name(it.process_instance_key),
        Command::SetVariables(it) => {
            let local = if it.is_local { "local " } else { "" };
            format!("{} {local}{}", name(it.scope_key), variables(&it.variables))
        }
        Command::ActivateJobs(it) => activate_jobs(it),
        Command::CompleteJob(it) => format!("{}{}", name(it.job_key), carried(&it.variables)),
        Command::FailJob(it) => fail_job(it, name),
        Command::ThrowError(it) => {
            let said = said(it.error_message.as_ref());
            format!("{} {}{said}{}", name(it.job_key), it.error_code, carried(&it.variables))
        }
        Command::UpdateJob(it) => update_job(it, name),
        Command::TimeOutJob(it) => name(it.job_key),
        Command::EndBackoff(it) => name(it.job_key),
        Command::ResolveIncident(it) => name(it.incident_key),
        Command::TriggerTimer(it) => name(it.timer_key),
        Command::PublishMessage(it) => {
            let to = message(&it.message_name, &it.correlation_key, it.message_id.as_ref());
            let time = duration(it.time_to_live_ms);
            format!("{to} for {time}{}", carried(&it.variables))
        }
        Command::CorrelateMessage(it) => {
            let to = message(&it.message_name, &it.correlation_key, None);
            format!("{to}{}", carried(&it.variables))
        }
        Command::DeliverMessage(it) => name(it.message_key),
        Command::ExpireMessage(it) => name(it.message_key),
        Command::EvaluateDecision(it) => {
            let key = it.decision_key.map(&mut *name);
            let decision = key.or_else(|| it.decision_id.as_ref().map(ToString::to_string));
            format!("{}{}", decision.unwrap_or_default(), carried(&it.variables))
        }
    }
}

/// Says what happened to the entity that an event is about.
pub fn event(key: Key, event: &AnyEvent<Process>, name: &mut NameKey<'_>) -> String {
    let about = name(key);
    let event = match event {
        AnyEvent::Machine(event) => event,
        AnyEvent::Kernel(KernelEvent::WorkParked(it)) => {
            return format!("{about} {}", tasks(&it.work, name));
        }
        AnyEvent::Kernel(KernelEvent::WorkResumed(_)) => return about,
    };
    let more = details(event, name);
    if more.is_empty() { about } else { [about, more].join(" ") }
}

fn details(event: &Event, name: &mut NameKey<'_>) -> String {
    match event {
        Event::DeploymentCreated(_)
        | Event::ResourceDeployed(_)
        | Event::ProcessDeployed(_)
        | Event::DecisionRequirementsDeployed(_)
        | Event::DecisionDeployed(_) => deployed(event, name),
        Event::DecisionEvaluated(it) => evaluated(it, name),
        Event::StartSubscriptionOpened(it) => format!("{} for {}", it.message_name, it.element_id),
        Event::StartSubscriptionCorrelated(it) => {
            format!("{} begins {}", name(it.message_key), name(it.process_instance_key))
        }
        Event::InstanceCreated(it) => {
            let own = own(it.tags.as_deref(), it.business_id.as_ref());
            format!("{} v{}{own}", it.process_id, it.version)
        }
        Event::ElementActivating(it) => activating(it, name),
        Event::FlowTaken(it) => {
            let waits = it.joins.as_ref().map(|id| format!(", waits at {id}")).unwrap_or_default();
            format!("{}{waits}", it.flow_id)
        }
        Event::VariableChanged(it) => {
            format!("{} = {} in {}", it.name, shown(&it.value), name(it.scope_key))
        }
        Event::JobCreated(it) => {
            let at = name(it.element_instance_key);
            format!("{} for {at}, {}", it.job_type, retries(it.retries))
        }
        Event::JobActivated(it) => format!("worker {} until {}", it.worker, time(it.deadline)),
        Event::JobFailed(it) => failed(it),
        Event::JobErrorThrown(it) => {
            let said = said(it.error_message.as_ref());
            let caught = if it.is_caught { "caught" } else { "nobody catches it" };
            format!("{}{said}{}, {caught}", it.error_code, carried(&it.variables))
        }
        Event::JobRetriesUpdated(it) => retries(it.retries),
        Event::JobTimeoutUpdated(it) => format!("until {}", time(it.deadline)),
        Event::IncidentCreated(it) => incident(it, name),
        Event::TimerArmed(it) => armed(it, name),
        Event::MessagePublished(it) => published(it),
        Event::MessageSubscriptionOpened(it) => {
            let to = message(&it.message_name, &it.correlation_key, None);
            format!("{to} for {} of {}", it.element_id, name(it.element_instance_key))
        }
        Event::MessageSubscriptionCorrelated(it) => {
            let open = if it.is_open { ", waits for more" } else { "" };
            format!("{}{open}", name(it.message_key))
        }
        Event::StartSubscriptionClosed(_)
        | Event::InstanceCompleted(_)
        | Event::InstanceTerminated(_)
        | Event::ElementActivated(_)
        | Event::ElementCompleted(_)
        | Event::ElementTerminating(_)
        | Event::ElementTerminated(_)
        | Event::ElementInterrupted(_)
        | Event::JobCompleted(_)
        | Event::JobTimedOut(_)
        | Event::JobBackoffEnded(_)
        | Event::JobCanceled(_)
        | Event::IncidentResolved(_)
        | Event::TimerTriggered(_)
        | Event::TimerCanceled(_)
        | Event::MessageSettled(_)
        | Event::MessageExpired(_)
        | Event::MessageSubscriptionClosed(_) => String::new(),
    }
}

fn create_instance(it: &CreateInstance, name: &mut NameKey<'_>) -> String {
    let which = match (&it.process_id, it.process_definition_key) {
        (Some(id), None) => id.to_string(),
        (None, Some(key)) => name(key),
        (Some(id), Some(key)) => format!("{id} {}", name(key)),
        (None, None) => String::from("nothing"),
    };
    let version = it.version.map(|version| format!(" v{version}")).unwrap_or_default();
    let own = own(it.tags.as_deref(), it.business_id.as_ref());
    format!("{which}{version}{own}{}", carried(&it.variables))
}

fn activate_jobs(it: &ActivateJobs) -> String {
    let time = duration(it.timeout_ms);
    let fetch = it.fetch_variables.as_deref().map(|names| format!(", fetch {}", list(names)));
    let fetch = fetch.unwrap_or_default();
    format!("{} worker {} for {time}, at most {}{fetch}", it.job_type, it.worker, it.jobs_max)
}

fn fail_job(it: &FailJob, name: &mut NameKey<'_>) -> String {
    let backoff = it.backoff_ms.map(|ms| format!(" after {}", duration(ms))).unwrap_or_default();
    let said = said(it.error_message.as_ref());
    let (job, retries) = (name(it.job_key), retries(it.retries));
    format!("{job} {retries}{backoff}{said}{}", carried(&it.variables))
}

fn update_job(it: &UpdateJob, name: &mut NameKey<'_>) -> String {
    let retries = it.retries.map(|count| format!(" {}", retries(count))).unwrap_or_default();
    let time = it.timeout_ms.map(|ms| format!(" for {}", duration(ms))).unwrap_or_default();
    format!("{}{retries}{time}", name(it.job_key))
}

fn activating(it: &ElementActivating, name: &mut NameKey<'_>) -> String {
    let mut text = format!("{} in {}", it.element_type.name(), name(it.scope_key));
    if it.tokens > 1 {
        text.push_str(&format!(", joins {} tokens", it.tokens));
    }
    if it.is_triggered {
        text.push_str(", triggered");
    }
    if let Some(host) = it.interrupted_key {
        text.push_str(&format!(", interrupts {}", name(host)));
    }
    text
}

fn deployed(event: &Event, name: &mut NameKey<'_>) -> String {
    match event {
        Event::DeploymentCreated(it) if !it.unchanged.is_empty() => {
            format!("unchanged {}", joined(it.unchanged.iter().map(|key| name(*key))))
        }
        Event::ResourceDeployed(it) => {
            format!("{}, {} bytes", it.resource_name, it.content.0.len())
        }
        Event::ProcessDeployed(it) => format!("{} v{}", it.process_id, it.version),
        Event::DecisionRequirementsDeployed(it) => {
            format!("{} v{}", it.decision_requirements_id, it.version)
        }
        Event::DecisionDeployed(it) => {
            let tag = it.version_tag.as_ref().map(|tag| format!(", tag {tag}"));
            format!("{} v{}{}", it.decision_id, it.version, tag.unwrap_or_default())
        }
        _ => String::new(),
    }
}

fn evaluated(it: &DecisionEvaluated, name: &mut NameKey<'_>) -> String {
    let mut text = format!("{} v{}", it.decision_id, it.version);
    match &it.error_message {
        None => text.push_str(&format!(" = {}", shown(&it.output))),
        Some(message) => text.push_str(&format!(" has no result: {message}")),
    }
    if !it.rules.is_empty() {
        let rules = it.rules.iter().map(|rule| rule.index.to_string());
        text.push_str(&format!(" by {} {}", plural(it.rules.len(), "rule"), joined(rules)));
    }
    if !it.warnings.is_empty() {
        text.push_str(&format!(", {} {}", it.warnings.len(), plural(it.warnings.len(), "warning")));
    }
    let place = it.element_instance_key.map(|key| format!(" for {}", name(key)));
    format!("{text}{}", place.unwrap_or_default())
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.into() } else { format!("{noun}s") }
}

fn failed(it: &JobFailed) -> String {
    let until = it.backoff_until.map(|until| format!(" after {}", time(until))).unwrap_or_default();
    format!("{}{until}{}", retries(it.retries), said(it.error_message.as_ref()))
}

fn incident(it: &IncidentCreated, name: &mut NameKey<'_>) -> String {
    let (at, kind) = (name(it.element_instance_key), it.incident_kind.name());
    let job = it.job_key.map(|key| format!(" of {}", name(key))).unwrap_or_default();
    let retry = it.retry.as_ref().map(|it| format!(" (then {})", task(it, name)));
    format!("{kind} at {at}{job}: {}{}", it.error_message, retry.unwrap_or_default())
}

fn armed(it: &TimerArmed, name: &mut NameKey<'_>) -> String {
    let owner = it.element_instance_key.or(it.process_definition_key);
    let owner = owner.map(|key| format!(" of {}", name(key))).unwrap_or_default();
    let mut text = format!("{} for {}{owner}", time(it.due_date), it.element_id);
    if let Some(cycle) = &it.cycle {
        text.push_str(&format!(", {cycle}"));
    }
    if let Some(repetitions) = it.repetitions {
        text.push_str(&format!(", {repetitions} to go"));
    }
    text
}

fn published(it: &MessagePublished) -> String {
    let to = message(&it.message_name, &it.correlation_key, it.message_id.as_ref());
    let pending = if it.is_pending { ", somebody waits" } else { "" };
    format!("{to} until {}{}{pending}", time(it.deadline), carried(&it.variables))
}

/// Says what a piece of an agenda is to do.
fn task(task: &Task, name: &mut NameKey<'_>) -> String {
    let verb = task.name().replace('_', " ");
    match task {
        Task::Enter { scope_key, element_id, .. } => {
            format!("{verb} {element_id} in {}", name(*scope_key))
        }
        Task::Activate { element_instance_key: key }
        | Task::Complete { element_instance_key: key }
        | Task::Terminate { element_instance_key: key }
        | Task::TerminateChildren { scope_key: key, .. }
        | Task::ThrowError { job_key: key } => format!("{verb} {}", name(*key)),
        Task::Deliver { message_key, subscription_key } => {
            format!("{verb} {} to {}", name(*message_key), name(*subscription_key))
        }
        Task::StartNext { process_id, correlation_key } => {
            format!("{verb} {process_id} '{correlation_key}'")
        }
    }
}

fn tasks(work: &[Work], name: &mut NameKey<'_>) -> String {
    let first: Vec<_> = work.iter().take(TASKS_SHOWN_MAX).map(|it| task(&it.task, name)).collect();
    let more = work.len().saturating_sub(first.len());
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", joined(first.into_iter()))
}

fn resource(it: &Resource) -> String {
    format!("{}, {} bytes", it.resource_name, it.content.0.len())
}

fn message(message_name: &str, correlation_key: &str, id: Option<&Arc<str>>) -> String {
    let key =
        if correlation_key.is_empty() { String::new() } else { format!(" '{correlation_key}'") };
    let id = id.map(|id| format!(" id {id}")).unwrap_or_default();
    format!("{message_name}{key}{id}")
}

fn own(tags: Option<&[Arc<str>]>, business_id: Option<&Arc<str>>) -> String {
    let tags = tags.map(|tags| format!(", tags {}", list(tags))).unwrap_or_default();
    let id = business_id.map(|id| format!(", business id {id}")).unwrap_or_default();
    format!("{tags}{id}")
}

fn said(message: Option<&Arc<str>>) -> String {
    message.map(|it| format!(" {it:?}")).unwrap_or_default()
}

fn retries(count: i32) -> String {
    format!("{count} {}", if count == 1 { "retry" } else { "retries" })
}

/// Shows variables behind something else; none are not shown.
fn carried(it: &Context) -> String {
    if it.is_empty() { String::new() } else { format!(" {}", variables(it)) }
}

// Recursion ends: values nest at most `feel::limits::VALUE_DEPTH_MAX` deep.
fn variables(it: &Context) -> String {
    let pairs = it.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
    format!("{{{}}}", joined(pairs))
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Context(context) => variables(context),
        Value::List(list) => format!("[{}]", joined(list.iter().map(shown))),
        Value::Date(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::DateTime(value) => value.to_string(),
        Value::DaysDuration(value) => value.to_string(),
        Value::MonthsDuration(value) => value.to_string(),
        other => json::print(other),
    };
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn time(at: Timestamp) -> String {
    DateTime::from_epoch_ms(at.0).to_string()
}

fn duration(ms: i64) -> String {
    match DaysDuration::from_nanoseconds(i128::from(ms).saturating_mul(1_000_000)) {
        Some(duration) => duration.to_string(),
        None => format!("{ms} ms"),
    }
}

fn list(items: &[Arc<str>]) -> String {
    items.join(" ")
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A value is cut after so many letters: the whole one is in the record.
const VALUE_CHARS_MAX: usize = 120;

/// Of parked work only the beginning is shown.
const TASKS_SHOWN_MAX: usize = 4;
