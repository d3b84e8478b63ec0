//! The rows, as the stores keep them and the API shows them. Times are milliseconds since 1970 UTC.

use alloc::borrow::Cow;
use alloc::sync::Arc;

use crate::process::state::Bytes;
use crate::record::{Key, Position, Timestamp};

/// A deployed process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessDefinitionRow {
    /// Its key.
    pub key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// The label of the process.
    pub name: Option<Arc<str>>,
    /// Counts from 1 per tenant and process.
    pub version: u32,
    /// The author's name for the version.
    pub version_tag: Option<Arc<str>>,
    /// The file.
    pub resource_name: Arc<str>,
    /// The deployment.
    pub deployment_key: Key,
    /// The content of the file.
    pub xml: Bytes,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// A process instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessInstanceRow {
    /// Its key.
    pub key: Key,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// The label of the process.
    pub process_name: Option<Arc<str>>,
    /// The version of the process.
    pub version: u32,
    /// The author's name for the version.
    pub version_tag: Option<Arc<str>>,
    /// `ACTIVE`, `COMPLETED` or `TERMINATED`.
    pub state: Cow<'static, str>,
    /// When it began.
    pub start_date: Timestamp,
    /// When it ended.
    pub end_date: Option<Timestamp>,
    /// How many open incidents it has.
    pub incidents: u32,
    /// The instance that called it.
    pub parent_process_instance_key: Option<Key>,
    /// The element instance that called it.
    pub parent_element_instance_key: Option<Key>,
    /// The user's own labels, as JSON.
    pub tags: Arc<str>,
    /// The user's own id.
    pub business_id: Option<Arc<str>>,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// An element instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementInstanceRow {
    /// Its key.
    pub key: Key,
    /// The process instance.
    pub process_instance_key: Key,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// The element.
    pub element_id: Arc<str>,
    /// The label of the element.
    pub element_name: Option<Arc<str>>,
    /// The kind of element, as `SERVICE_TASK`.
    pub element_type: Cow<'static, str>,
    /// `ACTIVE`, `COMPLETED` or `TERMINATED`.
    pub state: Cow<'static, str>,
    /// When it began.
    pub start_date: Timestamp,
    /// When it ended.
    pub end_date: Option<Timestamp>,
    /// The scope that it is in; its own key for a process instance.
    pub scope_key: Key,
    /// An open incident of it.
    pub incident_key: Option<Key>,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// A variable; it stays after its scope has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableRow {
    /// Its key.
    pub key: Key,
    /// Its name.
    pub name: Arc<str>,
    /// Its value, as JSON.
    pub value: Arc<str>,
    /// The scope that it belongs to.
    pub scope_key: Key,
    /// The process instance.
    pub process_instance_key: Key,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its key.
    pub key: Key,
    /// What workers ask for.
    pub job_type: Arc<str>,
    /// The last thing that happened to it, but for activation, which is not shown: `CREATED`, `COMPLETED`, `FAILED`,
    /// `TIMED_OUT`, `CANCELED`, `ERROR_THROWN`, `RETRIES_UPDATED` or `TIMEOUT_UPDATED`.
    pub state: Cow<'static, str>,
    /// Who had it last.
    pub worker: Option<Arc<str>>,
    /// How many attempts are left.
    pub retries: i32,
    /// When the time of its worker is out.
    pub deadline: Option<Timestamp>,
    /// The element.
    pub element_id: Arc<str>,
    /// The element instance.
    pub element_instance_key: Key,
    /// The process instance.
    pub process_instance_key: Key,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// What the author tells the worker, as JSON.
    pub headers: Arc<str>,
    /// The code of the error that was thrown.
    pub error_code: Option<Arc<str>>,
    /// What the worker said about its failure.
    pub error_message: Option<Arc<str>>,
    /// When it was created.
    pub creation_time: Timestamp,
    /// When it last changed.
    pub last_update_time: Timestamp,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Whether it failed and could be tried again.
    pub has_failed_with_retries_left: bool,
    /// Always 0.
    pub priority: i32,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its key.
    pub key: Key,
    /// What went wrong, as `IO_MAPPING_ERROR`.
    pub error_type: Cow<'static, str>,
    /// What was expected and what was found.
    pub error_message: Arc<str>,
    /// `ACTIVE` or `RESOLVED`.
    pub state: Cow<'static, str>,
    /// When it was created.
    pub creation_time: Timestamp,
    /// When it was resolved.
    pub resolved_time: Option<Timestamp>,
    /// The element.
    pub element_id: Arc<str>,
    /// The element instance.
    pub element_instance_key: Key,
    /// The process instance.
    pub process_instance_key: Key,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// The job that is blocked.
    pub job_key: Option<Key>,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// What waits or waited for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSubscriptionRow {
    /// Its key.
    pub key: Key,
    /// The name of the message.
    pub message_name: Arc<str>,
    /// What a message must carry to be meant; none for a start event.
    pub correlation_key: Option<Arc<str>>,
    /// `CREATED`, `CORRELATED` or `DELETED`.
    pub state: Cow<'static, str>,
    /// `START_EVENT` or `PROCESS_EVENT`.
    pub subscription_type: Cow<'static, str>,
    /// The event that waits.
    pub element_id: Arc<str>,
    /// The element instance; none for a start event.
    pub element_instance_key: Option<Key>,
    /// The process instance; none for a start event.
    pub process_instance_key: Option<Key>,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// When it last changed.
    pub last_updated: Timestamp,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// What waits or waited for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimerRow {
    /// Its key.
    pub key: Key,
    /// `ACTIVE`, `TRIGGERED` or `CANCELED`.
    pub state: Cow<'static, str>,
    /// When it is due.
    pub due_date: Timestamp,
    /// How often, this time included; none without end, or for a single time.
    pub repetitions: Option<u32>,
    /// The event that waits.
    pub element_id: Arc<str>,
    /// The element instance; none for a start event.
    pub element_instance_key: Option<Key>,
    /// The process instance; none for a start event.
    pub process_instance_key: Option<Key>,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// A deployed decision model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRequirementsRow {
    /// Its key.
    pub key: Key,
    /// The id of the model.
    pub decision_requirements_id: Arc<str>,
    /// The name of the model.
    pub name: Arc<str>,
    /// Counts from 1 per tenant and model.
    pub version: u32,
    /// The file.
    pub resource_name: Arc<str>,
    /// The deployment.
    pub deployment_key: Key,
    /// The content of the file.
    pub xml: Bytes,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// A deployed decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionDefinitionRow {
    /// Its key.
    pub key: Key,
    /// The id of the decision.
    pub decision_id: Arc<str>,
    /// The name of the decision.
    pub name: Arc<str>,
    /// Counts from 1 per tenant and decision.
    pub version: u32,
    /// The author's name for the version.
    pub version_tag: Option<Arc<str>>,
    /// The model that it is part of.
    pub decision_requirements_key: Key,
    /// The id of the model.
    pub decision_requirements_id: Arc<str>,
    /// The name of the model.
    pub decision_requirements_name: Arc<str>,
    /// The version of the model.
    pub decision_requirements_version: u32,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}

/// A decision that was evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionInstanceRow {
    /// Its key.
    pub key: Key,
    /// The key of the first decision of the same evaluation, and its place in it, as `4711-1`.
    pub instance_key: Arc<str>,
    /// The first decision of the same evaluation.
    pub evaluation_key: Key,
    /// `EVALUATED` or `FAILED`.
    pub state: Cow<'static, str>,
    /// When it was evaluated.
    pub evaluation_date: Timestamp,
    /// Why it has no result.
    pub evaluation_failure: Option<Arc<str>>,
    /// The version of the decision.
    pub decision_definition_key: Key,
    /// The id of the decision.
    pub decision_id: Arc<str>,
    /// The name of the decision.
    pub decision_name: Arc<str>,
    /// The number of the version.
    pub version: u32,
    /// How it is decided: `DECISION_TABLE`, `LITERAL_EXPRESSION`, or `UNKNOWN` for another boxed expression.
    pub decision_type: Cow<'static, str>,
    /// The model that it is part of.
    pub decision_requirements_key: Key,
    /// The decision that was asked for.
    pub root_decision_definition_key: Key,
    /// The element instance that asked for it.
    pub element_instance_key: Option<Key>,
    /// The process instance.
    pub process_instance_key: Option<Key>,
    /// The definition of the process.
    pub process_definition_key: Option<Key>,
    /// The id of the process.
    pub process_id: Option<Arc<str>>,
    /// Its result, as JSON.
    pub result: Arc<str>,
    /// The inputs of its table, as JSON.
    pub inputs: Arc<str>,
    /// The rules that matched, as JSON.
    pub rules: Arc<str>,
    /// Why parts of it are null, as a JSON list of texts.
    pub warnings: Arc<str>,
    /// Whose.
    pub tenant: Arc<str>,
    /// The last record that changed the row.
    pub position: Position,
}
