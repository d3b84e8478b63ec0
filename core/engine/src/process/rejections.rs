//! Every way to be refused. The names are stable: they stand in the log and in every answer.

use crate::record::RejectionClass::{
    AlreadyExists, Backpressure, InvalidArgument, InvalidState, NotFound,
};
use crate::record::{RejectionClass, RejectionCode};

/// Defines the codes and the list of them.
macro_rules! rejections {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal $class:ident,)+) => {
        $($(#[doc = $doc])+ pub const $name: RejectionCode = code($text, $class);)+

        /// All codes, in the order of this file.
        pub const ALL: &[RejectionCode] = &[$($name,)+];
    };
}

rejections! {
    /// A deployment has no file.
    RESOURCES_MISSING = "resources_missing" InvalidArgument,
    /// A file cannot be executed; the reason lists every problem.
    RESOURCES_NOT_VALID = "resources_not_valid" InvalidArgument,

    /// No such process, version or definition.
    PROCESS_NOT_FOUND = "process_not_found" NotFound,
    /// Neither a process nor a definition is named, or both.
    PROCESS_NOT_NAMED = "process_not_named" InvalidArgument,
    /// The process does not begin on command.
    NONE_START_EVENT_MISSING = "none_start_event_missing" InvalidState,
    /// More labels than allowed, or longer ones.
    TAGS_NOT_VALID = "tags_not_valid" InvalidArgument,

    /// No such decision or version of one.
    DECISION_NOT_FOUND = "decision_not_found" NotFound,
    /// Neither a decision nor a version of one is named, or both.
    DECISION_NOT_NAMED = "decision_not_named" InvalidArgument,

    /// No such running process instance.
    INSTANCE_NOT_FOUND = "instance_not_found" NotFound,
    /// The process instance is ending already.
    INSTANCE_NOT_ACTIVE = "instance_not_active" InvalidState,
    /// The process instance has parked work; the same command is taken later.
    INSTANCE_BUSY = "instance_busy" Backpressure,
    /// No such active element instance.
    ELEMENT_INSTANCE_NOT_FOUND = "element_instance_not_found" NotFound,

    /// No such open job.
    JOB_NOT_FOUND = "job_not_found" NotFound,
    /// The job is not in the hands of a worker.
    JOB_NOT_ACTIVATED = "job_not_activated" InvalidState,
    /// The job is not activated although its time is to be over.
    JOB_NOT_TIMED_OUT = "job_not_timed_out" InvalidState,
    /// The job does not wait for the end of its back-off, or not yet.
    JOB_NOT_BACKING_OFF = "job_not_backing_off" InvalidState,
    /// A job type is empty.
    JOB_TYPE_MISSING = "job_type_missing" InvalidArgument,
    /// An amount of time is not above zero.
    TIMEOUT_NOT_POSITIVE = "timeout_not_positive" InvalidArgument,
    /// A number of jobs is not above zero.
    JOBS_MAX_NOT_POSITIVE = "jobs_max_not_positive" InvalidArgument,
    /// A number of retries is not above zero, or below it.
    RETRIES_NOT_POSITIVE = "retries_not_positive" InvalidArgument,
    /// A back-off is below zero.
    BACKOFF_NOT_POSITIVE = "backoff_not_positive" InvalidArgument,
    /// An update changes nothing.
    CHANGES_MISSING = "changes_missing" InvalidArgument,
    /// An error has no code.
    ERROR_CODE_MISSING = "error_code_missing" InvalidArgument,

    /// No such open incident.
    INCIDENT_NOT_FOUND = "incident_not_found" NotFound,
    /// What is blocked would be blocked again at once: the job has no retries.
    INCIDENT_NOT_RESOLVABLE = "incident_not_resolvable" InvalidState,

    /// No such armed timer.
    TIMER_NOT_FOUND = "timer_not_found" NotFound,
    /// The timer is due later.
    TIMER_NOT_DUE = "timer_not_due" InvalidState,

    /// A message has no name.
    MESSAGE_NAME_MISSING = "message_name_missing" InvalidArgument,
    /// A message with this name, key and id is buffered.
    MESSAGE_ALREADY_PUBLISHED = "message_already_published" AlreadyExists,
    /// Nobody waits for the message.
    MESSAGE_NOT_AWAITED = "message_not_awaited" NotFound,
    /// No such message.
    MESSAGE_NOT_FOUND = "message_not_found" NotFound,
    /// The message expires later.
    MESSAGE_NOT_EXPIRED = "message_not_expired" InvalidState,
}

const fn code(name: &'static str, class: RejectionClass) -> RejectionCode {
    RejectionCode { name, class }
}
