//! Which frames a slice must show so that the history of one instance can be played.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Trail, events};
use crate::kernel::{AnyEvent, Frame, KernelEvent};
use crate::process::Process;
use crate::process::events::Event;
use crate::record::{Key, Position};

/// Lists the records that a frame builds on beyond the history of its own instances: what was deployed, and messages.
pub fn needs(frame: &Frame<Process>) -> Vec<Position> {
    let mut found = Vec::new();
    for (key, event) in events(frame) {
        let AnyEvent::Machine(event) = event else { continue };
        match event {
            Event::DeploymentCreated(it) => found.extend(&it.unchanged),
            Event::ProcessDeployed(it) => found.extend([it.deployment_key, it.resource_key]),
            Event::DecisionRequirementsDeployed(it) => {
                found.extend([it.deployment_key, it.resource_key]);
            }
            Event::DecisionDeployed(it) => found.push(it.decision_requirements_key),
            Event::DecisionEvaluated(it) => {
                found.extend([it.root_decision_key, it.decision_key, it.decision_requirements_key]);
            }
            Event::InstanceCreated(it) => found.push(it.process_definition_key),
            Event::StartSubscriptionCorrelated(it) => found.extend([key, it.message_key]),
            Event::MessageSubscriptionCorrelated(it) => found.push(it.message_key),
            _ => {}
        }
    }
    found.into_iter().map(|key: Key| key.parts().position).collect()
}

/// Lists the work of an instance that a frame parks: the step that resumes it belongs to the slice even if nothing comes of it.
pub fn parked_for(instance: Key, frame: &Frame<Process>) -> Vec<Key> {
    let is_its = |event: &AnyEvent<Process>| match event {
        AnyEvent::Kernel(KernelEvent::WorkParked(it)) => it.subject == instance,
        AnyEvent::Kernel(KernelEvent::WorkResumed(_)) | AnyEvent::Machine(_) => false,
    };
    events(frame).filter(|(_, event)| is_its(event)).map(|(key, _)| key).collect()
}

/// Returns the first positions of the frames that a slice about an instance shows. `frame_of` finds the frame of a record.
pub fn slice_of(
    trail: &Trail,
    instance: Key,
    frame_of: impl Fn(Position) -> Option<Frame<Process>>,
) -> BTreeSet<Position> {
    let steps = trail.passage(instance).map_or(&[][..], |it| it.steps.as_slice());
    let (mut shown, mut asked) = (BTreeSet::new(), steps.to_vec());
    // Ends: each round takes a record out, and a frame adds some only once.
    while let Some(position) = asked.pop() {
        if let Some(frame) = frame_of(position)
            && shown.insert(frame.header.position)
        {
            asked.extend(needs(&frame));
        }
    }
    shown
}
