//! Why parts of an expression are null.

use alloc::string::String;

use super::Span;

/// Why a part of an expression is null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The part.
    pub span: Span,
    /// What kind of thing went wrong.
    pub code: WarningCode,
    /// What was expected, what was found.
    pub reason: String,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WarningCode {
    /// No variable has the name.
    NoVariableFound,
    /// The context has no entry of the name.
    NoContextEntryFound,
    /// The value has no property of the name.
    NoPropertyFound,
    /// No function has the name, or what is called is none.
    NoFunctionFound,
    /// The values cannot be compared.
    NotComparable,
    /// A value has another type than is needed there, or is out of range.
    InvalidType,
    /// A function could not be called with the arguments, or has no result for them.
    FunctionInvocationFailure,
}

impl WarningCode {
    /// Returns the name under which the API shows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoVariableFound => "NO_VARIABLE_FOUND",
            Self::NoContextEntryFound => "NO_CONTEXT_ENTRY_FOUND",
            Self::NoPropertyFound => "NO_PROPERTY_FOUND",
            Self::NoFunctionFound => "NO_FUNCTION_FOUND",
            Self::NotComparable => "NOT_COMPARABLE",
            Self::InvalidType => "INVALID_TYPE",
            Self::FunctionInvocationFailure => "FUNCTION_INVOCATION_FAILURE",
        }
    }
}
