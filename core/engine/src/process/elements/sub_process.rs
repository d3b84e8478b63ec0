//! Embedded sub-process: a scope of its own that completes when nothing is active inside.
//!
//! Waits: for what is active inside · Reads: variables in scope (mappings) · Emits: lifecycle + `flow.taken`
//! Incidents: `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.3.4 · Not supported: event sub-processes, multi-instance · Spec: tests/spec/elements/sub_process.md

use super::Behavior;
use crate::bpmn::Element;
use crate::process::Incident;
use crate::process::element_cx::ElementCx;

/// An embedded sub-process.
pub struct SubProcess;

impl Behavior for SubProcess {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let Some(start) = element.kind.scope().and_then(|it| it.none_start) else { return Ok(()) };
        cx.activated();
        cx.enter(start);
        Ok(())
    }
}
