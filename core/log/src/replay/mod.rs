//! Replay: play a log forward and back, compare two positions, fork the past, and decide everything again.

mod diff;
mod fork;
mod player;
mod verdict;
mod verify;

pub use diff::{Snapshot, diff};
pub use fork::{Fork, ForkError};
pub use player::{OpenError, PlayError, Player, StepView, Target};
pub use verdict::{Difference, Report, Verdict};
pub use verify::{Verifier, VerifyError, verify_file};
