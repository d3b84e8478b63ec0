//! Service task: creates a job and waits until a worker completes it.
//!
//! Waits: for its job · Reads: variables in scope (type, retries, mappings) · Emits: `job.created` + lifecycle + `flow.taken`
//! Incidents: `EXTRACT_VALUE_ERROR` (type, retries), `JOB_NO_RETRIES`, `UNHANDLED_ERROR_EVENT`, `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.3.3 · Not supported: multi-instance, listeners · Spec: tests/spec/elements/service_task.md

use super::Behavior;
use crate::bpmn::{Element, ElementKind};
use crate::process::Incident;
use crate::process::element_cx::ElementCx;

/// Work for a job worker.
pub struct ServiceTask;

impl Behavior for ServiceTask {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let ElementKind::ServiceTask(spec) = &element.kind else { return Ok(()) };
        let job = cx.job(element, spec)?;
        cx.activated();
        cx.create_job(job);
        Ok(())
    }
}
