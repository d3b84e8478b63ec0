//! What judges the whole: the helpers of the tests in `tests/tests`.

extern crate alloc;

pub mod drive;
pub mod host;
pub mod notes;
pub mod script;
pub mod tidy;
pub mod toy;
