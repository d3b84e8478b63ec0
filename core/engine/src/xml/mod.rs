//! XML as both notations read it: UTF-8 only, no document type, within limits, every problem with its place.
//!
//! The layer table of the design has no row for it: BPMN and DMN do not know each other, and what guards against a hostile
//! file must not exist twice, where one copy would be mended and the other forgotten. It knows neither of them.

mod guard;
mod limits;
mod positions;
mod problem;
mod source;

pub use limits::XmlLimits;
pub use problem::{Location, Problem};

pub(crate) use positions::Positions;
pub(crate) use problem::{XmlProblem, problem_codes};
pub(crate) use source::{Defect, decode, tree};
