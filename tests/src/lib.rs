//! What the tests share.

extern crate alloc;

pub mod drive;
pub mod notes;
pub mod toy;
