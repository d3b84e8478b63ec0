//! The kernel: drives a machine over one log, and knows nothing of what the machine is for.
//!
//! Reading order: [`Machine`] (what a machine is) → [`Cx`] (what its deciders may do) → [`Engine`] (step and replay) →
//! [`Table`] (the only kind of state) → [`StateDigest`] → [`Both`] (two machines on one log).

mod body;
mod compose;
mod control;
mod cx;
mod decide;
mod digest;
mod engine;
mod engine_state;
mod fault;
mod frame;
mod machine;
mod park;
mod plain;
mod replay;
mod requests;
mod slice;
mod state;
mod symbols;
mod table;
mod visit;

pub use body::{Body, BodyError, Intents, bodies};
pub use compose::{Both, BothTables, Either};
pub use control::ControlState;
pub use cx::{Cx, StepBudget};
pub use digest::{RowHash, StateDigest, row_hash};
pub use engine::{DigestMode, Engine, Place, ReplayError, StepError, Undo};
pub use engine_state::EngineState;
pub use fault::{Corrupt, Fault, invariant};
pub use frame::{AnyCommand, AnyEvent, Content, EventRecord, Frame, Outcome, Stepped};
pub use machine::{At, Evolve, Internal, Machine, View};
pub use park::{
    ContinueWork, KernelCommand, KernelEvent, ParkedRow, ParseCommand, Work, WorkResumed,
};
pub use plain::{Change, Plain, PlainSink, plain};
pub use requests::{RequestKey, RequestRow};
pub use state::{KernelState, tables};
pub use symbols::{Symbol, Symbols};
pub use table::{Journal, Row, Table, TableVisitor, TableVisitorMut, Tables};
pub use visit::{ByteSink, Sink, Visit, visit_fields, visit_newtype};
