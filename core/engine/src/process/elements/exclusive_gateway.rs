//! Exclusive gateway: leaves by the first outgoing flow whose condition holds, else the default flow.
//!
//! Waits: never · Reads: variables in scope · Emits: lifecycle + `flow.taken`
//! Incidents: `CONDITION_ERROR` (a condition is neither true nor false; nothing holds and there is no default)
//! Standard: BPMN 2.0.2 §13.4.2 · Not supported: — · Spec: tests/spec/elements/exclusive_gateway.md

use super::Behavior;
use crate::bpmn::{Element, ElementKind, FlowIndex};
use crate::process::element_cx::ElementCx;
use crate::process::{Incident, IncidentKind};

/// One token in, one token out.
pub struct ExclusiveGateway;

impl Behavior for ExclusiveGateway {
    fn complete(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let flow = choose(cx, element)?;
        cx.completed();
        if let Some(flow) = flow {
            cx.take(flow);
        }
        Ok(())
    }
}

/// Returns the flow to leave by; none if there is no flow at all.
fn choose(cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<Option<FlowIndex>, Incident> {
    let ElementKind::ExclusiveGateway { default } = &element.kind else { return Ok(None) };
    let model = cx.model();
    for index in element.outgoing.iter().filter(|it| Some(**it) != *default) {
        let Some(flow) = model.flow(*index) else { continue };
        if cx.condition(flow)? {
            return Ok(Some(*index));
        }
    }
    if default.is_none() && !element.outgoing.is_empty() {
        let text = alloc::format!(
            "expected a condition of gateway '{}' to hold or a default flow, found neither",
            element.id
        );
        return Err(Incident::new(IncidentKind::Condition, text));
    }
    Ok(*default)
}
