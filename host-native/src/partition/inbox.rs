//! The inbox: commands that were accepted before they are processed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dacapo_engine::feel::json::JsonLimits;
use dacapo_engine::kernel::AnyCommand;
use dacapo_engine::process::Process;
use dacapo_engine::record::PartitionId;
use dacapo_log::partition::{self, InboxPut, InboxSubmission, Input};
use dacapo_log::wire::{Names, parse_command};
use serde::Deserialize;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use crate::names::process_names;
use crate::store::{Batch, InboxCommand, InboxKey, Store};

/// The loop's end of the inbox.
pub(super) struct InboxLine {
    pub(super) taken: mpsc::Receiver<Taken>,
    store: Store,
    partition: PartitionId,
    hint: Arc<Notify>,
    hands: Hands,
}

/// A command that was taken from the inbox.
pub(super) struct Taken(InboxSubmission<Process>);

/// The rows that are in hand, by request id: their steps are not committed yet.
type Hands = Arc<Mutex<HashMap<Arc<str>, InboxKey>>>;

/// The commands of a row, as it was written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "$frame")]
    frame: String,
}

impl InboxLine {
    /// Begins to look into the inbox.
    pub(super) fn open(store: Store, partition: PartitionId, is_cautious: Arc<AtomicBool>) -> Self {
        let (sender, taken) = mpsc::channel(TAKEN_MAX as usize);
        let (hint, hands) = (Arc::new(Notify::new()), Hands::default());
        let poller = Poller {
            store: store.clone(),
            partition,
            hint: hint.clone(),
            hands: hands.clone(),
            is_cautious,
            names: process_names(),
            sender,
        };
        tokio::spawn(poller.run());
        Self { taken, store, partition, hint, hands }
    }

    /// Puts a command into the inbox; it comes back with its attempts counted.
    pub(super) async fn put(&self, put: InboxPut) {
        let (tenant, request_id) = (put.tenant, put.request_id);
        let key = InboxKey { tenant, request_id };
        let text = serde_json::json!({ "$frame": STANDARD.encode(&put.command) }).to_string();
        if let Err(error) = self.store.inbox_put(self.partition, key, text).await {
            // Whoever waits for it is answered when the partition stops, or asks again.
            tracing::error!(%error, "a command could not be put into the inbox");
        }
        self.hint.notify_one();
    }

    /// Makes what the store appends: the rows of the inbox go by tenant too.
    pub(super) fn batch(&self, batch: partition::Batch) -> Batch {
        let hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        let inbox_done = batch.inbox_done.iter().filter_map(|it| hands.get(it).cloned()).collect();
        Batch {
            expected: batch.expected,
            next: batch.next,
            frames: batch.frames.to_vec(),
            inbox_done,
            rows: None,
        }
    }

    /// Lets go of the rows of a batch that is durable.
    pub(super) fn done(&self, batch: &Batch) {
        if batch.inbox_done.is_empty() {
            return;
        }
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &batch.inbox_done {
            hands.remove(&key.request_id);
        }
        self.hint.notify_one();
    }
}

impl Taken {
    pub(super) fn into_input(self) -> Input<Process> {
        Input::Inbox(vec![self.0])
    }
}

struct Poller {
    store: Store,
    partition: PartitionId,
    hint: Arc<Notify>,
    hands: Hands,
    is_cautious: Arc<AtomicBool>,
    names: Names,
    sender: mpsc::Sender<Taken>,
}

impl Poller {
    async fn run(self) {
        let mut pause = PAUSE_MIN;
        while !self.sender.is_closed() {
            let found = self.look().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the inbox cannot be read");
                0
            });
            pause = if found > 0 { PAUSE_MIN } else { (pause * 2).min(PAUSE_MAX) };
            // A hint cuts the pause short; it may be lost, the pause is not.
            let _ = timeout(pause, self.hint.notified()).await;
        }
    }

    async fn look(&self) -> Result<usize, crate::store::StoreError> {
        let is_cautious = self.is_cautious.load(Ordering::Relaxed);
        let known: Vec<_> = self.lock().values().cloned().collect();
        let limit = if is_cautious { 1 } else { TAKEN_MAX };
        if known.len() >= limit as usize {
            return Ok(0);
        }
        let rows = self.store.inbox_take(self.partition, limit, known).await?;
        let count = rows.len();
        for mut row in rows {
            let is_free = !self.lock().contains_key(&row.key.request_id);
            if !is_free {
                // Another tenant's row of the same id is in hand: this one waits its turn.
                continue;
            }
            if is_cautious {
                // Counted before the try: what was counted twice and is still here is not tried again.
                row.attempts = self.store.inbox_attempt(row.key.clone()).await?.saturating_sub(1);
            }
            self.lock().insert(row.key.request_id.clone(), row.key.clone());
            if self.sender.send(Taken(submission(row, &self.names))).await.is_err() {
                break;
            }
        }
        Ok(count)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Arc<str>, InboxKey>> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a row: a command that this server put there as it is stored, or one that somebody wrote as JSON.
fn submission(row: InboxCommand, names: &Names) -> InboxSubmission<Process> {
    let InboxKey { tenant, request_id } = row.key;
    if let Ok(Wire { frame }) = serde_json::from_str(&row.command) {
        let bytes = STANDARD.decode(frame).unwrap_or_default();
        return InboxSubmission::from_stored(request_id, tenant, &bytes, row.attempts);
    }
    let parsed = parse_command::<Process>(&row.command, names, &JsonLimits::default());
    let (parsed, reason) = match parsed {
        Ok(parsed) => (Some(parsed), String::new()),
        Err(error) => (None, error.to_string()),
    };
    InboxSubmission {
        request_id,
        tenant,
        key: parsed.as_ref().and_then(|it| it.key),
        actor: parsed.as_ref().and_then(|it| it.actor.clone()),
        correlation_id: parsed.as_ref().and_then(|it| it.correlation_id.clone()),
        trace: parsed.as_ref().and_then(|it| it.trace.clone()),
        command: parsed.map(|it| AnyCommand::Machine(it.command)).ok_or(reason),
        attempts: row.attempts,
    }
}

const TAKEN_MAX: u32 = 256;
const PAUSE_MIN: Duration = Duration::from_millis(5);
const PAUSE_MAX: Duration = Duration::from_millis(250);
