//! BPMN: the executable model of a process, and how it is read from XML.
//!
//! The machine runs [`ExecutableProcess`]; it never sees XML.

pub mod model;
pub mod notation;
pub mod spec;

mod check;
mod excerpt;
mod parse;
mod problem;

#[cfg(test)]
mod tests;

pub use crate::xml::{Location, XmlLimits};
pub use model::{Element, ElementIndex, ElementKind, ExecutableProcess, Flow, FlowIndex, Scope};
pub use parse::{compile, parse};
pub use problem::{Problem, ProblemCode};
pub use spec::{
    Binding, BoundaryTrigger, BusinessRuleSpec, CalledDecision, CatchTrigger, EndKind, ErrorCatch,
    ErrorThrow, JobSpec, Mapping, MessageSpec, ScriptSpec, StartTrigger, StaticOrExpression,
    TimerSpec,
};
