//! The host protocol as a state machine without I/O: a host tells it what happened and does what it asks.

mod protocol;
mod settings;

pub use protocol::{
    Answer, AppendOutcome, Batch, Committed, Effect, InboxPut, InboxSubmission, Input, NotDone,
    Refusal, StopReason, Submission,
};
pub use settings::{Bootstrap, Lead, Settings};
