//! Why an evaluation has no value at all.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

/// Why an evaluation has no result. Everything else that goes wrong gives null and a warning.
///
/// One word: the result of every step has room for it, and small results are quick.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct EvaluationError(Box<EvaluationErrorKind>);

/// What can end an evaluation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationErrorKind {
    /// It took more steps than allowed.
    #[error("expected an evaluation within {limit} units of fuel, found a longer one")]
    FuelExhausted {
        /// The fuel it had.
        limit: u64,
    },
    /// Calls or values nest too deep.
    #[error("expected at most {limit} levels of nesting, found more")]
    TooDeep {
        /// The levels allowed.
        limit: u32,
    },
    /// A value is too large.
    #[error("expected a value of weight {limit} at most, found a larger one")]
    TooLarge {
        /// The weight allowed: one per value and per byte of text.
        limit: u64,
    },
    /// The condition of an `assert` is not true: its author wants no result then.
    #[error("expected the condition of assert to be true, found otherwise{}", because(cause.as_deref()))]
    Assertion {
        /// What its author says about it.
        cause: Option<Arc<str>>,
    },
}

impl EvaluationError {
    /// Returns what happened.
    pub fn kind(&self) -> &EvaluationErrorKind {
        &self.0
    }
}

impl From<EvaluationErrorKind> for EvaluationError {
    #[cold]
    fn from(kind: EvaluationErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

fn because(cause: Option<&str>) -> String {
    cause.map(|cause| alloc::format!(": {cause}")).unwrap_or_default()
}
