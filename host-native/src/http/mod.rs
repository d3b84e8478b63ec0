//! The HTTP API: what is asked becomes commands and reads, what was found becomes answers. It decides nothing.
//!
//! Reading order: `routes` (the switchboard) → `body`, `wire`, `requests`, `search` (what is asked) → `submit`, `reads` (what all
//! handlers have in common) → one file per kind of thing → `problem` (what goes wrong).

mod api;
mod body;
mod clock;
mod cluster;
mod counting;
mod decisions;
mod definitions;
mod deployments;
mod elements;
mod files;
mod guard;
mod headers;
mod incidents;
mod instances;
mod jobs;
mod limit;
mod listen;
mod live;
mod log;
mod messages;
mod operations;
mod probes;
mod problem;
mod process_instances;
mod reads;
mod requests;
mod routes;
mod rows;
mod search;
mod studio;
mod submit;
mod time;
mod upload;
mod waits;
mod wire;

pub use api::Api;
pub use listen::listen;
pub use operations::{OPERATIONS, Operation};
pub use problem::Problem;
pub use routes::{BASE, router, unserved_operations};
pub use studio::studio_of_file;
