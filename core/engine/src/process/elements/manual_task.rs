//! Manual task: documentation of work that the engine does not know; passed through.
//!
//! Waits: never · Reads: variables in scope (mappings) · Emits: lifecycle + `flow.taken`
//! Incidents: `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.3.3 · Not supported: — · Spec: tests/spec/elements/manual_task.md

use super::Behavior;

/// Work outside of any system.
pub struct ManualTask;

impl Behavior for ManualTask {}
