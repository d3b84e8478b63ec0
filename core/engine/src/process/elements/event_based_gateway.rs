//! Event-based gateway: waits for the first of the events behind it; the others are forgotten.
//!
//! Waits: for the events behind it · Reads: variables in scope (names, keys, times) · Emits: `timer.armed`, `message_subscription.opened` + lifecycle + `flow.taken`
//! Incidents: `EXTRACT_VALUE_ERROR` (names, keys, times)
//! Standard: BPMN 2.0.2 §13.4.4 · Not supported: instantiating and parallel gateways, receive tasks behind it · Spec: tests/spec/elements/event_based_gateway.md

use alloc::vec::Vec;

use super::Behavior;
use crate::bpmn::{Element, ElementKind};
use crate::process::Incident;
use crate::process::element_cx::{ElementCx, Trigger};

/// A choice made by what happens.
pub struct EventBasedGateway;

impl Behavior for EventBasedGateway {
    fn activate(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        let model = cx.model();
        let mut waits = Vec::new();
        for flow in element.outgoing.iter().filter_map(|it| model.flow(*it)) {
            let Some(event) = model.element(flow.target) else { continue };
            if let ElementKind::IntermediateCatchEvent(trigger) = &event.kind {
                waits.push((flow.target, cx.catch(event, trigger)?));
            }
        }
        cx.activated();
        waits.into_iter().for_each(|(event, wait)| cx.open(event, wait));
        Ok(())
    }

    fn trigger(&self, cx: &mut ElementCx<'_, '_>, element: &Element, trigger: Trigger<'_>) {
        let model = cx.model();
        let leads_there = |it: &_| model.flow(*it).is_some_and(|it| it.target == trigger.event);
        let Some(flow) = element.outgoing.iter().copied().find(leads_there) else { return };
        cx.completed();
        cx.take_to_triggered(flow, trigger.variables);
    }
}
