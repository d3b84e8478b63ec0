//! What each kind of element does. One element is one small file; elements know nothing of each other.
//!
//! Boundary events, mappings, incidents and scopes are wrapped around the hooks by the `lifecycle`.

mod process;
mod sub_process;

mod boundary_event;
mod end_event;
mod intermediate_catch_event;
mod start_event;

mod business_rule_task;
mod manual_task;
mod receive_task;
mod script_task;
mod service_task;
mod undefined_task;

mod event_based_gateway;
mod exclusive_gateway;
mod parallel_gateway;

use super::element_cx::{ElementCx, Trigger};
use super::{ElementType, Incident};
use crate::bpmn::Element;

/// What an element does in its life. A hook that returns an incident is called again when the incident is resolved, so
/// it evaluates everything first and emits afterwards.
pub trait Behavior {
    /// Begins its work, after the input mappings. By default there is none: it passes.
    fn activate(&self, cx: &mut ElementCx<'_, '_>, _: &Element) -> Result<(), Incident> {
        cx.pass();
        Ok(())
    }

    /// Takes what it waited for: a job, a timer, a message. By default it receives the variables and completes.
    fn trigger(&self, cx: &mut ElementCx<'_, '_>, element: &Element, trigger: Trigger<'_>) {
        cx.receive(element, trigger.variables);
        cx.complete();
    }

    /// Leaves. By default it evaluates its output mappings and takes every outgoing flow.
    fn complete(&self, cx: &mut ElementCx<'_, '_>, element: &Element) -> Result<(), Incident> {
        cx.map_outputs(element)?;
        cx.completed();
        cx.take_all(element);
        Ok(())
    }

    /// Is ended from outside, before what it waits for is dropped. By default there is nothing to do.
    fn terminate(&self, _: &mut ElementCx<'_, '_>, _: &Element) {}
}

/// Returns what elements of a kind do.
pub(crate) fn behavior(element_type: ElementType) -> &'static dyn Behavior {
    match element_type {
        ElementType::Process => &process::Process,
        ElementType::SubProcess => &sub_process::SubProcess,
        ElementType::StartEvent => &start_event::StartEvent,
        ElementType::EndEvent => &end_event::EndEvent,
        ElementType::IntermediateCatchEvent => &intermediate_catch_event::IntermediateCatchEvent,
        ElementType::BoundaryEvent => &boundary_event::BoundaryEvent,
        ElementType::ServiceTask => &service_task::ServiceTask,
        ElementType::ScriptTask => &script_task::ScriptTask,
        ElementType::BusinessRuleTask => &business_rule_task::BusinessRuleTask,
        ElementType::ManualTask => &manual_task::ManualTask,
        ElementType::UndefinedTask => &undefined_task::UndefinedTask,
        ElementType::ReceiveTask => &receive_task::ReceiveTask,
        ElementType::ExclusiveGateway => &exclusive_gateway::ExclusiveGateway,
        ElementType::ParallelGateway => &parallel_gateway::ParallelGateway,
        ElementType::EventBasedGateway => &event_based_gateway::EventBasedGateway,
    }
}
