//! A host of a partition in memory, one action at a time: it can be stopped between any two of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use dacapo_engine::feel::calendar::TZDB_VERSION;
use dacapo_engine::kernel::Machine;
use dacapo_engine::record::{Durability, Limits, PartitionId, Position};
use dacapo_log::partition::{
    Answer, AppendOutcome, Batch, Bootstrap, Effect, InboxSubmission, Input, Lead, NotDone,
    Partition, Recovery, RecoveryError, Settings, StopReason,
};
use dacapo_log::wire::{Head, StoredFrame};

/// What a store keeps: it survives its host.
#[derive(Clone, Debug)]
pub struct Store {
    /// The head.
    pub head: Head,
    /// The log.
    pub log: Vec<StoredFrame>,
    /// The inbox: tenant, command, attempts.
    pub inbox: BTreeMap<Arc<str>, (Arc<str>, Vec<u8>, u32)>,
    /// Whether the last host stopped cleanly.
    pub was_clean: bool,
}

/// What a store does with an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It commits and says so.
    Done,
    /// It fails and says so.
    NotDone,
    /// It commits, and the answer is lost.
    DoneUnsaid,
    /// It does not commit, and the answer is lost.
    NotDoneUnsaid,
    /// It commits only after the connection was lost.
    DoneLate,
    /// Another writer takes the partition before.
    Fenced,
    /// It commits, the answer is lost, and another writer takes the partition after.
    DoneThenFenced,
}

/// A host, its partition, and what it is about to do.
pub struct Host<M: Machine> {
    /// The partition.
    pub partition: Partition<M>,
    /// The store.
    pub store: Store,
    /// The answers so far.
    pub answers: BTreeMap<u64, Answer<M>>,
    /// The frames that were announced as durable.
    pub committed: Vec<StoredFrame>,
    /// Effects that are of no concern to the loop, as text.
    pub seen: Vec<String>,
    /// When the partition wants to be woken.
    pub wake_at_ms: Option<i64>,
    /// Why the partition stopped.
    pub stopped: Option<StopReason>,
    /// What becomes of the next appends; [`Fate::Done`] when empty.
    pub fates: VecDeque<Fate>,
    /// How many batches were sent.
    pub appends: u32,
    pending: VecDeque<Effect<M>>,
    late: Option<Batch>,
}

impl Store {
    /// Makes an empty store.
    pub fn new() -> Self {
        let head = Head {
            partition: PartitionId(3),
            incarnation: 1,
            epoch: 0,
            position: Position(0),
            hash: [0; 32],
        };
        Self { head, log: Vec::new(), inbox: BTreeMap::new(), was_clean: true }
    }

    fn append(&mut self, batch: &Batch) -> bool {
        if self.head == batch.next && !batch.frames.is_empty() {
            return true;
        }
        if self.head != batch.expected {
            return false;
        }
        self.head = batch.next;
        self.log.extend(batch.frames.iter().cloned());
        for request_id in batch.inbox_done.iter() {
            self.inbox.remove(request_id);
        }
        true
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Machine> Host<M> {
    /// Takes the partition of a store.
    pub fn start(store: Store, settings: Settings, limits: Limits, now_ms: i64) -> Self {
        Self::try_start(store, settings, limits, now_ms).expect("the log is whole")
    }

    /// Takes the partition of a store, if its log is whole.
    pub fn try_start(
        mut store: Store,
        settings: Settings,
        limits: Limits,
        now_ms: i64,
    ) -> Result<Self, RecoveryError> {
        store.head.epoch += 1;
        let mut recovery = Recovery::<M>::new();
        for frame in &store.log {
            recovery.push(&frame.body, &frame.hash)?;
        }
        let tzdb = TZDB_VERSION.into();
        let lead = Lead {
            head: store.head,
            bootstrap: Bootstrap {
                seed: (7, 11),
                tzdb,
                limits,
                default_tenant: "<default>".into(),
            },
            engine_version: "test".into(),
            durability: Durability::Memory,
            was_clean: store.was_clean,
            now_ms,
            store_now_ms: None,
            settings,
        };
        let (partition, effects) = recovery.lead(lead)?;
        store.was_clean = false;
        Ok(Self {
            partition,
            store,
            answers: BTreeMap::new(),
            committed: Vec::new(),
            seen: Vec::new(),
            wake_at_ms: None,
            stopped: None,
            fates: VecDeque::new(),
            appends: 0,
            pending: effects.into(),
            late: None,
        })
    }

    /// Hands an input to the partition.
    pub fn input(&mut self, input: Input<M>) {
        let effects = self.partition.on(input);
        self.pending.extend(effects);
    }

    /// Does one action; returns whether there was one.
    pub fn act(&mut self) -> bool {
        let Some(effect) = self.pending.pop_front() else { return self.poll_inbox() };
        match effect {
            Effect::Append(batch) => self.append(batch),
            Effect::Resolve { batch, position } => self.resolve(batch, position),
            Effect::Committed(committed) => self.committed.extend(committed.stored.iter().cloned()),
            Effect::Answer { ticket, answer } => {
                assert!(self.answers.insert(ticket, answer).is_none(), "{ticket} twice");
            }
            Effect::InboxPut(put) => {
                let row = (put.tenant, put.command, 0);
                self.store.inbox.entry(put.request_id).or_insert(row);
            }
            Effect::WakeAt { at_ms } => self.wake_at_ms = Some(at_ms),
            Effect::Stopped { reason } => {
                self.store.was_clean = reason == StopReason::Asked;
                self.stopped = Some(reason);
            }
            other => self.seen.push(format!("{other:?}")),
        }
        true
    }

    /// Acts until there is nothing left to do; returns how many actions there were.
    pub fn settle(&mut self) -> usize {
        (0..).take_while(|_| self.act()).count()
    }

    fn append(&mut self, batch: Batch) {
        self.appends += 1;
        let fate = self.fates.pop_front().unwrap_or(Fate::Done);
        let outcome = match fate {
            Fate::Done if self.store.append(&batch) => AppendOutcome::Done,
            Fate::Done => AppendOutcome::NotDone(NotDone::Fenced),
            Fate::NotDone => AppendOutcome::NotDone(NotDone::Unavailable),
            Fate::DoneUnsaid | Fate::DoneThenFenced => {
                self.store.append(&batch);
                AppendOutcome::Unknown
            }
            Fate::NotDoneUnsaid | Fate::Fenced => AppendOutcome::Unknown,
            Fate::DoneLate => {
                self.late = Some(batch.clone());
                AppendOutcome::Unknown
            }
        };
        if matches!(fate, Fate::Fenced | Fate::DoneThenFenced) {
            self.store.head.epoch += 1;
        }
        self.input(Input::Appended { batch: batch.id, outcome });
    }

    fn resolve(&mut self, batch: u64, position: Position) {
        // Reading the head waits for its lock, so a late commit is over by then.
        if let Some(batch) = self.late.take() {
            self.store.append(&batch);
        }
        let ends_there =
            |frame: &&StoredFrame| frame.position.plus(u64::from(frame.count) - 1) == position;
        let hash = self.store.log.iter().find(ends_there).map(|frame| frame.hash);
        let head = self.store.head;
        self.input(Input::Resolved { batch, head, hash });
    }

    /// Takes one row of the inbox; the attempt is counted before the partition sees it.
    fn poll_inbox(&mut self) -> bool {
        if self.stopped.is_some() || self.store.inbox.is_empty() {
            return false;
        }
        let Some((request_id, row)) = self.store.inbox.iter_mut().next() else { return false };
        let (request_id, (tenant, command, attempts)) = (request_id.clone(), row.clone());
        if self.partition.is_cautious() {
            row.2 += 1;
        }
        let submission = InboxSubmission::from_stored(request_id, tenant, &command, attempts);
        self.input(Input::Inbox(vec![submission]));
        true
    }
}
