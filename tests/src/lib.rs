//! What judges the whole: the helpers of the tests in `tests/tests`.

extern crate alloc;

pub mod bench;
pub mod binary;
pub mod crash;
pub mod decimal;
pub mod drive;
pub mod evaluations;
pub mod generate;
pub mod golden;
pub mod host;
pub mod notes;
pub mod postgres;
pub mod reference;
pub mod schedule;
pub mod script;
pub mod search;
pub mod server;
pub mod spec;
pub mod tck;
pub mod tidy;
pub mod toy;
pub mod walls;
