//! Bench figures: what is measured, and how it is reported.

pub mod core;
pub mod report;
