//! What judges the whole: the helpers of the tests in `tests/tests`.

pub mod binary;
pub mod tidy;
