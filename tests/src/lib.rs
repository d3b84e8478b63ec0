//! What the tests share: the tidy rules, the spec runner, random processes, and the built binary.

extern crate alloc;

pub mod drive;
pub mod host;
pub mod notes;
pub mod binary;
pub mod generate;
pub mod server;
pub mod spec;
pub mod tidy;
pub mod toy;
