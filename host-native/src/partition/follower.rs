//! A second engine that follows the committed log: it answers what needs the state, and takes the snapshots.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, AnyEvent, Content, Engine, Frame, Outcome, View};
use dacapo_engine::process::view::{self, JobView};
use dacapo_engine::process::{Command, Event, Process};
use dacapo_engine::record::{Key, Position};
use dacapo_log::partition::Committed;
use dacapo_log::wire::Chain;
use tokio::sync::mpsc;

use super::snapshots::Snapshots;
use crate::effects::Effects;

/// What the follower is told.
pub(super) enum Follow {
    /// Frames became durable.
    Committed(Committed<Process>),
    /// A snapshot is worth taking.
    Snapshot,
    /// Somebody wants to look at the state.
    Look(Look),
    /// The log ends here for this program: leave a snapshot, so that the next start knows that the stop was clean.
    End(tokio::sync::oneshot::Sender<()>),
}

/// What somebody wants to see.
pub(super) type Look = Box<dyn FnOnce(&mut Engine<Process>, &mut Activations) + Send>;

/// What activations handed out, kept until whoever asked has it.
#[derive(Default)]
pub(super) struct Activations {
    jobs: BTreeMap<Position, Vec<JobView>>,
    order: VecDeque<Position>,
}

/// Follows the log until nobody tells any more.
pub(super) async fn follow(
    mut engine: Engine<Process>,
    effects: Arc<Effects>,
    mut told: mpsc::Receiver<Follow>,
    snapshots: Snapshots,
) {
    let mut activations = Activations::default();
    let mut chain = Chain { position: Position(0), hash: [0; 32] };
    while let Some(what) = told.recv().await {
        match what {
            Follow::Committed(committed) => {
                for frame in committed.frames.iter() {
                    if frame.header.position <= engine.place().position {
                        continue;
                    }
                    let before = effects.before(frame, &engine);
                    if let Err(error) = engine.replay(frame) {
                        tracing::error!(%error, "the log does not replay: a second engine differs");
                        return;
                    }
                    activations.keep(frame, &mut engine);
                    effects.after(frame, before, &engine);
                }
                let (position, hash) = (committed.head.position, committed.head.hash);
                chain = Chain { position, hash };
            }
            Follow::Snapshot if chain.position == engine.place().position => {
                snapshots.take(engine.fork(), chain);
            }
            Follow::Snapshot => {}
            Follow::Look(look) => look(&mut engine, &mut activations),
            Follow::End(done) => {
                if chain.position == engine.place().position {
                    snapshots.take_now(engine.fork(), chain).await;
                }
                let _ = done.send(());
            }
        }
    }
}

impl Activations {
    /// Takes out what an activation handed out.
    pub(super) fn take(&mut self, position: Position) -> Option<Vec<JobView>> {
        self.jobs.remove(&position)
    }

    fn keep(&mut self, frame: &Frame<Process>, engine: &mut Engine<Process>) {
        let Content::Step(AnyCommand::Machine(Command::ActivateJobs(command)), outcome) =
            &frame.content
        else {
            return;
        };
        let Outcome::Events(events) = outcome else { return };
        let keys = events.iter().filter_map(|it| match &it.event {
            AnyEvent::Machine(Event::JobActivated(_)) => Some(it.key),
            _ => None,
        });
        let jobs = jobs(engine, keys, command.fetch_variables.as_deref());
        let position = frame.header.position;
        self.jobs.insert(position, jobs);
        self.order.push_back(position);
        // Whoever asked is gone by then; the jobs time out and are handed out again.
        while self.order.len() > ACTIVATIONS_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.jobs.remove(&oldest);
            }
        }
    }
}

/// Collects jobs as their workers see them; those that no worker has are left out.
pub(super) fn jobs(
    engine: &mut Engine<Process>,
    keys: impl Iterator<Item = Key>,
    fetch: Option<&[Arc<str>]>,
) -> Vec<JobView> {
    let (state, models) = engine.state_and_cache();
    let view = View { kernel: &state.kernel, tables: &state.tables };
    let jobs = keys.filter_map(|key| view::job(&view, models, key, fetch));
    jobs.filter(|it| it.deadline.is_some()).collect()
}

const ACTIVATIONS_MAX: usize = 4_096;
