//! The switchboards: adding a command or an event without a handler does not compile.

use alloc::vec::Vec;

use super::commands::{self, Command};
use super::events::{self, Event};
use super::rejections;
use super::state::State;
use super::work::Work;
use crate::kernel::{Corrupt, Cx, Evolve, Internal, Machine, View};
use crate::record::{Key, Rejection, RejectionCode, Timestamp};

/// The BPMN machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process;

impl Machine for Process {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Work = Work;
    type Cache = ();

    fn decide(cx: &mut Cx<'_, Self>, command: &Command) -> Result<(), Rejection> {
        commands::decide(cx, command)
    }

    fn work(_: &mut Cx<'_, Self>, _: Work) {}

    fn evolve(state: &mut Evolve<'_, State>, event: &Event) -> Result<(), Corrupt> {
        events::evolve(state, event)
    }

    fn subject(work: &Work) -> Key {
        work.process_instance_key
    }

    fn weight(event: &Event) -> u64 {
        match event {
            Event::ResourceDeployed(it) => it.content.0.len() as u64,
            Event::VariableChanged(it) => it.value.weight(),
            _ => 0,
        }
    }

    fn next_command(_: &View<'_, State>, _: Timestamp) -> Option<Internal<Command>> {
        None
    }

    fn next_due(_: &View<'_, State>) -> Option<Timestamp> {
        None
    }

    fn rejections() -> Vec<RejectionCode> {
        rejections::ALL.to_vec()
    }
}
