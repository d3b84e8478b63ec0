//! The BPMN machine: decides commands about processes, instances, jobs, messages and incidents.
//!
//! Reading order: [`Process`] (the switchboards) → `commands` (check, decide) → `events` (evolve) → `state` (tables) →
//! `elements` (one small file each) → `lifecycle` (what is common to all elements).

mod machine;

pub mod commands;
pub mod events;
pub mod rejections;
pub mod state;

mod element_type;
mod fields;
mod incident;
mod work;

pub use commands::Command;
pub use element_type::ElementType;
pub use events::Event;
pub use fields::FIELDS;
pub use incident::{Incident, IncidentKind};
pub use machine::Process;
pub use state::State;
pub use work::{Task, Work};
