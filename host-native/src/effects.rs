//! What follows a commit: whoever waits for a job or for the end of an instance is woken.
//!
//! Effects come after the commit, never before, and can be lost: whoever waits asks again after a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Everybody who waits for something to become true, by what it is about.
#[derive(Debug, Default)]
pub struct Waiting<K> {
    about: Mutex<HashMap<K, Arc<Notify>>>,
}

/// A place among those who wait; while it is held, no wake-up is lost.
#[derive(Debug)]
pub struct Place<'a, K: std::hash::Hash + Eq> {
    waiting: &'a Waiting<K>,
    key: K,
    notify: Option<Arc<Notify>>,
}

impl<K: std::hash::Hash + Eq + Clone> Waiting<K> {
    /// Takes a place. Take it before looking whether what is waited for is there already.
    pub fn place(&self, key: K) -> Place<'_, K> {
        let notify = self.lock().entry(key.clone()).or_default().clone();
        Place { waiting: self, key, notify: Some(notify) }
    }

    /// Wakes the one who waits longest; if nobody waits just now, the next one does not wait.
    pub fn wake_one(&self, key: &K) {
        if let Some(notify) = self.lock().get(key) {
            notify.notify_one();
        }
    }

    /// Wakes all.
    pub fn wake_all(&self, key: &K) {
        if let Some(notify) = self.lock().get(key) {
            notify.notify_waiters();
        }
    }

    /// Wakes everybody, whatever they wait for.
    pub fn wake_everybody(&self) {
        for notify in self.lock().values() {
            notify.notify_waiters();
        }
    }

    /// Returns whether anybody waits for anything.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

impl<K: std::hash::Hash + Eq> Waiting<K> {
    /// A panic between two lines of this file cannot leave the map half changed.
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Arc<Notify>>> {
        self.about.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: std::hash::Hash + Eq> Place<'_, K> {
    /// Returns what to wait on. Enable it before looking.
    pub fn notify(&self) -> &Notify {
        // There from the beginning until the place is given up.
        self.notify.as_deref().unwrap_or(&NOBODY)
    }
}

impl<K: std::hash::Hash + Eq> Drop for Place<'_, K> {
    fn drop(&mut self) {
        let mut about = self.waiting.lock();
        drop(self.notify.take());
        // The map's own is the last one: nobody waits for this any more.
        if about.get(&self.key).is_some_and(|it| Arc::strong_count(it) == 1) {
            about.remove(&self.key);
        }
    }
}

static NOBODY: Notify = Notify::const_new();

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wake_up_between_looking_and_waiting_is_not_lost() {
        let waiting = Waiting::default();
        {
            let place = waiting.place("charge");
            let mut notified = std::pin::pin!(place.notify().notified());
            notified.as_mut().enable();
            waiting.wake_one(&"ship");
            waiting.wake_one(&"charge");
            notified.await;
        }
        assert!(waiting.is_empty());
    }

    #[tokio::test]
    async fn one_job_wakes_one() {
        let waiting = Waiting::default();
        let (first, second) = (waiting.place(1), waiting.place(1));
        let (mut one, mut two) =
            (std::pin::pin!(first.notify().notified()), std::pin::pin!(second.notify().notified()));
        one.as_mut().enable();
        two.as_mut().enable();
        waiting.wake_one(&1);
        one.await;
        assert!(futures_util::FutureExt::now_or_never(two).is_none());
    }
}
