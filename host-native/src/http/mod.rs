//! The HTTP API: what is asked becomes commands and reads, what was found becomes answers. It decides nothing.

mod api;
mod body;
mod cluster;
mod guard;
mod headers;
mod listen;
mod operations;
mod probes;
mod problem;
mod requests;
mod routes;
mod rows;
mod search;
mod time;
mod upload;
mod wire;

pub use api::Api;
pub use listen::listen;
pub use operations::{OPERATIONS, Operation};
pub use problem::Problem;
pub use routes::{BASE, router, unserved_operations};
