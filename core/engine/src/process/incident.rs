//! What blocks an element until a person helps.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::kernel::{Sink, Visit};

/// Why a hook of an element could not do its work. The element stays where it is, and resolving tries the hook again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What went wrong.
    pub kind: IncidentKind,
    /// What was expected and what was found, for people.
    pub message: String,
}

/// What can go wrong, as the Camunda 8 API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IncidentKind {
    /// An expression has no value, or one of the wrong type.
    #[serde(rename = "EXTRACT_VALUE_ERROR")]
    ExtractValue,
    /// No condition of a gateway holds, or one is neither true nor false.
    #[serde(rename = "CONDITION_ERROR")]
    Condition,
    /// An input or output mapping cannot be evaluated.
    #[serde(rename = "IO_MAPPING_ERROR")]
    Mapping,
    /// The decision that is called does not exist.
    #[serde(rename = "CALLED_DECISION_ERROR")]
    CalledDecision,
    /// A decision has no result.
    #[serde(rename = "DECISION_EVALUATION_ERROR")]
    DecisionEvaluation,
    /// A job failed and has no retries left.
    #[serde(rename = "JOB_NO_RETRIES")]
    JobNoRetries,
    /// An error was thrown and nobody catches it.
    #[serde(rename = "UNHANDLED_ERROR_EVENT")]
    UnhandledError,
    /// The instance is larger or deeper than a limit allows.
    #[serde(rename = "UNSPECIFIED")]
    LimitExceeded,
}

impl Incident {
    /// Makes an incident.
    pub fn new(kind: IncidentKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl IncidentKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::ExtractValue,
        Self::Condition,
        Self::Mapping,
        Self::CalledDecision,
        Self::DecisionEvaluation,
        Self::JobNoRetries,
        Self::UnhandledError,
        Self::LimitExceeded,
    ];

    /// Returns the name that the Camunda 8 API has for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExtractValue => "EXTRACT_VALUE_ERROR",
            Self::Condition => "CONDITION_ERROR",
            Self::Mapping => "IO_MAPPING_ERROR",
            Self::CalledDecision => "CALLED_DECISION_ERROR",
            Self::DecisionEvaluation => "DECISION_EVALUATION_ERROR",
            Self::JobNoRetries => "JOB_NO_RETRIES",
            Self::UnhandledError => "UNHANDLED_ERROR_EVENT",
            Self::LimitExceeded => "UNSPECIFIED",
        }
    }
}

impl Visit for IncidentKind {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.text(self.name());
    }
}
