//! What events about incidents, messages and timers do to the rows.

use super::{IncidentRow, MessageSubscriptionRow, MissingRow, RowAt, Rows, TimerRow};
use crate::process::Event;
use crate::process::events::{
    IncidentCreated, MessageSubscriptionOpened, StartSubscriptionOpened, TimerArmed,
};
use crate::record::Key;

/// Changes the rows by an event about an incident, a message or a timer.
pub(super) fn project(
    rows: &mut Rows,
    key: Key,
    event: &Event,
    at: &RowAt,
) -> Result<(), MissingRow> {
    match event {
        Event::IncidentCreated(it) => incident_created(rows, key, it, at),
        Event::IncidentResolved(it) => incident_resolved(rows, key, it.process_instance_key, at),
        Event::TimerArmed(it) => timer_armed(rows, key, it, at),
        Event::TimerTriggered(_) => timer_ended(rows, key, "TRIGGERED", at),
        Event::TimerCanceled(_) => timer_ended(rows, key, "CANCELED", at),
        Event::StartSubscriptionOpened(it) => start_opened(rows, key, it, at),
        Event::MessageSubscriptionOpened(it) => opened(rows, key, it, at),
        Event::StartSubscriptionCorrelated(_) | Event::MessageSubscriptionCorrelated(_) => {
            subscription_changed(rows, key, "CORRELATED", at)
        }
        Event::StartSubscriptionClosed(_) | Event::MessageSubscriptionClosed(_) => {
            subscription_changed(rows, key, "DELETED", at)
        }
        _ => Ok(()),
    }
}

fn incident_created(
    rows: &mut Rows,
    key: Key,
    it: &IncidentCreated,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let element = rows.element(it.element_instance_key, at)?;
    let row = IncidentRow {
        key,
        error_type: it.incident_kind.name().into(),
        error_message: it.error_message.clone(),
        state: "ACTIVE".into(),
        creation_time: at.timestamp,
        resolved_time: None,
        element_id: element.element_id.clone(),
        element_instance_key: it.element_instance_key,
        process_instance_key: it.process_instance_key,
        process_definition_key: element.process_definition_key,
        process_id: element.process_id.clone(),
        job_key: it.job_key,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.element_instances.change(it.element_instance_key, |row| {
        (row.incident_key, row.position) = (Some(key), at.position);
    });
    rows.incidents.put(key, row);
    let instance = it.process_instance_key;
    let found = rows.process_instances.change(instance, |row| {
        (row.incidents, row.position) = (row.incidents.saturating_add(1), at.position);
    });
    at.found(found, "process_instance", instance)
}

fn incident_resolved(
    rows: &mut Rows,
    key: Key,
    instance: Key,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let element = rows.incidents.get(key).map(|row| row.element_instance_key);
    let element = element.ok_or_else(|| at.missing("incident", key))?;
    rows.incidents.change(key, |row| {
        (row.state, row.resolved_time) = ("RESOLVED".into(), Some(at.timestamp));
        row.position = at.position;
    });
    let found = rows.element_instances.change(element, |row| {
        row.incident_key = row.incident_key.filter(|it| *it != key);
        row.position = at.position;
    });
    at.found(found, "element_instance", element)?;
    let found = rows.process_instances.change(instance, |row| {
        (row.incidents, row.position) = (row.incidents.saturating_sub(1), at.position);
    });
    at.found(found, "process_instance", instance)
}

fn timer_armed(rows: &mut Rows, key: Key, it: &TimerArmed, at: &RowAt) -> Result<(), MissingRow> {
    let (definition, process_id) = match (it.element_instance_key, it.process_definition_key) {
        (Some(element), _) => {
            let element = rows.element(element, at)?;
            (element.process_definition_key, element.process_id.clone())
        }
        (None, Some(definition)) => (definition, rows.about(definition, at)?.process_id.clone()),
        (None, None) => return Err(at.missing("element_instance", key)),
    };
    let row = TimerRow {
        key,
        state: "ACTIVE".into(),
        due_date: it.due_date,
        repetitions: it.repetitions,
        element_id: it.element_id.clone(),
        element_instance_key: it.element_instance_key,
        process_instance_key: it.process_instance_key,
        process_definition_key: definition,
        process_id,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.timers.put(key, row);
    Ok(())
}

fn timer_ended(
    rows: &mut Rows,
    key: Key,
    state: &'static str,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let found = rows.timers.change(key, |row| {
        (row.state, row.position) = (state.into(), at.position);
    });
    at.found(found, "timer", key)
}

fn start_opened(
    rows: &mut Rows,
    key: Key,
    it: &StartSubscriptionOpened,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let process_id = rows.about(it.process_definition_key, at)?.process_id.clone();
    let row = MessageSubscriptionRow {
        key,
        message_name: it.message_name.clone(),
        correlation_key: None,
        state: "CREATED".into(),
        subscription_type: "START_EVENT".into(),
        element_id: it.element_id.clone(),
        element_instance_key: None,
        process_instance_key: None,
        process_definition_key: it.process_definition_key,
        process_id,
        last_updated: at.timestamp,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.message_subscriptions.put(key, row);
    Ok(())
}

fn opened(
    rows: &mut Rows,
    key: Key,
    it: &MessageSubscriptionOpened,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let element = rows.element(it.element_instance_key, at)?;
    let row = MessageSubscriptionRow {
        key,
        message_name: it.message_name.clone(),
        correlation_key: Some(it.correlation_key.clone()),
        state: "CREATED".into(),
        subscription_type: "PROCESS_EVENT".into(),
        element_id: it.element_id.clone(),
        element_instance_key: Some(it.element_instance_key),
        process_instance_key: Some(it.process_instance_key),
        process_definition_key: element.process_definition_key,
        process_id: element.process_id.clone(),
        last_updated: at.timestamp,
        tenant: at.tenant.clone(),
        position: at.position,
    };
    rows.message_subscriptions.put(key, row);
    Ok(())
}

fn subscription_changed(
    rows: &mut Rows,
    key: Key,
    state: &'static str,
    at: &RowAt,
) -> Result<(), MissingRow> {
    let found = rows.message_subscriptions.change(key, |row| {
        (row.state, row.last_updated) = (state.into(), at.timestamp);
        row.position = at.position;
    });
    at.found(found, "message_subscription", key)
}
