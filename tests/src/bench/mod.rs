//! Bench figures and how they are reported.

pub mod report;
