//! Internal commands that were refused: each is asked for again after a pause that grows, and starves nobody meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use dacapo_engine::record::Key;

/// Which entities are held, until when, and how often they were refused in a row.
#[derive(Debug, Default)]
pub(super) struct Holds {
    refusals: BTreeMap<Key, u32>,
    until: BTreeSet<(i64, Key)>,
}

impl Holds {
    /// Holds an entity whose internal command was refused.
    pub(super) fn refused(&mut self, key: Key, now_ms: i64) {
        let count = self.refusals.entry(key).or_default();
        let pause_ms = PAUSE_MIN_MS.saturating_mul(1 << (*count).min(DOUBLINGS_MAX));
        *count = count.saturating_add(1);
        self.until.insert((now_ms.saturating_add(pause_ms), key));
    }

    /// Forgets the refusals of an entity: its internal command was taken.
    pub(super) fn taken(&mut self, key: Key) {
        self.refusals.remove(&key);
    }

    /// Takes out an entity whose pause is over.
    pub(super) fn release(&mut self, now_ms: i64) -> Option<Key> {
        self.until.first().filter(|it| it.0 <= now_ms)?;
        self.until.pop_first().map(|(_, key)| key)
    }

    /// Returns when the next pause is over.
    pub(super) fn next_ms(&self) -> Option<i64> {
        self.until.first().map(|it| it.0)
    }
}

/// The pause after the first refusal, in milliseconds; every further one doubles it.
const PAUSE_MIN_MS: i64 = 1_000;

/// How often the pause doubles: 2^12 seconds are a bit more than an hour.
const DOUBLINGS_MAX: u32 = 12;
