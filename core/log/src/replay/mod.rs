//! What can be done with a log: play it forward and back, compare two places, fork it, verify it. Generic over the machine.
//!
//! Reading order: [`Player`] → [`Opening`] → [`diff`] → [`causes()`] → [`Fork`] → [`Verifier`] → [`MemoryLog`].

mod code;
mod difference;
mod fork;
mod journal;
mod memory;
mod opening;
mod origin;
mod player;
mod retell;
mod seeking;
mod slice;
mod verify;

pub use difference::diff;
pub use fork::{Fork, ForkCommand};
pub use memory::{MemoryError, MemoryLog, MemoryOptions};
pub use opening::Opening;
pub use origin::{Refused, causes, refusals};
pub use player::{PlayError, Player, StepView, Target};
pub use retell::{RetellError, retell};
pub use verify::{Doubt, Report, Verdict, VerdictRange, Verifier, VerifyError};
