//! Boundary event: goes on where something happened beside an activity, after the activity has ended if it interrupts.
//!
//! Waits: never; its wait belongs to the activity · Reads: what the event brought; an error's stays local · Emits: lifecycle + `flow.taken`
//! Incidents: `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.5.3 · Not supported: signal, escalation, compensation, conditional · Spec: tests/spec/elements/boundary_event.md

use super::Behavior;

/// What happens beside an activity.
pub struct BoundaryEvent;

impl Behavior for BoundaryEvent {}
