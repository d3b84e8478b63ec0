//! The core of dacapo for JavaScript. It converts and decides nothing: what can be decided is in the core.
//!
//! Keys are decimal strings; positions and timestamps are numbers below 2^53; user data is made of `Map`s, arrays and
//! scalars, so that no name of a variable means anything to JavaScript. Errors are `Error`s with a `code`, and a `position`
//! where there is one.
//!
//! The core does not panic. If the Wasm traps all the same (out of memory), every object of that instance of the module is
//! lost: load the module again. A function that throws an error leaves its object as it was.
//!
//! Reading order: [`Replay`] (a log) → [`Fork`] (what if) → [`Engine`] (a log of one's own);
//! without a log: [`Feel`] and [`Decisions`].

mod ask;
mod asking;
mod decided;
mod decisions;
mod engine;
mod error;
mod feel;
mod find;
mod fork;
mod given;
mod input;
mod lab;
mod names;
mod opening;
mod options;
mod origin;
mod outcome;
mod parts;
mod questions;
mod replay;
mod shapes;
mod told;
mod trail;
mod types;
mod values;
mod verify;
mod verifying;
mod view;

pub use decisions::Decisions;
pub use engine::Engine;
pub use feel::Feel;
pub use fork::Fork;
pub use opening::Opening;
pub use replay::Replay;
pub use verify::verify_log;
pub use verifying::Verifying;
pub use view::bpmn;
