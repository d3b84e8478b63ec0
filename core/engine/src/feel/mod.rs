//! FEEL, the expression language of DMN (DMN 1.5 chapter 10), in the dialect of Camunda 8.
//!
//! No clock, no randomness, no binary floating point, bounded time and depth: an evaluation is a function of the
//! expression, the scope and the [`Env`]. What cannot be computed is null with a [`Warning`].

pub mod calendar;
pub mod json;
pub mod limits;

mod builtins;
mod context;
mod decimal;
mod env;
mod evaluation;
mod expression;
mod function;
mod serial;
mod syntax;
mod text;
mod value;

#[cfg(test)]
mod tests;

pub use calendar::{Date, DateTime, DaysDuration, MonthsDuration, Time};
pub use context::Context;
pub use decimal::{Dec34, DecimalError, Rounding};
pub use env::{Draw, Env, EvaluationError, Scope, Warning};
pub use expression::{Expression, ParseError, Span, UnaryTests, evaluate, evaluate_unary_tests};
pub use function::{Function, Invocable};
pub use value::{List, Range, Value};
