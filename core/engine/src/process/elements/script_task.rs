//! Script task: evaluates an expression into a variable, or leaves the script to a job worker.
//!
//! Waits: never; for its job if a worker does it · Reads: variables in scope · Emits: `variable.changed` or `job.created` + lifecycle + `flow.taken`
//! Incidents: `EXTRACT_VALUE_ERROR`, `IO_MAPPING_ERROR`; with a job those of a service task
//! Standard: BPMN 2.0.2 §13.3.3 · Not supported: other script languages than FEEL without a worker · Spec: tests/spec/elements/script_task.md

use super::Behavior;
use crate::bpmn::{Element, ElementKind, ScriptSpec};
use crate::feel::Context;
use crate::process::element_cx::ElementCx;
use crate::process::expressions::Asked;
use crate::process::{Incident, IncidentKind};

/// A script.
pub struct ScriptTask;

impl Behavior for ScriptTask {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let ElementKind::ScriptTask(spec) = &element.kind else { return Ok(()) };
        match spec {
            ScriptSpec::Expression { expression, result_variable } => {
                let kind = IncidentKind::ExtractValue;
                let asked = Asked { what: "the script", id: &element.id, kind };
                let value = cx.evaluate(asked, expression)?;
                let result = Context::from_iter([(result_variable.clone(), value)]);
                cx.receive(element, &result);
                cx.pass();
            }
            ScriptSpec::Job(spec) => {
                let job = cx.job(element, spec)?;
                cx.activated();
                cx.create_job(job);
            }
        }
        Ok(())
    }
}
