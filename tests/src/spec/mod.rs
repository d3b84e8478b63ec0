//! Spec suites: Markdown files whose `process`, `run` and `log` blocks are tests and user manual at once.

pub mod markdown;
pub mod script;
