//! A second engine that follows the committed log: it answers what needs the state, and takes the snapshots.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Content, Engine, Frame, Outcome};
use dacapo_engine::process::{Command, Process};
use dacapo_engine::record::{Key, Position};
use dacapo_log::partition::Committed;
use dacapo_log::wire::Chain;
use tokio::sync::mpsc;

use super::ActivatedJob;
use super::models::Models;
use super::snapshots::Snapshots;
use crate::effects::Effects;

/// What the follower is told.
pub(super) enum Follow {
    /// Frames became durable.
    Committed(Committed<Process>),
    /// A snapshot is worth taking.
    Snapshot(Position),
    /// Somebody wants to look at the state.
    Look(Box<dyn FnOnce(&mut Engine<Process>, &mut Activations) + Send>),
    /// The log ends here for this program: leave a snapshot, so that the next start knows that the stop was clean.
    End(tokio::sync::oneshot::Sender<()>),
}

/// What activations handed out, kept until whoever asked has it.
#[derive(Default)]
pub(super) struct Activations {
    jobs: BTreeMap<Position, Vec<ActivatedJob>>,
    order: VecDeque<Position>,
    models: Models,
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
                    activations.keep(frame, &engine);
                    effects.after(frame, before, &engine);
                }
                let (position, hash) = (committed.head.position, committed.head.hash);
                chain = Chain { position, hash };
            }
            Follow::Snapshot(_) if chain.position == engine.place().position => {
                snapshots.take(engine.fork(), chain);
            }
            Follow::Snapshot(_) => {}
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
    pub(super) fn take(&mut self, position: Position) -> Option<Vec<ActivatedJob>> {
        self.jobs.remove(&position)
    }

    /// Collects jobs that are in the hands of a worker.
    pub(super) fn again(&mut self, engine: &Engine<Process>, jobs: &[Key]) -> Vec<ActivatedJob> {
        jobs.iter().filter_map(|key| ActivatedJob::again(engine, &mut self.models, *key)).collect()
    }

    fn keep(&mut self, frame: &Frame<Process>, engine: &Engine<Process>) {
        let Content::Step(AnyCommand::Machine(Command::ActivateJobs(command)), outcome) =
            &frame.content
        else {
            return;
        };
        let Outcome::Events(events) = outcome else { return };
        let jobs = ActivatedJob::of(engine, &mut self.models, command, events);
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

const ACTIVATIONS_MAX: usize = 4_096;
