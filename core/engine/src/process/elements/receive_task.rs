//! Receive task: waits for one message; name and correlation key are evaluated once.
//!
//! Waits: for a message · Reads: variables in scope (name, key, mappings) · Emits: `message_subscription.opened` + lifecycle + `flow.taken`
//! Incidents: `EXTRACT_VALUE_ERROR` (name, key), `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.3.3 · Not supported: instantiating receive tasks, multi-instance · Spec: tests/spec/elements/receive_task.md

use super::Behavior;
use crate::bpmn::{Element, ElementKind};
use crate::process::Incident;
use crate::process::element_cx::ElementCx;

/// A task that waits for a message.
pub struct ReceiveTask;

impl Behavior for ReceiveTask {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let ElementKind::ReceiveTask(spec) = &element.kind else { return Ok(()) };
        let message = cx.message(element, spec)?;
        cx.activated();
        cx.open(cx.index(), message);
        Ok(())
    }
}
