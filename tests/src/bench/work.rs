//! What is done to an engine, wherever it runs: one-task process instances, from their creation to the completion of their job.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::report::{Report, per_second, percentile};

/// One client of an engine.
pub trait Client: Send + 'static {
    /// Creates an instance and returns its key; returns when that is durable.
    fn create(&mut self, number: u64) -> impl Future<Output = Key> + Send;
    /// Takes jobs, at most [`ACTIVATED`], and returns each with its instance.
    fn activate(&mut self) -> impl Future<Output = Vec<(Key, Key)>> + Send;
    /// Completes a job; returns when that is durable.
    fn complete(&mut self, job: Key) -> impl Future<Output = ()> + Send;
}

/// What one round came to.
#[derive(Debug, Default)]
pub struct Round {
    /// Instances that were created and completed.
    pub instances: u64,
    /// How long that took.
    pub time: Duration,
    /// How long it took until the read model had seen all of it.
    pub time_projected: Duration,
    /// Milliseconds of every create and every complete.
    pub commands: Vec<f64>,
    /// Milliseconds from the creation of every instance to the completion of its job.
    pub lives: Vec<f64>,
}

/// The key of an instance or of a job.
pub type Key = u64;

/// What the clients of a round share.
struct Shared {
    is_over: AtomicBool,
    /// Jobs in the hands of all clients.
    jobs: Mutex<VecDeque<(Key, Key)>>,
    /// How many clients may ask for a batch at a time: whoever finds no job.
    workers: Semaphore,
    /// Instances of which one end is known: their creation, or the completion by a client that was faster than the creator.
    ends: Mutex<HashMap<Key, Instant>>,
}

/// Has clients work for a while. Each creates an instance and completes whatever job is the oldest, so that all jobs are done
/// at the end.
///
/// # Panics
/// An instance is not completed.
pub async fn work<C: Client>(clients: Vec<C>, time: Duration) -> Round {
    let shared = Arc::new(Shared::new());
    let started = Instant::now();
    let tasks: Vec<_> =
        clients.into_iter().map(|it| tokio::spawn(one(it, shared.clone()))).collect();
    tokio::time::sleep(time).await;
    shared.is_over.store(true, Ordering::Relaxed);
    let mut round = Round::default();
    for task in tasks {
        let own = task.await.expect("a client works to its end");
        round.instances += own.instances;
        round.commands.extend(own.commands);
        round.lives.extend(own.lives);
    }
    round.time = started.elapsed();
    assert!(shared.ends().is_empty(), "every instance ends");
    round
}

impl Shared {
    fn new() -> Self {
        Self {
            is_over: AtomicBool::new(false),
            jobs: Mutex::default(),
            workers: Semaphore::new(WORKERS),
            ends: Mutex::default(),
        }
    }

    /// Takes the oldest job. There is one for every client, for each has created an instance.
    async fn job<C: Client>(&self, client: &mut C) -> (Key, Key) {
        loop {
            if let Some(job) = self.jobs().pop_front() {
                return job;
            }
            let _worker = self.workers.acquire().await.expect("it is never closed");
            if self.jobs().is_empty() {
                let found = client.activate().await;
                self.jobs().extend(found);
            }
        }
    }

    fn jobs(&self) -> MutexGuard<'_, VecDeque<(Key, Key)>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one end of an instance's life; the second one to come tells how long it was, in milliseconds.
    fn life(&self, instance: Key, end: Instant) -> Option<f64> {
        let mut ends = self.ends();
        let Some(other) = ends.remove(&instance) else {
            ends.insert(instance, end);
            return None;
        };
        Some(ms(end.max(other) - end.min(other)))
    }

    fn ends(&self) -> MutexGuard<'_, HashMap<Key, Instant>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn one<C: Client>(mut client: C, shared: Arc<Shared>) -> Round {
    let mut round = Round::default();
    while !shared.is_over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let instance = client.create(round.instances).await;
        round.commands.push(ms(begun.elapsed()));
        round.lives.extend(shared.life(instance, begun));
        let (job, instance) = shared.job(&mut client).await;
        let asked = Instant::now();
        client.complete(job).await;
        round.commands.push(ms(asked.elapsed()));
        round.lives.extend(shared.life(instance, Instant::now()));
        round.instances += 1;
    }
    round
}

/// Reports rounds of one setting: instances per second and what a client waited for.
pub fn report(report: &mut Report, name: &str, settings: &str, rounds: Vec<Round>) {
    let rate = |time: fn(&Round) -> Duration| {
        rounds.iter().map(|it| per_second(it.instances, time(it))).collect()
    };
    report.add(&format!("{name}: instances"), "instances/s", settings, rate(|it| it.time));
    report.add(
        &format!("{name}: instances until projected"),
        "instances/s",
        settings,
        rate(|it| it.time_projected),
    );
    let mut rounds = rounds;
    for (of, values) in
        [("command", commands as fn(&mut Round) -> &mut Vec<f64>), ("instance", lives)]
    {
        rounds.iter_mut().for_each(|it| values(it).sort_by(f64::total_cmp));
        for (share, shown) in [(0.50, "p50"), (0.95, "p95"), (0.99, "p99")] {
            let each = rounds.iter_mut().map(|it| percentile(values(it), share)).collect();
            report.add(&format!("{name}: {of} {shown}"), "ms", settings, each);
        }
    }
}

fn commands(round: &mut Round) -> &mut Vec<f64> {
    &mut round.commands
}

fn lives(round: &mut Round) -> &mut Vec<f64> {
    &mut round.lives
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// How many jobs are asked for at once.
pub const ACTIVATED: u32 = 32;

/// How many ask for jobs at the same time.
pub const WORKERS: usize = 4;

/// How long a round takes.
pub fn round_time(report: &Report) -> Duration {
    Duration::from_millis(if report.is_quick() { 500 } else { 3_000 })
}
