//! Checkpoints: the write-ahead log moves into the file from a connection of its own, outside every commit. The rest moves
//! between two commits, so that the next one starts the write-ahead log again: a log that grows takes longer to flush.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::Turns;

/// Who counts what was written, and who moves it.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    written: AtomicU64,
    wake: Notify,
    is_stopped: AtomicBool,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpoints {
    /// Starts to move what is written.
    pub(super) fn start(self: &Arc<Self>, connection: SqliteConnection, turns: Turns) {
        let task = tokio::spawn(run(Arc::clone(self), connection, turns));
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
    }

    /// Notes that about this many bytes were written.
    pub(super) fn wrote(&self, bytes: u64) {
        if self.written.fetch_add(bytes, Ordering::Relaxed) + bytes >= CHECKPOINT_BYTES {
            self.wake.notify_one();
        }
    }

    /// Moves everything, as far as no reader holds it, and closes the connection.
    pub(super) async fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.wake.notify_one();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // a failed checkpoint leaves everything in the write-ahead log, where the next start finds it
            _ = task.await;
        }
    }
}

async fn run(checkpoints: Arc<Checkpoints>, mut connection: SqliteConnection, turns: Turns) {
    while !checkpoints.is_stopped.load(Ordering::Relaxed) {
        checkpoints.wake.notified().await;
        checkpoints.written.store(0, Ordering::Relaxed);
        move_all(&mut connection).await;
        let _turn = turns.lock().await;
        move_all(&mut connection).await;
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the last connection did not close cleanly");
    }
}

/// Moves what no reader holds.
async fn move_all(connection: &mut SqliteConnection) {
    let moved = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(connection).await;
    if let Err(error) = moved {
        tracing::warn!(%error, "checkpoint failed, the write-ahead log keeps growing");
    }
}

/// The write-ahead log is moved after about this many bytes.
const CHECKPOINT_BYTES: u64 = 16 << 20;
