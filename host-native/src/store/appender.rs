//! The one writer of a partition's log.

use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::record::PartitionId;
use dacapo_log::wire::Head;
use tokio::task::JoinHandle;

use super::memory::MemorySession;
use super::{
    Appended, Batch, Inner, Refusal, Resolved, Store, StoreError, StoreResult, postgres, sqlite,
    sqlstate,
};

/// The one writer of a partition's log. It owns its connection, drops it after every error, and opens a fresh one when it
/// is used again.
#[derive(Debug)]
pub struct Appender {
    store: Store,
    partition: PartitionId,
    session: Option<Session>,
    epoch: u64,
    silence_max: Duration,
}

#[derive(Debug)]
enum Session {
    Postgres(postgres::AppendSession),
    Sqlite(sqlite::AppendSession),
    Memory(MemorySession),
}

/// Calls the same method on whichever session it is, in a task of its own. Only success brings the connection back.
macro_rules! run {
    ($appender:ident, $method:ident($($argument:expr),*)) => {{
        let mut session = $appender.connected().await?;
        let task = tokio::spawn(async move {
            let result = match &mut session {
                Session::Postgres(it) => it.$method($($argument),*).await,
                Session::Sqlite(it) => it.$method($($argument),*).await,
                Session::Memory(it) => it.$method($($argument),*).await,
            };
            result.map(|result| (session, result))
        });
        let (session, result) = watched(task, $appender.silence_max).await?;
        $appender.session = Some(session);
        Ok(result)
    }};
}

impl Appender {
    pub(super) const fn new(store: Store, partition: PartitionId) -> Self {
        Self { store, partition, session: None, epoch: 0, silence_max: SILENCE_MAX }
    }

    /// Takes the partition: waits for an append in flight, grows the epoch, and returns the head, which no earlier writer
    /// can move any more.
    ///
    /// # Errors
    /// [`StoreError::Held`] while another node holds the partition; what the database said.
    pub async fn acquire(&mut self, holder: Arc<str>, ttl: Duration) -> StoreResult<Head> {
        let partition = self.partition;
        let head: StoreResult<Head> = run!(self, acquire(partition, &holder, ttl));
        self.epoch = head.as_ref().map_or(0, |it| it.epoch);
        head
    }

    /// Appends a batch in one transaction, or finds that it may not. Sending the same batch again is harmless.
    pub async fn append(&mut self, batch: Arc<Batch>) -> Appended {
        if let Err(refusal) = batch.check() {
            return Appended::NotDone(refusal);
        }
        match self.connected().await {
            Ok(session) => self.session = Some(session),
            // nothing was sent
            Err(error) => return Appended::NotDone(Refusal::Unavailable(error)),
        }
        match self.send(Arc::clone(&batch)).await {
            Ok(true) => Appended::Done,
            Ok(false) => self.explain(batch).await,
            Err(error) => judge(error),
        }
    }

    /// Says what became of a doubtful append: waits for whatever is in flight, reads the head, and makes what it saw
    /// durable with a further small commit. It may be asked again after an error.
    ///
    /// # Errors
    /// What the database said; the append is in doubt still.
    pub async fn resolve(&mut self, batch: Arc<Batch>) -> StoreResult<Resolved> {
        // the connection that has the doubt must not answer it
        self.session = None;
        run!(self, resolve(&batch))
    }

    /// Sets how long the database may be silent before its connection is closed and the outcome is unknown.
    pub const fn set_silence_max(&mut self, silence_max: Duration) {
        self.silence_max = silence_max;
    }

    async fn send(&mut self, batch: Arc<Batch>) -> StoreResult<bool> {
        run!(self, append(&batch))
    }

    /// The head was not as expected: either this very batch is there already, or another writer was here.
    async fn explain(&mut self, batch: Arc<Batch>) -> Appended {
        let expected = Box::new(batch.expected);
        match self.resolve(batch).await {
            Ok(Resolved { is_stored: true, .. }) => Appended::Done,
            Ok(Resolved { head, .. }) => {
                Appended::NotDone(Refusal::Fenced { expected, found: Box::new(head) })
            }
            Err(error) => Appended::Unknown(error),
        }
    }

    async fn connected(&mut self) -> StoreResult<Session> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let (store, partition, epoch) = (self.store.clone(), self.partition, self.epoch);
        let task = tokio::spawn(async move {
            Ok(match &*store.inner {
                Inner::Postgres(it) => {
                    Session::Postgres(it.append_session(partition, epoch).await?)
                }
                Inner::Sqlite(it) => Session::Sqlite(it.append_session().await?),
                Inner::Memory(_) => Session::Memory(MemorySession::new(store.clone())),
            })
        });
        watched(task, self.silence_max).await
    }
}

/// Waits for a task that speaks with the database; one that is silent for too long is stopped, which closes its socket.
pub(super) async fn watched<T>(
    mut task: JoinHandle<StoreResult<T>>,
    silence_max: Duration,
) -> StoreResult<T> {
    match tokio::time::timeout(silence_max, &mut task).await {
        Ok(joined) => joined.unwrap_or(Err(StoreError::Stopped)),
        Err(_) => {
            task.abort();
            let after_ms = u64::try_from(silence_max.as_millis()).unwrap_or(u64::MAX);
            Err(StoreError::Silent { after_ms })
        }
    }
}

fn judge(error: StoreError) -> Appended {
    match &error {
        StoreError::Database(inner) if sqlstate::is_certainly_aborted(inner) => {
            Appended::NotDone(match sqlstate::is_temporary(inner) {
                true => Refusal::Unavailable(error),
                false => Refusal::Refused(error),
            })
        }
        // raised inside the transaction, which was rolled back
        StoreError::ProjectionMoved { .. } => Appended::NotDone(Refusal::Refused(error)),
        _ => Appended::Unknown(error),
    }
}

/// How long the database may be silent on the connection of a writer.
pub(super) const SILENCE_MAX: Duration = Duration::from_secs(30);
