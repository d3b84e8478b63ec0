//! What the tests share: the tidy rules, the spec runner, random processes, and the built binary.

pub mod binary;
pub mod generate;
pub mod spec;
pub mod tidy;
pub mod walls;
