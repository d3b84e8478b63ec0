//! The BPMN machine: decides commands about processes, instances, jobs, messages and incidents.
//!
//! Reading order: [`Process`] → `commands` (check, decide) → `events` (evolve) → `state` (tables) → `lifecycle` (what is
//! common to all elements) → `elements` (one small file each).

mod machine;

pub mod commands;
pub mod describe;
pub mod events;
pub mod lab;
pub mod near;
pub mod outline;
pub mod rejections;
pub mod remedy;
pub mod rows;
pub mod state;
pub mod trail;
pub mod view;

mod elements;
mod lifecycle;

mod decisions;
mod deployment;
mod due;
mod element_cx;
mod element_type;
mod errors;
mod expressions;
mod fields;
mod incident;
mod messages;
mod models;
mod timers;
mod variables;
mod waits;
mod work;

pub use commands::Command;
pub use element_type::ElementType;
pub use events::Event;
pub use fields::FIELDS;
pub use incident::{Incident, IncidentKind};
pub use machine::Process;
pub use models::Models;
pub use state::State;
pub use work::{Task, Work};
