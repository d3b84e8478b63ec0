//! Start event: begins a process or a sub-process. What a message brought is passed on to the scope around.
//!
//! Waits: never; its timer or subscription belongs to the definition · Reads: the message that began it · Emits: lifecycle + `flow.taken`
//! Incidents: `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.5.1 · Not supported: signal, conditional, error and escalation starts · Spec: tests/spec/elements/start_event.md

use super::Behavior;

/// Where a process or sub-process begins.
pub struct StartEvent;

impl Behavior for StartEvent {}
