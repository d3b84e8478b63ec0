//! The way into a partition.

use std::sync::Arc;

use dacapo_engine::kernel::{Engine, Frame};
use dacapo_engine::process::view::JobView;
use dacapo_engine::process::{Command, Process};
use dacapo_engine::record::{Control, Key, PartitionId, Position};
use dacapo_log::partition::{Answer, Refusal, Submission};
use tokio::sync::{mpsc, oneshot, watch};

use super::Standing;
use super::follower::{Activations, Follow, jobs as collect};
use crate::effects::Effects;

/// The way into a partition; cheap to clone.
#[derive(Clone)]
pub struct PartitionHandle {
    pub(super) partition: PartitionId,
    pub(super) requests: mpsc::Sender<Request>,
    pub(super) follower: mpsc::Sender<Follow>,
    pub(super) standing: watch::Receiver<Standing>,
    pub(super) head: watch::Receiver<Position>,
    pub(super) effects: Arc<Effects>,
}

/// Who asks, and in which conversation; recorded with the command.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The tenant.
    pub tenant: Arc<str>,
    /// The caller's own id of the request, for deduplication.
    pub request_id: Option<Arc<str>>,
    /// Who asked.
    pub actor: Option<Arc<str>>,
    /// What larger conversation the command belongs to.
    pub correlation_id: Option<Arc<str>>,
    /// The W3C trace context.
    pub trace: Option<Arc<str>>,
}

/// What became of a command.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It was decided, for or against, and the outcome is durable.
    Done(Arc<Frame<Process>>),
    /// It was decided before; the outcome stands at this position.
    Duplicate(Position),
    /// There was nothing to do, and nothing was appended.
    Nothing,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// Nothing was appended.
    #[error("{0}")]
    Refused(Refusal),
    /// It may or may not be done; asking again with the same request id is safe.
    #[error("expected an answer of the partition, found that it stopped before it knew one")]
    Unknown,
}

/// What the task of a partition is asked.
pub(super) enum Request {
    Submit(Box<Submission<Process>>, oneshot::Sender<Answer<Process>>),
    Control(Control, oneshot::Sender<Answer<Process>>),
    AcceptClock,
    Stop,
}

impl PartitionHandle {
    /// Has a command decided; returns when the outcome is durable.
    ///
    /// # Errors
    /// It was not taken, or nobody knows what became of it.
    pub async fn submit(
        &self,
        command: impl Into<Command>,
        key: Option<Key>,
        caller: Caller,
    ) -> Result<Reply, SubmitError> {
        let command = command.into();
        let submission = Submission {
            // The task gives it its number.
            ticket: 0,
            tenant: caller.tenant,
            key,
            request_id: caller.request_id,
            actor: caller.actor,
            correlation_id: caller.correlation_id,
            trace: caller.trace,
            is_exempt: ends_work(&command),
            command,
        };
        let (sender, receiver) = oneshot::channel();
        self.ask(Request::Submit(Box::new(submission), sender), receiver).await
    }

    /// Writes a control record; returns when it is durable.
    ///
    /// # Errors
    /// It was not taken, or nobody knows what became of it.
    pub async fn control(&self, control: Control) -> Result<Reply, SubmitError> {
        let (sender, receiver) = oneshot::channel();
        self.ask(Request::Control(control, sender), receiver).await
    }

    /// Takes a jump of the clock for the truth.
    pub async fn accept_clock(&self) {
        // If nobody is there to hear it, there is no clock to accept.
        let _ = self.requests.send(Request::AcceptClock).await;
    }

    /// Asks the partition to end what has begun and to stop.
    pub async fn stop(&self) {
        let _ = self.requests.send(Request::Stop).await;
    }

    /// Returns the partition's number.
    pub fn partition(&self) -> PartitionId {
        self.partition
    }

    /// Returns what the partition is doing.
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Returns a watch of what the partition is doing.
    pub fn watch_standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Returns the last committed position.
    pub fn head(&self) -> Position {
        *self.head.borrow()
    }

    /// Returns a watch of the last committed position.
    pub fn watch_head(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }

    /// Returns who waits for what.
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// Looks at the state of an engine that follows the committed log, at or after the head that was last announced.
    ///
    /// # Errors
    /// Nobody follows the log any more.
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Engine<Process>) -> T + Send + 'static,
    ) -> Result<T, SubmitError> {
        self.look_with(move |engine, _| look(engine)).await
    }

    /// Takes out what an activation handed out; none if somebody else has taken it, or nobody for too long.
    ///
    /// # Errors
    /// Nobody follows the log any more.
    pub async fn activated(&self, position: Position) -> Result<Option<Vec<JobView>>, SubmitError> {
        self.look_with(move |_, activations| activations.take(position)).await
    }

    /// Returns those jobs that are in the hands of a worker, as they are.
    ///
    /// # Errors
    /// Nobody follows the log any more.
    pub async fn still_activated(&self, jobs: Vec<Key>) -> Result<Vec<JobView>, SubmitError> {
        self.look(move |engine| collect(engine, jobs.into_iter(), None)).await
    }

    async fn look_with<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Engine<Process>, &mut Activations) -> T + Send + 'static,
    ) -> Result<T, SubmitError> {
        let (sender, receiver) = oneshot::channel();
        let look = Follow::Look(Box::new(move |engine, activations| {
            // Whoever asked may be gone.
            let _ = sender.send(look(engine, activations));
        }));
        let stopped = SubmitError::Refused(Refusal::Stopped);
        self.follower.send(look).await.map_err(|_| stopped.clone())?;
        receiver.await.map_err(|_| stopped)
    }

    async fn ask(
        &self,
        request: Request,
        reply: oneshot::Receiver<Answer<Process>>,
    ) -> Result<Reply, SubmitError> {
        match self.requests.try_send(request) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                return Err(SubmitError::Refused(Refusal::Backpressure));
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return Err(SubmitError::Refused(Refusal::Stopped));
            }
        }
        match reply.await {
            Ok(Answer::Done { frame, .. }) => Ok(Reply::Done(frame)),
            Ok(Answer::Duplicate { position }) => Ok(Reply::Duplicate(position)),
            Ok(Answer::Nothing) => Ok(Reply::Nothing),
            Ok(Answer::Refused(refusal)) => Err(SubmitError::Refused(refusal)),
            Ok(_) | Err(_) => Err(SubmitError::Unknown),
        }
    }
}

/// Commands that end work have headroom when the queue is full: turning them away would only bring them back.
fn ends_work(command: &Command) -> bool {
    matches!(
        command,
        Command::CompleteJob(_)
            | Command::FailJob(_)
            | Command::ThrowError(_)
            | Command::CancelInstance(_)
    )
}
