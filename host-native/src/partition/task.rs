//! The loop of the task that owns a partition: it tells the protocol what happened and does what the protocol asks.
//!
//! One writer task appends, so that the next batch forms here while the last one commits.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dacapo_engine::kernel::{Content, Outcome};
use dacapo_engine::process::Process;
use dacapo_engine::record::Position;
use dacapo_log::partition::{
    Answer, AppendOutcome, Committed, Effect, Input, Partition, Refusal, StopReason,
};
use dacapo_log::wire::command_intent;
use metrics::{counter, histogram};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, sleep_until};

use super::clocks::{StoreClock, instant};
use super::inbox::{InboxLine, Taken};
use super::writer::{Order, Report};
use super::{Follow, Request, Standing};
use crate::metrics::{COMMAND_SECONDS, COMMANDS, LOG_BYTES, RECORDS, REJECTIONS};
use crate::store::Batch;

/// Everything that the task has at hand.
pub(super) struct Task {
    pub(super) partition: Partition<Process>,
    pub(super) requests: mpsc::Receiver<Request>,
    pub(super) orders: mpsc::Sender<Order>,
    pub(super) reports: mpsc::Receiver<Report>,
    pub(super) follower: mpsc::Sender<Follow>,
    pub(super) committed: mpsc::Sender<Committed<Process>>,
    pub(super) inbox: InboxLine,
    pub(super) standing: watch::Sender<Standing>,
    pub(super) head: watch::Sender<Position>,
    pub(super) is_cautious: Arc<AtomicBool>,
    pub(super) clock: Arc<StoreClock>,
}

/// What the loop remembers between two turns.
#[derive(Default)]
struct Open {
    tickets: u64,
    waiting: HashMap<u64, Waiter>,
    batches: HashMap<u64, Arc<Batch>>,
    wake_at: Option<Instant>,
    stopped: Option<StopReason>,
}

struct Waiter {
    reply: oneshot::Sender<Answer<Process>>,
    since: Instant,
}

impl Task {
    /// Runs until the partition has stopped; returns why.
    pub(super) async fn run(mut self, begin: Vec<Effect<Process>>) -> StopReason {
        let mut open = Open::default();
        self.perform(&mut open, begin).await;
        loop {
            self.is_cautious.store(self.partition.is_cautious(), Ordering::Relaxed);
            if let Some(reason) = open.stopped.take() {
                let text = reason.to_string();
                self.standing.send_replace(Standing::Stopped(text));
                self.turn_away().await;
                return reason;
            }
            let effects = self.turn(&mut open).await;
            self.perform(&mut open, effects).await;
        }
    }

    /// Refuses what was asked too late to be taken: nothing of it was appended, and whoever asked is to know that.
    async fn turn_away(&mut self) {
        self.requests.close();
        while let Some(request) = self.requests.recv().await {
            if let Request::Submit(_, reply) | Request::Control(_, reply) = request {
                // Whoever asked may be gone.
                let _ = reply.send(Answer::Refused(Refusal::Stopped));
            }
        }
    }

    /// Waits for something to happen and tells the protocol.
    async fn turn(&mut self, open: &mut Open) -> Vec<Effect<Process>> {
        let wake = async {
            match open.wake_at {
                Some(at) => sleep_until(at.into()).await,
                None => sleep(IDLE).await,
            }
        };
        let happened = tokio::select! {
            biased;
            Some(report) = self.reports.recv() => Happened::Report(report),
            Some(request) = self.requests.recv() => Happened::Request(request),
            Some(taken) = self.inbox.taken.recv() => Happened::Taken(taken),
            () = wake => Happened::Time,
        };
        let mut effects = self.partition.on(self.clock.input());
        match happened {
            Happened::Report(report) => effects.extend(self.report(open, report)),
            Happened::Taken(taken) => effects.extend(self.partition.on(taken.into_input())),
            Happened::Time => open.wake_at = None,
            Happened::Request(first) => {
                effects.extend(self.request(open, first));
                // What is queued is stepped together; the commit in flight is looked at in between.
                for _ in 1..REQUESTS_PER_TURN {
                    let Ok(next) = self.requests.try_recv() else { break };
                    effects.extend(self.request(open, next));
                }
            }
        }
        effects
    }

    fn request(&mut self, open: &mut Open, request: Request) -> Vec<Effect<Process>> {
        let input = match request {
            Request::Submit(mut submission, reply) => {
                submission.ticket = open.ticket(reply);
                Input::Submit(*submission)
            }
            Request::Control(control, reply) => {
                Input::Control { ticket: open.ticket(reply), control }
            }
            Request::AcceptClock => Input::AcceptClock,
            Request::Stop => {
                self.standing.send_replace(Standing::Draining);
                Input::Stop
            }
        };
        self.partition.on(input)
    }

    fn report(&mut self, open: &mut Open, report: Report) -> Vec<Effect<Process>> {
        let input = match report {
            Report::Appended(batch, outcome) => {
                if outcome == AppendOutcome::Done {
                    self.durable(open, batch);
                }
                Input::Appended { batch, outcome }
            }
            Report::Resolved(batch, head, hash) => {
                if hash.is_some() {
                    self.durable(open, batch);
                }
                Input::Resolved { batch, head, hash }
            }
            Report::Broken(reason) => {
                let position = self.partition.durable().position;
                open.stopped = Some(StopReason::Corrupt { position, reason });
                return Vec::new();
            }
        };
        self.partition.on(input)
    }

    /// Lets go of what a batch held: it is in the log.
    fn durable(&mut self, open: &mut Open, batch: u64) {
        if let Some(batch) = open.batches.remove(&batch) {
            self.inbox.done(&batch);
        }
    }

    /// Does what the protocol asks, in its order.
    async fn perform(&mut self, open: &mut Open, effects: Vec<Effect<Process>>) {
        for effect in effects {
            match effect {
                Effect::Append(batch) => {
                    let id = batch.id;
                    let batch = Arc::new(self.inbox.batch(batch));
                    open.batches.insert(id, batch.clone());
                    self.order(open, Order::Append(id, batch)).await;
                }
                Effect::Resolve { batch: id, .. } => {
                    if let Some(batch) = open.batches.get(&id).cloned() {
                        self.order(open, Order::Resolve(id, batch)).await;
                    }
                }
                Effect::Committed(committed) => self.committed(committed).await,
                Effect::Answer { ticket, answer } => open.answer(ticket, answer),
                Effect::InboxPut(put) => self.inbox.put(put).await,
                Effect::WakeAt { at_ms } => open.wake_at = Some(instant(at_ms)),
                Effect::SnapshotDue { .. } => self.follow(Follow::Snapshot).await,
                Effect::ClockJumped { ahead_ms } => {
                    tracing::error!(ahead_ms, "the clock jumped ahead and is not trusted");
                    self.standing.send_replace(Standing::ClockJumped { ahead_ms });
                }
                Effect::ClockAccepted => {
                    self.standing.send_replace(Standing::Leading);
                }
                Effect::Stopped { reason } => open.stopped = Some(reason),
                other => tracing::error!(?other, "the protocol asked for something unknown"),
            }
        }
    }

    async fn order(&mut self, open: &mut Open, order: Order) {
        if self.orders.send(order).await.is_err() {
            let position = self.partition.durable().position;
            let reason = "the task that appends has ended".to_owned();
            open.stopped = Some(StopReason::Corrupt { position, reason });
        }
    }

    async fn committed(&mut self, committed: Committed<Process>) {
        count(&committed);
        // Whoever follows may be slow; then this waits, and so do clients: nothing is lost and no queue grows.
        if self.committed.send(committed.clone()).await.is_err() {
            tracing::error!("the read model is not written any more");
        }
        let head = committed.head.position;
        self.follow(Follow::Committed(committed)).await;
        // Last: whoever sees the new head and then looks at the state sees what it stands for.
        self.head.send_replace(head);
        // The first commit says that this writer leads.
        self.standing.send_if_modified(|it| {
            let is_first = matches!(it, Standing::Replaying { .. });
            if is_first {
                *it = Standing::Leading;
            }
            is_first
        });
    }

    async fn follow(&mut self, what: Follow) {
        if self.follower.send(what).await.is_err() {
            tracing::error!("nobody follows the log any more");
        }
    }
}

enum Happened {
    Report(Report),
    Request(Request),
    Taken(Taken),
    Time,
}

impl Open {
    fn ticket(&mut self, reply: oneshot::Sender<Answer<Process>>) -> u64 {
        self.tickets += 1;
        self.waiting.insert(self.tickets, Waiter { reply, since: Instant::now() });
        self.tickets
    }

    fn answer(&mut self, ticket: u64, answer: Answer<Process>) {
        let Some(waiter) = self.waiting.remove(&ticket) else { return };
        histogram!(COMMAND_SECONDS).record(waiter.since.elapsed());
        // Whoever asked may be gone.
        let _ = waiter.reply.send(answer);
    }
}

fn count(committed: &Committed<Process>) {
    for frame in committed.frames.iter() {
        let Content::Step(command, outcome) = &frame.content else { continue };
        let (intent, _) = command_intent(command);
        let outcome = match outcome {
            Outcome::Events(_) => "events",
            Outcome::Rejected(rejection) => {
                counter!(REJECTIONS, "code" => rejection.code.name).increment(1);
                "rejection"
            }
        };
        counter!(COMMANDS, "intent" => intent.name, "outcome" => outcome).increment(1);
    }
    let records = committed.stored.iter().map(|it| u64::from(it.count)).sum();
    let bytes = committed.stored.iter().map(|it| it.body.len() as u64).sum();
    counter!(RECORDS).increment(records);
    counter!(LOG_BYTES).increment(bytes);
}

const REQUESTS_PER_TURN: u32 = 256;
const IDLE: Duration = Duration::from_secs(60);
