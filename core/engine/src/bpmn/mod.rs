//! BPMN: the executable model of a process, and how it is read from XML.
//!
//! The machine runs [`ExecutableProcess`]; it never sees XML.

pub mod model;
pub mod spec;

pub use model::{
    Element, ElementIndex, ElementKind, ExecutableProcess, Flow, FlowIndex, Location, Scope,
};
pub use spec::{
    BoundaryTrigger, CatchTrigger, EndKind, ErrorCatch, ErrorThrow, JobSpec, Mapping, MessageSpec,
    ScriptSpec, StartTrigger, StaticOrExpression, TimerSpec,
};
