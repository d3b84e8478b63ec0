//! What waits to be stepped: bounded by count and by bytes.

use std::collections::VecDeque;
use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Machine};
use dacapo_engine::record::{Control, Key};

use super::Settings;
use crate::wire::CommandBody;

/// Something to step.
#[derive(Clone, Debug)]
pub(super) struct Task<M: Machine> {
    pub(super) work: Work<M>,
    pub(super) body: CommandBody,
    pub(super) caller: Caller,
    /// Who waits for the answer.
    pub(super) tickets: Vec<u64>,
    /// The inbox row that the step removes.
    pub(super) inbox: Option<Arc<str>>,
    /// How often the command was tried before.
    pub(super) attempts: u32,
}

/// What is stepped.
#[derive(Clone, Debug)]
pub(super) enum Work<M: Machine> {
    Command(AnyCommand<M>),
    Control(Control),
}

/// What the caller gives of a header.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller {
    pub(super) tenant: Arc<str>,
    pub(super) key: Option<Key>,
    pub(super) request_id: Option<Arc<str>>,
    pub(super) actor: Option<Arc<str>>,
    pub(super) correlation_id: Option<Arc<str>>,
    pub(super) trace: Option<Arc<str>>,
}

/// The tasks that wait, in order.
#[derive(Debug)]
pub(super) struct Queue<M: Machine> {
    tasks: VecDeque<Task<M>>,
    bytes: u64,
}

impl<M: Machine> Queue<M> {
    pub(super) const fn new() -> Self {
        Self { tasks: VecDeque::new(), bytes: 0 }
    }

    pub(super) fn count(&self) -> usize {
        self.tasks.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Returns whether one more command may wait, beside `others` that wait elsewhere.
    pub(super) fn has_room(&self, others: usize, settings: &Settings, is_exempt: bool) -> bool {
        let headroom = if is_exempt { settings.queue_headroom } else { 0 };
        let most = u64::from(settings.queue_commands) + u64::from(headroom);
        let count = (self.tasks.len() as u64).saturating_add(others as u64);
        count < most && (is_exempt || self.bytes < settings.queue_bytes)
    }

    pub(super) fn push(&mut self, task: Task<M>) {
        self.bytes += task.body.bytes().len() as u64;
        self.tasks.push_back(task);
    }

    pub(super) fn pop(&mut self) -> Option<Task<M>> {
        let task = self.tasks.pop_front()?;
        self.bytes = self.bytes.saturating_sub(task.body.bytes().len() as u64);
        Some(task)
    }

    /// Takes out everything that a client waits for; what is in the inbox stays.
    pub(super) fn take_clients(&mut self) -> Vec<Task<M>> {
        let (clients, inbox) = self.tasks.drain(..).partition(|task| task.inbox.is_none());
        self.tasks = VecDeque::from(Vec::from_iter::<Vec<Task<M>>>(inbox));
        self.bytes = self.tasks.iter().map(|task| task.body.bytes().len() as u64).sum();
        clients
    }
}
