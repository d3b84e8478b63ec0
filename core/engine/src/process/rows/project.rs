//! What each event does to the rows.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;

use super::about::About;
use super::{
    ElementInstanceRow, JobRow, MissingRow, ProcessDefinitionRow, ProcessInstanceRow, RowAt, Rows,
    VariableRow,
};
use crate::feel::{Value, json};
use crate::process::events::{
    ElementActivating, InstanceCreated, JobCreated, ProcessDeployed, VariableChanged,
};
use crate::process::rows::{decisions, waits};
use crate::process::{ElementType, Event};
use crate::record::Key;

/// Changes the rows by an event.
///
/// # Errors
///
/// A row that the event changes is not in memory: see [`Rows::missing`].
pub fn project(rows: &mut Rows, key: Key, event: &Event, at: &RowAt) -> Result<(), MissingRow> {
    match event {
        Event::ElementActivated(_)
        | Event::ElementTerminating(_)
        | Event::ElementInterrupted(_)
        | Event::FlowTaken(_)
        | Event::JobBackoffEnded(_)
        | Event::MessagePublished(_)
        | Event::MessageSettled(_)
        | Event::MessageExpired(_) => Ok(()),
        Event::DeploymentCreated(_) => {
            // A deployment is one step: no process of an earlier one follows.
            rows.resources.clear();
            Ok(())
        }
        Event::ResourceDeployed(it) => {
            let file = (it.resource_name.clone(), it.content.clone());
            rows.resources.insert(key, file);
            Ok(())
        }
        Event::ProcessDeployed(it) => process_deployed(rows, key, it, at),
        Event::DecisionRequirementsDeployed(it) => decisions::model_deployed(rows, key, it, at),
        Event::DecisionDeployed(it) => decisions::deployed(rows, key, it, at),
        Event::DecisionEvaluated(it) => decisions::evaluated(rows, key, it, at),
        Event::InstanceCreated(it) => instance_created(rows, key, it, at),
        Event::InstanceCompleted(_) => instance_ended(rows, key, COMPLETED, at),
        Event::InstanceTerminated(_) => instance_ended(rows, key, TERMINATED, at),
        Event::ElementActivating(it) => element_activating(rows, key, it, at),
        Event::ElementCompleted(_) => element_ended(rows, key, COMPLETED, at),
        Event::ElementTerminated(_) => element_ended(rows, key, TERMINATED, at),
        Event::VariableChanged(it) => {
            rows.variables.put(key, variable(key, it, at));
            Ok(())
        }
        Event::JobCreated(it) => job_created(rows, key, it, at),
        Event::JobActivated(_)
        | Event::JobCompleted(_)
        | Event::JobFailed(_)
        | Event::JobErrorThrown(_)
        | Event::JobRetriesUpdated(_)
        | Event::JobTimeoutUpdated(_)
        | Event::JobTimedOut(_)
        | Event::JobCanceled(_) => job_changed(rows, key, event, at),
        Event::IncidentCreated(_)
        | Event::IncidentResolved(_)
        | Event::TimerArmed(_)
        | Event::TimerTriggered(_)
        | Event::TimerCanceled(_)
        | Event::StartSubscriptionOpened(_)
        | Event::StartSubscriptionCorrelated(_)
        | Event::StartSubscriptionClosed(_)
        | Event::MessageSubscriptionOpened(_)
        | Event::MessageSubscriptionCorrelated(_)
        | Event::MessageSubscriptionClosed(_) => waits::project(rows, key, event, at),
    }
}

/// Returns the process instances that events are about.
pub fn instances<'e>(events: impl IntoIterator<Item = (Key, &'e Event)>) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    found.extend(events.into_iter().filter_map(|(key, event)| instance_of(key, event)));
    found
}

/// Returns the process instance that an event is about.
pub fn instance_of(key: Key, event: &Event) -> Option<Key> {
    match event {
        Event::DeploymentCreated(_)
        | Event::ResourceDeployed(_)
        | Event::ProcessDeployed(_)
        | Event::DecisionRequirementsDeployed(_)
        | Event::DecisionDeployed(_)
        | Event::StartSubscriptionOpened(_)
        | Event::StartSubscriptionClosed(_)
        | Event::MessagePublished(_)
        | Event::MessageSettled(_)
        | Event::MessageExpired(_) => None,
        Event::InstanceCreated(_) | Event::InstanceCompleted(_) | Event::InstanceTerminated(_) => {
            Some(key)
        }
        Event::DecisionEvaluated(it) => it.process_instance_key,
        Event::TimerArmed(it) => it.process_instance_key,
        Event::TimerTriggered(it) => it.process_instance_key,
        Event::TimerCanceled(it) => it.process_instance_key,
        Event::StartSubscriptionCorrelated(it) => Some(it.process_instance_key),
        Event::ElementActivating(it) => Some(it.process_instance_key),
        Event::ElementActivated(it) => Some(it.process_instance_key),
        Event::ElementCompleted(it) => Some(it.process_instance_key),
        Event::ElementTerminating(it) => Some(it.process_instance_key),
        Event::ElementTerminated(it) => Some(it.process_instance_key),
        Event::ElementInterrupted(it) => Some(it.process_instance_key),
        Event::FlowTaken(it) => Some(it.process_instance_key),
        Event::VariableChanged(it) => Some(it.process_instance_key),
        Event::JobCreated(it) => Some(it.process_instance_key),
        Event::JobActivated(it) => Some(it.process_instance_key),
        Event::JobCompleted(it) => Some(it.process_instance_key),
        Event::JobFailed(it) => Some(it.process_instance_key),
        Event::JobErrorThrown(it) => Some(it.process_instance_key),
        Event::JobRetriesUpdated(it) => Some(it.process_instance_key),
        Event::JobTimeoutUpdated(it) => Some(it.process_instance_key),
        Event::JobTimedOut(it) => Some(it.process_instance_key),
        Event::JobBackoffEnded(it) => Some(it.process_instance_key),
        Event::JobCanceled(it) => Some(it.process_instance_key),
        Event::IncidentCreated(it) => Some(it.process_instance_key),
        Event::IncidentResolved(it) => Some(it.process_instance_key),
        Event::MessageSubscriptionOpened(it) => Some(it.process_instance_key),
        Event::MessageSubscriptionCorrelated(it) => Some(it.process_instance_key),
        Event::MessageSubscriptionClosed(it) => Some(it.process_instance_key),
    }
}

impl RowAt {
    pub(super) fn missing(&self, table: &'static str, key: Key) -> MissingRow {
        MissingRow { table, key, position: self.position }
    }

    pub(super) fn found(
        &self,
        found: bool,
        table: &'static str,
        key: Key,
    ) -> Result<(), MissingRow> {
        if found { Ok(()) } else { Err(self.missing(table, key)) }
    }
}

impl Rows {
    /// Returns what the model of a definition says.
    pub(super) fn about(&mut self, definition: Key, at: &RowAt) -> Result<&About, MissingRow> {
        if !self.about.contains_key(&definition) {
            let row = self.process_definitions.get(definition);
            let row = row.ok_or_else(|| at.missing("process_definition", definition))?;
            let about = About::of(row);
            self.about.insert(definition, about);
        }
        self.about.get(&definition).ok_or_else(|| at.missing("process_definition", definition))
    }

    /// Returns the element instance that something belongs to.
    pub(super) fn element(&self, key: Key, at: &RowAt) -> Result<&ElementInstanceRow, MissingRow> {
        self.element_instances.get(key).ok_or_else(|| at.missing("element_instance", key))
    }
}

fn process_deployed(
    rows: &mut Rows,
    key: Key,
    it: &ProcessDeployed,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let file = rows.resources.get(&it.resource_key).cloned();
    let (resource_name, xml) = file.ok_or_else(|| at.missing("resource", it.resource_key))?;
    let about = About::read(&it.process_id, &resource_name, &xml.0);
    let row = ProcessDefinitionRow {
        key,
        process_id: it.process_id.clone(),
        name: about.name.clone(),
        version: it.version,
        version_tag: about.version_tag.clone(),
        resource_name,
        deployment_key: it.deployment_key,
        xml,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.about.insert(key, about);
    rows.process_definitions.put(key, row);
    Ok(())
}

fn instance_created(
    rows: &mut Rows,
    key: Key,
    it: &InstanceCreated,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let about = rows.about(it.process_definition_key, at)?;
    let (name, version_tag) = (about.name.clone(), about.version_tag.clone());
    let tags = it.tags.iter().flatten().map(|tag| Value::String(tag.clone()));
    let row = ProcessInstanceRow {
        key,
        process_definition_key: it.process_definition_key,
        process_id: it.process_id.clone(),
        process_name: name.clone(),
        version: it.version,
        version_tag,
        state: ACTIVE.into(),
        start_date: at.timestamp,
        end_date: None,
        incidents: 0,
        parent_process_instance_key: None,
        parent_element_instance_key: None,
        tags: json::print(&Value::from_iter(tags)).into(),
        business_id: it.business_id.clone(),
        tenant: at.tenant.clone(),
        position: at.position,
    };
    let element = ElementInstanceRow {
        key,
        process_instance_key: key,
        process_definition_key: it.process_definition_key,
        process_id: it.process_id.clone(),
        element_id: it.process_id.clone(),
        element_name: name,
        element_type: ElementType::Process.name().into(),
        state: ACTIVE.into(),
        start_date: at.timestamp,
        end_date: None,
        scope_key: key,
        incident_key: None,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.process_instances.put(key, row);
    rows.element_instances.put(key, element);
    Ok(())
}

fn instance_ended(
    rows: &mut Rows,
    key: Key,
    state: &'static str,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let found = rows.process_instances.change(key, |row| {
        (row.state, row.end_date) = (state.into(), Some(at.timestamp));
        row.position = at.position;
    });
    at.found(found, "process_instance", key)?;
    element_ended(rows, key, state, at)
}

fn element_activating(
    rows: &mut Rows,
    key: Key,
    it: &ElementActivating,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let instance = it.process_instance_key;
    let found = rows.process_instances.get(instance);
    let found = found.ok_or_else(|| at.missing("process_instance", instance))?;
    let (definition, process_id) = (found.process_definition_key, found.process_id.clone());
    let element_name = rows.about(definition, at)?.element_name(&it.element_id);
    let row = ElementInstanceRow {
        key,
        process_instance_key: instance,
        process_definition_key: definition,
        process_id,
        element_id: it.element_id.clone(),
        element_name,
        element_type: it.element_type.name().into(),
        state: ACTIVE.into(),
        start_date: at.timestamp,
        end_date: None,
        scope_key: it.scope_key,
        incident_key: None,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.element_instances.put(key, row);
    Ok(())
}

fn element_ended(
    rows: &mut Rows,
    key: Key,
    state: &'static str,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let found = rows.element_instances.change(key, |row| {
        (row.state, row.end_date) = (state.into(), Some(at.timestamp));
        row.position = at.position;
    });
    at.found(found, "element_instance", key)
}

fn variable(key: Key, it: &VariableChanged, at: &RowAt) -> VariableRow {
    VariableRow {
        key,
        name: it.name.clone(),
        value: json::print(&it.value).into(),
        scope_key: it.scope_key,
        process_instance_key: it.process_instance_key,
        tenant: at.tenant.clone(),
        position: at.position,
    }
}

fn job_created(rows: &mut Rows, key: Key, it: &JobCreated, at: &RowAt) -> Result<(), MissingRow> {
    let element = rows.element(it.element_instance_key, at)?;
    let (element_id, definition) = (element.element_id.clone(), element.process_definition_key);
    let process_id = element.process_id.clone();
    let headers: Arc<str> = rows.about(definition, at)?.headers(&element_id);
    let row = JobRow {
        key,
        job_type: it.job_type.clone(),
        state: "CREATED".into(),
        worker: None,
        retries: it.retries,
        deadline: None,
        element_id,
        element_instance_key: it.element_instance_key,
        process_instance_key: it.process_instance_key,
        process_definition_key: definition,
        process_id,
        headers,
        error_code: None,
        error_message: None,
        creation_time: at.timestamp,
        last_update_time: at.timestamp,
        end_time: None,
        has_failed_with_retries_left: false,
        priority: 0,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.jobs.put(key, row);
    Ok(())
}

fn job_changed(rows: &mut Rows, key: Key, event: &Event, at: &RowAt) -> Result<(), MissingRow> {
    let found = rows.jobs.change(key, |row| {
        (row.last_update_time, row.position) = (at.timestamp, at.position);
        match event {
            Event::JobActivated(it) => {
                (row.worker, row.deadline) = (Some(it.worker.clone()), Some(it.deadline));
            }
            Event::JobCompleted(_) => {
                (row.state, row.end_time) = (COMPLETED.into(), Some(at.timestamp));
            }
            Event::JobCanceled(_) => {
                (row.state, row.end_time) = ("CANCELED".into(), Some(at.timestamp));
            }
            Event::JobFailed(it) => {
                (row.state, row.retries, row.deadline) = ("FAILED".into(), it.retries, None);
                row.error_message.clone_from(&it.error_message);
                row.has_failed_with_retries_left = it.retries > 0;
            }
            Event::JobErrorThrown(it) => {
                row.state = "ERROR_THROWN".into();
                row.error_code = Some(it.error_code.clone());
                row.error_message.clone_from(&it.error_message);
                row.end_time = it.is_caught.then_some(at.timestamp);
            }
            Event::JobTimedOut(_) => (row.state, row.deadline) = ("TIMED_OUT".into(), None),
            Event::JobRetriesUpdated(it) => {
                (row.state, row.retries) = ("RETRIES_UPDATED".into(), it.retries);
            }
            Event::JobTimeoutUpdated(it) => {
                (row.state, row.deadline) = ("TIMEOUT_UPDATED".into(), Some(it.deadline));
            }
            _ => {}
        }
    });
    at.found(found, "job", key)
}

const ACTIVE: &str = "ACTIVE";
const COMPLETED: &str = "COMPLETED";
const TERMINATED: &str = "TERMINATED";
