//! FEEL, the expression language of DMN (DMN 1.5 chapter 10), in the dialect of Camunda 8.
//!
//! No clock, no randomness, no binary floating point, bounded time and depth: an evaluation is a function of the
//! expression, the scope and the [`Env`]. What cannot be computed is null with a [`Warning`].
//!
//! ```
//! use dacapo_engine::feel::{Context, Env, Expression, Value, evaluate};
//!
//! let expression = Expression::parse("if total > 100 then total * 0.9 else total")?;
//! let scope = Context::from_iter([("total", 250)]);
//! let mut env = Env::new(1_775_037_600_000).with_fuel(10_000);
//! assert_eq!(evaluate(&expression, &scope, &mut env)?, Value::from(225));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

pub mod calendar;
pub mod json;
pub mod limits;

mod builtins;
mod context;
mod decimal;
mod env;
mod error;
mod evaluation;
mod expression;
mod function;
mod pattern;
mod serial;
mod stored;
mod suggest;
mod syntax;
mod text;
mod trace;
mod value;
mod warning;

#[cfg(test)]
mod tests;

pub use calendar::{Date, DateTime, DaysDuration, MonthsDuration, Time};
pub use context::Context;
pub use decimal::{Dec34, DecimalError, Rounding};
pub use env::{Dialect, Draw, Env, Scope, Types};
pub use error::{EvaluationError, EvaluationErrorKind};
pub(crate) use evaluation::Walk;
pub(crate) use expression::answer;
pub use expression::{Expression, ParseError, Span, UnaryTests, evaluate, evaluate_unary_tests};
pub use function::{Function, Invocable};
pub use pattern::{Regex, RegexError};
pub(crate) use suggest::distance;
pub use trace::{Step, Stop};
pub use value::{List, Range, RangeForm, Value};
pub use warning::{Warning, WarningCode};
