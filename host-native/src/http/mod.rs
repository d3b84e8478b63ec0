//! The HTTP API: what is asked becomes commands and reads, what was found becomes answers. It decides nothing.

mod body;
mod headers;
mod operations;
mod problem;
mod search;
mod time;

pub use operations::{OPERATIONS, Operation};
pub use problem::Problem;
