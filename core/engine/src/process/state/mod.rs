//! What the process machine keeps. Names are interned by evolving; ended instances leave nothing but definitions.
//!
//! Each wait has a table of rows and tables that find them: by time, by owner, by name.

mod decisions;
mod definitions;
mod elements;
mod incidents;
mod instances;
mod jobs;
mod messages;
mod timers;
mod values;
mod variables;

use alloc::sync::Arc;

use crate::kernel::{Symbol, tables};
use crate::record::{Key, Timestamp};

pub use decisions::{DecisionRequirementsRow, DecisionRow};
pub use definitions::{DefinitionRow, LatestRow, ResourceRow, StartSubscriptionRow};
pub use elements::{ElementRow, ElementState};
pub use incidents::IncidentRow;
pub use instances::InstanceRow;
pub use jobs::{JobRow, JobState, ThrownError};
pub use messages::{Correlation, MessageRow, SubscriptionRow};
pub use timers::{Repeat, TimerRow};
pub use values::Bytes;
pub use variables::VariableRow;

tables! {
    /// The tables of the process machine. A key of two or more parts is an index unless it says otherwise.
    pub struct State {
        /// Deployed processes, each version for itself.
        100 definitions: Key => DefinitionRow,
        /// Tenant, process and version.
        101 definition_versions: (Symbol, Symbol, u32) => Key,
        /// The newest version of a tenant's process.
        102 latest_definitions: (Symbol, Symbol) => LatestRow,
        /// Deployed files.
        103 resources: Key => ResourceRow,
        /// Message start events of the newest versions.
        104 start_subscriptions: Key => StartSubscriptionRow,
        /// Tenant, message name and start subscription.
        105 start_subscriptions_by_name: (Symbol, Arc<str>, Key) => (),
        /// Definition and start subscription.
        106 start_subscriptions_of: (Key, Key) => (),

        /// Running process instances.
        110 instances: Key => InstanceRow,
        /// Active element instances, the process instances among them.
        111 elements: Key => ElementRow,
        /// Scope and element instance inside.
        112 children: (Key, Key) => (),
        /// Scope, joining element, flow: how many tokens of the flow wait before the element.
        113 taken_flows: (Key, Symbol, Symbol) => u32,
        /// Scope and name: the variables themselves.
        114 variables: (Key, Symbol) => VariableRow,

        /// Open jobs.
        120 jobs: Key => JobRow,
        /// Tenant, type and job: what a worker may take.
        121 activatable_jobs: (Symbol, Symbol, Key) => (),
        /// When the time of an activated job is out.
        122 job_deadlines: (Timestamp, Key) => (),
        /// When the back-off of a failed job ends.
        123 job_backoffs: (Timestamp, Key) => (),
        /// Element instance and job.
        124 jobs_of: (Key, Key) => (),
        /// What a worker threw and nobody caught, by job.
        125 thrown_errors: Key => ThrownError,

        /// Armed timers.
        130 timers: Key => TimerRow,
        /// When a timer is due.
        131 timers_due: (Timestamp, Key) => (),
        /// Owner (element instance or definition) and timer.
        132 timers_of: (Key, Key) => (),

        /// Published messages that are buffered or being correlated.
        140 messages: Key => MessageRow,
        /// What a message is about, and the message.
        141 messages_by_correlation: (Correlation, Key) => (),
        /// When a message expires.
        142 message_deadlines: (Timestamp, Key) => (),
        /// What a message is about and the id its sender gave it.
        143 message_ids: (Correlation, Arc<str>) => Key,
        /// Message and process that has taken it.
        144 message_takers: (Key, Symbol) => (),
        /// Messages that are being correlated, by the time they were published.
        145 messages_pending: (Timestamp, Key) => (),
        /// Tenant, process, correlation key: the running instance that a message with this key began.
        146 message_locks: (Symbol, Symbol, Arc<str>) => Key,

        /// What waits for a message.
        150 subscriptions: Key => SubscriptionRow,
        /// What is waited for, the process that waits, and the subscription.
        151 subscriptions_by_correlation: (Correlation, Symbol, Key) => (),
        /// Element instance and subscription.
        152 subscriptions_of: (Key, Key) => (),

        /// Open incidents.
        160 incidents: Key => IncidentRow,
        /// Element instance and incident.
        161 incidents_of: (Key, Key) => (),
        /// The incident of a job.
        162 incident_of_job: Key => Key,

        /// Deployed decision models, each version for itself.
        170 decision_requirements: Key => DecisionRequirementsRow,
        /// The newest version of a tenant's decision model.
        171 latest_decision_requirements: (Symbol, Symbol) => LatestRow,
        /// Deployed decisions, each version for itself.
        172 decisions: Key => DecisionRow,
        /// The newest version of a tenant's decision.
        173 latest_decisions: (Symbol, Symbol) => LatestRow,
        /// File and decision: the version that the file brought.
        174 decisions_of: (Key, Symbol) => Key,
        /// Deployment and decision: the version that the deployment brought or found unchanged.
        175 decisions_deployed: (Key, Symbol) => Key,
        /// Tenant, decision and tag: the newest version with this tag.
        176 decisions_by_tag: (Symbol, Symbol, Arc<str>) => Key,
    }
}

/// The keys of an index from the first to the last of one owner.
pub(crate) const fn owned(owner: Key) -> core::ops::RangeInclusive<(Key, Key)> {
    (owner, Key(0))..=(owner, Key(u64::MAX))
}

/// The names of an index from the first to the last of one owner.
pub(crate) const fn named(owner: Key) -> core::ops::RangeInclusive<(Key, Symbol)> {
    (owner, Symbol(0))..=(owner, Symbol(u32::MAX))
}

/// Whether a number is left out of the log.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) const fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Whether a truth value is left out of the log.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}
