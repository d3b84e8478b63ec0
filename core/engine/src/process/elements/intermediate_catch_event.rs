//! Intermediate catch event: waits for a message or a time.
//!
//! Waits: for a message or a timer · Reads: variables in scope (name, key, time, mappings) · Emits: `timer.armed` or `message_subscription.opened` + lifecycle + `flow.taken`
//! Incidents: `EXTRACT_VALUE_ERROR` (name, key, time), `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.5.2 · Not supported: signal, link, conditional · Spec: tests/spec/elements/intermediate_catch_event.md

use super::Behavior;
use crate::bpmn::{Element, ElementKind};
use crate::process::Incident;
use crate::process::element_cx::ElementCx;

/// An event to wait for.
pub struct IntermediateCatchEvent;

impl Behavior for IntermediateCatchEvent {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let ElementKind::IntermediateCatchEvent(trigger) = &element.kind else { return Ok(()) };
        let wait = cx.catch(element, trigger)?;
        cx.activated();
        cx.open(cx.index(), wait);
        Ok(())
    }
}
