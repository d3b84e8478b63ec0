//! The bodies of requests, as clients send them. A field that is missing or null has its default.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::wire::KeyText;

/// Creates a process instance.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateInstance {
    /// The process, by its id.
    pub process_definition_id: Option<String>,
    /// Its version; -1 for the latest.
    pub process_definition_version: Option<i32>,
    /// The process, by the key of one version.
    pub process_definition_key: Option<KeyText>,
    /// The process, by id and the tag of its version.
    pub process_definition_version_tag: Option<String>,
    /// The variables that it begins with.
    pub variables: Option<Box<RawValue>>,
    /// Where it begins, if not at its start.
    pub start_instructions: Option<Vec<serde_json::Value>>,
    /// Where it ends early.
    pub runtime_instructions: Option<Vec<serde_json::Value>>,
    /// Whether the answer waits for its end.
    pub await_completion: Option<bool>,
    /// The variables that the answer has; none for all.
    pub fetch_variables: Option<Vec<String>>,
    /// How long the answer waits, in milliseconds.
    pub request_timeout: Option<i64>,
    /// Understood and not used.
    #[serde(rename = "operationReference")]
    pub _operation_reference: Option<i64>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// The caller's own name for the instance.
    pub business_id: Option<String>,
    /// For whom.
    pub tenant_id: Option<String>,
}

/// A command that says nothing more than its path.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Nothing {
    /// Understood and not used.
    #[serde(rename = "operationReference")]
    pub _operation_reference: Option<i64>,
}

/// Sets variables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SetVariables {
    /// Names and values.
    pub variables: Box<RawValue>,
    /// Whether they are set in that very scope.
    pub local: Option<bool>,
    /// Understood and not used.
    #[serde(rename = "operationReference")]
    pub _operation_reference: Option<i64>,
}

/// Asks for jobs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ActivateJobs {
    /// Their type.
    #[serde(rename = "type")]
    pub job_type: String,
    /// Who works.
    pub worker: Option<String>,
    /// For how long they are lent, in milliseconds.
    pub timeout: i64,
    /// How many at most.
    pub max_jobs_to_activate: i64,
    /// The variables that are wanted; none or empty for all.
    pub fetch_variable: Option<Vec<String>>,
    /// How long the answer waits, in milliseconds: 0 for the server's choice, less for not at all.
    pub request_timeout: Option<i64>,
    /// For whom.
    pub tenant_ids: Option<Vec<String>>,
    /// How the tenants are chosen.
    pub tenant_filter: Option<String>,
    /// Understood and not used: a lease is always given.
    #[serde(rename = "withLease")]
    pub _with_lease: Option<bool>,
}

/// Completes a job.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CompleteJob {
    /// What it found out.
    pub variables: Option<Box<RawValue>>,
    /// Results of kinds of jobs that this server does not give out.
    pub result: Option<serde_json::Value>,
    /// Understood and not used.
    #[serde(rename = "leaseToken", alias = "jobLeaseToken")]
    pub _lease_token: Option<String>,
    /// Understood and not used.
    #[serde(rename = "businessId")]
    pub _business_id: Option<String>,
}

/// Gives a job back.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FailJob {
    /// How often it may be tried again; 0 for an incident.
    pub retries: Option<i32>,
    /// What went wrong.
    pub error_message: Option<String>,
    /// The pause before the next try, in milliseconds.
    #[serde(rename = "retryBackOff")]
    pub retry_back_off: Option<i64>,
    /// Variables for whoever looks at it.
    pub variables: Option<Box<RawValue>>,
    /// Understood and not used.
    #[serde(rename = "leaseToken", alias = "jobLeaseToken")]
    pub _lease_token: Option<String>,
}

/// Ends a job with an error of the business.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ThrowError {
    /// The code that is caught.
    pub error_code: String,
    /// What went wrong.
    pub error_message: Option<String>,
    /// Variables for whoever catches it.
    pub variables: Option<Box<RawValue>>,
    /// Understood and not used.
    #[serde(rename = "leaseToken", alias = "jobLeaseToken")]
    pub _lease_token: Option<String>,
}

/// Changes a job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UpdateJob {
    /// What changes.
    pub changeset: Changeset,
    /// Understood and not used.
    #[serde(rename = "operationReference")]
    pub _operation_reference: Option<i64>,
    /// Understood and not used.
    #[serde(rename = "leaseToken", alias = "jobLeaseToken")]
    pub _lease_token: Option<String>,
}

/// What changes in a job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Changeset {
    /// How often it may be tried.
    pub retries: Option<i32>,
    /// For how long it is lent from now, in milliseconds.
    pub timeout: Option<i64>,
    /// How urgent it is.
    pub priority: Option<i32>,
}

/// Publishes a message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PublishMessage {
    /// Its name.
    pub name: String,
    /// Whom it is for.
    pub correlation_key: Option<String>,
    /// How long it waits for somebody, in milliseconds.
    pub time_to_live: Option<i64>,
    /// The sender's own id of it.
    pub message_id: Option<String>,
    /// What it says.
    pub variables: Option<Box<RawValue>>,
    /// For whom.
    pub tenant_id: Option<String>,
    /// Understood and not used.
    #[serde(rename = "businessId")]
    pub _business_id: Option<String>,
}

/// Correlates a message at once, or not at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CorrelateMessage {
    /// Its name.
    pub name: String,
    /// Whom it is for.
    pub correlation_key: Option<String>,
    /// What it says.
    pub variables: Option<Box<RawValue>>,
    /// For whom.
    pub tenant_id: Option<String>,
    /// Understood and not used.
    #[serde(rename = "businessId")]
    pub _business_id: Option<String>,
}

/// Evaluates a decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EvaluateDecision {
    /// The decision, by its id.
    pub decision_definition_id: Option<String>,
    /// The decision, by the key of one version.
    pub decision_definition_key: Option<KeyText>,
    /// What it decides about.
    pub variables: Option<Box<RawValue>>,
    /// For whom.
    pub tenant_id: Option<String>,
}

/// Moves the development clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinClock {
    /// The time, in milliseconds since 1970 UTC.
    pub timestamp: i64,
}

/// Counts element instances.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementStatistics {
    /// Which instances count.
    pub filter: Option<Box<RawValue>>,
}
