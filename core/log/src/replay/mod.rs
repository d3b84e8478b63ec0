//! What can be done with a log: play it forward and back, compare two places, fork it, verify it. Generic over the machine.
//!
//! Reading order: [`Player`] → [`diff`] → [`Fork`] → [`Verifier`].

mod difference;
mod fork;
mod journal;
mod player;
mod verify;

pub use difference::diff;
pub use fork::{Fork, ForkCommand};
pub use player::{PlayError, Player, StepView, Target};
pub use verify::{Doubt, Report, Verdict, VerdictRange, Verifier, VerifyError};
