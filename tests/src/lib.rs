//! What judges the whole: the helpers of the tests in `tests/tests`.

extern crate alloc;

pub mod binary;
pub mod drive;
pub mod notes;
pub mod tidy;
pub mod toy;
