//! What the judges of the whole share.

pub mod postgres;
