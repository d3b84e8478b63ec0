//! What judges the whole: the helpers of the tests in `tests/tests`.

pub mod tidy;
pub mod walls;
