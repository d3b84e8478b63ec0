//! What the agenda of a step holds. Every task looks again whether what it is about is still there.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Sink, Visit, visit_fields};
use crate::record::Key;

/// A task and the process instance that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
    /// What is to be done.
    #[serde(rename = "ts")]
    pub task: Task,
}
visit_fields!(Work, "work" { process_instance_key, task });

/// Something to be done within a step, or later if the step's budget is spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Task {
    /// Enter an element.
    #[serde(rename = "en")]
    Enter {
        /// The scope that the element is in.
        #[serde(rename = "sc")]
        scope_key: Key,
        /// The element.
        #[serde(rename = "e")]
        element_id: Arc<str>,
        /// How many tokens it takes, if it is no join.
        #[serde(rename = "tk")]
        tokens: u32,
    },
    /// Let an element that was entered do its work.
    #[serde(rename = "ac")]
    Activate {
        /// The element instance.
        #[serde(rename = "ei")]
        element_instance_key: Key,
    },
    /// Let an element that did its work leave.
    #[serde(rename = "cp")]
    Complete {
        /// The element instance.
        #[serde(rename = "ei")]
        element_instance_key: Key,
    },
    /// End an element instance.
    #[serde(rename = "te")]
    Terminate {
        /// The element instance.
        #[serde(rename = "ei")]
        element_instance_key: Key,
    },
    /// End what is active in a scope, a bounded number at a time.
    #[serde(rename = "tc")]
    TerminateChildren {
        /// The scope.
        #[serde(rename = "sc")]
        scope_key: Key,
        /// The last one that was ended.
        #[serde(rename = "af")]
        after_key: Key,
    },
    /// Look again for who catches the error that a worker threw.
    #[serde(rename = "th")]
    ThrowError {
        /// The job.
        #[serde(rename = "jk")]
        job_key: Key,
    },
    /// Give a buffered message to whoever began to wait for it.
    #[serde(rename = "de")]
    Deliver {
        /// The message.
        #[serde(rename = "mk")]
        message_key: Key,
        /// Who waits.
        #[serde(rename = "sk")]
        subscription_key: Key,
    },
    /// Begin the next instance for a correlation key whose last one has ended.
    #[serde(rename = "sn")]
    StartNext {
        /// The process.
        #[serde(rename = "pr")]
        process_id: Arc<str>,
        /// The correlation key.
        #[serde(rename = "ck")]
        correlation_key: Arc<str>,
    },
}

impl Task {
    /// Returns the name for people.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Enter { .. } => "enter",
            Self::Activate { .. } => "activate",
            Self::Complete { .. } => "complete",
            Self::Terminate { .. } => "terminate",
            Self::TerminateChildren { .. } => "terminate_children",
            Self::ThrowError { .. } => "throw_error",
            Self::Deliver { .. } => "deliver",
            Self::StartNext { .. } => "start_next",
        }
    }
}

impl Visit for Task {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.structure("task");
        sink.field("name");
        sink.text(self.name());
        sink.field("about");
        match self {
            Self::Enter { scope_key, element_id, tokens } => {
                (*scope_key, element_id.clone(), *tokens).visit(sink);
            }
            Self::Activate { element_instance_key }
            | Self::Complete { element_instance_key }
            | Self::Terminate { element_instance_key } => element_instance_key.visit(sink),
            Self::TerminateChildren { scope_key, after_key } => {
                (*scope_key, *after_key).visit(sink);
            }
            Self::ThrowError { job_key } => job_key.visit(sink),
            Self::Deliver { message_key, subscription_key } => {
                (*message_key, *subscription_key).visit(sink);
            }
            Self::StartNext { process_id, correlation_key } => {
                (process_id.clone(), correlation_key.clone()).visit(sink);
            }
        }
        sink.end();
    }
}
