//! The machine as the kernel drives it.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::commands::{self, Command};
use super::events::{self, Event};
use super::models::Models;
use super::state::State;
use super::work::Work;
use super::{due, lifecycle, rejections, rows};
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
    type Cache = Models;

    fn decide(cx: &mut Cx<'_, Self>, command: &Command) -> Result<(), Rejection> {
        commands::decide(cx, command)
    }

    fn work(cx: &mut Cx<'_, Self>, work: Work) {
        lifecycle::work(cx, work);
    }

    #[inline]
    fn evolve(state: &mut Evolve<'_, State>, event: &Event) -> Result<(), Corrupt> {
        events::evolve(state, event)
    }

    fn subject(work: &Work) -> Key {
        work.process_instance_key
    }

    fn owner(key: Key, event: &Event) -> Option<Key> {
        rows::instance_of(key, event)
    }

    fn weight(event: &Event) -> u64 {
        events::weight(event)
    }

    fn next_command(
        view: &View<'_, State>,
        now: Timestamp,
        held: &BTreeSet<Key>,
    ) -> Option<Internal<Command>> {
        due::next_command(view, now, held)
    }

    fn next_due(view: &View<'_, State>, held: &BTreeSet<Key>) -> Option<Timestamp> {
        due::next_due(view, held)
    }

    fn rejections() -> Vec<RejectionCode> {
        rejections::ALL.to_vec()
    }
}
