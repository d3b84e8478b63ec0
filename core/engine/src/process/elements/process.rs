//! Process: the outermost scope; its element instance is the process instance.
//!
//! Waits: for what is active inside · Reads: — · Emits: `instance.completed`
//! Incidents: —
//! Standard: BPMN 2.0.2 §13.2 · Not supported: — · Spec: tests/spec/elements/process.md

use super::Behavior;
use crate::bpmn::Element;
use crate::process::Incident;
use crate::process::element_cx::ElementCx;

/// The process itself.
pub struct Process;

impl Behavior for Process {
    fn complete(&self, cx: &mut ElementCx<'_, '_>, _: &Element) -> Result<(), Incident> {
        cx.completed();
        Ok(())
    }
}
