//! Business rule task: evaluates a decision into a variable, or leaves it to a job worker.
//!
//! Waits: never; for its job if a worker does it · Reads: variables in scope · Emits: `decision.evaluated`, `variable.changed` or `job.created` + lifecycle + `flow.taken`
//! Incidents: `EXTRACT_VALUE_ERROR` (decision id), `CALLED_DECISION_ERROR`, `DECISION_EVALUATION_ERROR`, `IO_MAPPING_ERROR`; with a job those of a service task
//! Standard: BPMN 2.0.2 §13.3.3 · Not supported: multi-instance, listeners · Spec: tests/spec/elements/business_rule_task.md

use super::Behavior;
use crate::bpmn::{BusinessRuleSpec, Element, ElementKind};
use crate::feel::Context;
use crate::process::Incident;
use crate::process::element_cx::ElementCx;

/// A decision.
pub struct BusinessRuleTask;

impl Behavior for BusinessRuleTask {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let ElementKind::BusinessRuleTask(spec) = &element.kind else { return Ok(()) };
        match spec {
            BusinessRuleSpec::Decision(called) => {
                let value = cx.decide(element, called)?;
                let result = Context::from_iter([(called.result_variable.clone(), value)]);
                cx.receive(element, &result);
                cx.pass();
            }
            BusinessRuleSpec::Job(spec) => {
                let job = cx.job(element, spec)?;
                cx.activated();
                cx.create_job(job);
            }
        }
        Ok(())
    }
}
