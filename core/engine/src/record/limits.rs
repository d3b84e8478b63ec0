//! The limits that a log was decided under; recorded, because changing one changes decisions.

use serde::{Deserialize, Serialize};

/// What one command, step or instance may cost. Part of genesis and of `limits_changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The greatest encoded body of a command, in bytes.
    #[serde(rename = "cb")]
    pub command_bytes: u32,
    /// The events after which a step parks its remaining work.
    #[serde(rename = "se")]
    pub step_events: u32,
    /// The approximate bytes of events after which a step parks its remaining work.
    #[serde(rename = "sb")]
    pub step_bytes: u32,
    /// The expression fuel of one step.
    #[serde(rename = "sf")]
    pub step_fuel: u64,
    /// The element instances that one process instance may ever activate.
    #[serde(rename = "il")]
    pub instance_elements: u64,
    /// The nesting of scopes.
    #[serde(rename = "dp")]
    pub scope_depth: u32,
    /// The time a request id is remembered, in milliseconds of log time.
    #[serde(rename = "rr")]
    pub request_retention_ms: i64,
    /// The greatest jump of the clock that is stamped without an operator, in milliseconds.
    #[serde(rename = "cj")]
    pub clock_jump_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            command_bytes: 4 << 20,
            step_events: 2_000,
            step_bytes: 2 << 20,
            step_fuel: 10_000_000,
            instance_elements: 1_000_000,
            scope_depth: 64,
            request_retention_ms: 24 * 60 * 60 * 1_000,
            clock_jump_ms: 60 * 60 * 1_000,
        }
    }
}
