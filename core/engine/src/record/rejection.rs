//! Why a command was refused.

use alloc::string::String;
use alloc::sync::Arc;

/// What kind of wrong the caller was; closed (promise C4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectionClass {
    /// What the command names does not exist.
    NotFound,
    /// What the command would create exists.
    AlreadyExists,
    /// What the command names is not in the state that it needs.
    InvalidState,
    /// The command itself is wrong, whatever the state.
    InvalidArgument,
    /// The command contradicts another one.
    Conflict,
    /// The command or its effect is larger than a limit.
    TooLarge,
    /// The caller may not do this.
    Unauthorized,
    /// The engine cannot take it now.
    Backpressure,
    /// The engine or the disk was wrong.
    Fault,
}

impl RejectionClass {
    /// Returns the stable name, as `invalid_state`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::InvalidState => "invalid_state",
            Self::InvalidArgument => "invalid_argument",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::Unauthorized => "unauthorized",
            Self::Backpressure => "backpressure",
            Self::Fault => "fault",
        }
    }
}

/// The stable name of one way to be refused, such as `job_not_found`. Closed lists per machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectionCode {
    /// The name in the log and in every answer.
    pub name: &'static str,
    /// The kind of wrong.
    pub class: RejectionClass,
}

/// A refusal: the only outcome of its command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Which expectation was violated.
    pub code: RejectionCode,
    /// The field or element that is to blame.
    pub field: Option<Arc<str>>,
    /// What was expected and what was found, for people.
    pub reason: String,
    /// Whether the host imposed it without asking the machine; never re-decided.
    pub is_imposed: bool,
}

impl Rejection {
    /// Makes a refusal that the machine decided.
    pub fn new(code: RejectionCode, reason: impl Into<String>) -> Self {
        Self { code, field: None, reason: reason.into(), is_imposed: false }
    }

    /// Names the field that is to blame.
    pub fn blame(mut self, field: impl Into<Arc<str>>) -> Self {
        self.field = Some(field.into());
        self
    }
}
