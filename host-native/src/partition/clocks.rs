//! The two clocks that a partition compares: the host's, and the store's as it was last seen.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dacapo_engine::process::Process;
use dacapo_log::partition::Input;

use crate::store::{Store, StoreError};

/// The store's clock, looked at now and then and carried on by the time that passed since.
#[derive(Debug, Default)]
pub(super) struct StoreClock {
    seen: Mutex<Option<(i64, Instant)>>,
}

impl StoreClock {
    /// Looks at the store's clock; one that is the host's own is none.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn look(&self, store: &Store) -> Result<(), StoreError> {
        let seen = store.clock_ms().await?.map(|ms| (ms, Instant::now()));
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }

    /// Returns what the store's clock shows, as far as is known.
    pub(super) fn now_ms(&self) -> Option<i64> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (ms, at) = seen?;
        Some(ms.saturating_add(i64::try_from(at.elapsed().as_millis()).unwrap_or(i64::MAX)))
    }

    /// Tells a partition what both clocks show.
    pub(super) fn input(&self) -> Input<Process> {
        Input::Clock { now_ms: now_ms(), store_now_ms: self.now_ms() }
    }
}

/// Looks at the host's clock.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Returns when the host's clock will show a time.
pub(super) fn instant(at_ms: i64) -> Instant {
    let ahead = u64::try_from(at_ms.saturating_sub(now_ms())).unwrap_or(0);
    Instant::now() + Duration::from_millis(ahead)
}
