//! The host protocol as a state machine without I/O: a host tells it what happened and does what it asks.
//!
//! Reading order: [`Input`] and [`Effect`] → [`Recovery`] (how a writer takes a partition) → [`Partition`].

mod batch;
mod clock;
mod commits;
mod holds;
mod intake;
mod protocol;
mod queue;
mod recovery;
mod settings;
mod steps;
mod writer;

pub use protocol::{
    Answer, AppendOutcome, Batch, Committed, Effect, InboxPut, InboxSubmission, Input, NotDone,
    Refusal, StopReason, Submission,
};
pub use recovery::{Recovery, RecoveryError};
pub use settings::{Bootstrap, Lead, Settings};
pub use writer::Partition;
