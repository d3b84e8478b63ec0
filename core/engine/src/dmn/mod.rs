//! DMN: decision models, how they are read from XML (DMN 1.1 to 1.5), and their evaluation.
//!
//! Pure as FEEL is: an evaluation is a function of the model, what is given to it and the [`Env`](crate::feel::Env).
//! What cannot be computed is null with a warning that names the decision, the expression and the place.

mod evaluate;
mod graph;
mod instance;
mod model;
mod parse;
mod problem;
mod types;
mod xml;

#[cfg(test)]
mod tests;

pub use crate::xml::XmlLimits;
pub use evaluate::{
    DecisionTrace, Evaluation, Failure, InputTrace, OutputTrace, RuleTrace, Violation, Warning,
};
pub use model::{DecisionInfo, Model};
pub use parse::Resource;
pub use problem::{Problem, ProblemCode};

/// The examples of the guide are tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/dmn.md")]
struct Guide;
