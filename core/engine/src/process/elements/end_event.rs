//! End event: consumes its token; may end all other tokens of its scope, or throw an error.
//!
//! Waits: never; an error event until its scope is ended by whoever catches · Reads: variables in scope (error code, mappings) · Emits: lifecycle, `element.interrupted`
//! Incidents: `UNHANDLED_ERROR_EVENT`, `EXTRACT_VALUE_ERROR` (error code), `IO_MAPPING_ERROR`
//! Standard: BPMN 2.0.2 §13.5.4 · Not supported: message, signal, escalation, compensation ends · Spec: tests/spec/elements/end_event.md

use super::Behavior;
use crate::bpmn::{Element, ElementKind, EndKind};
use crate::feel::Context;
use crate::process::element_cx::ElementCx;
use crate::process::errors;
use crate::process::expressions::Asked;
use crate::process::{Incident, IncidentKind};

/// Where a path ends.
pub struct EndEvent;

impl Behavior for EndEvent {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let ElementKind::EndEvent(EndKind::Error(error)) = &element.kind else {
            cx.pass();
            return Ok(());
        };
        let kind = IncidentKind::ExtractValue;
        let asked = Asked { what: "the error code", id: &element.id, kind };
        let code = cx.text(asked, &error.code)?;
        let catcher =
            errors::catcher(cx, &code).ok_or_else(|| errors::uncaught(&code, &element.id, None))?;
        cx.activated();
        errors::throw(cx, catcher, &Context::new());
        Ok(())
    }

    fn complete(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        cx.map_outputs(element)?;
        cx.completed();
        if matches!(element.kind, ElementKind::EndEvent(EndKind::Terminate)) {
            cx.interrupt_scope();
        }
        Ok(())
    }
}
