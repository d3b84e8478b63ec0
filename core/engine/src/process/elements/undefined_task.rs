//! Task without a type: passed through.
//!
//! Waits: never · Reads: variables in scope (mappings) · Emits: lifecycle + `flow.taken`
//! Incidents: `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.3.3 · Not supported: — · Spec: tests/spec/elements/undefined_task.md

use super::Behavior;

/// A task without a type.
pub struct UndefinedTask;

impl Behavior for UndefinedTask {}
