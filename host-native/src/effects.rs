//! What follows a commit: whoever waits for a job or for the end of an instance is woken.
//!
//! Effects come after the commit, never before, and can be lost: whoever waits asks again after a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dacapo_engine::kernel::{AnyEvent, Content, Engine, Frame, Outcome};
use dacapo_engine::process::state::JobState;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::Key;
use tokio::sync::Notify;

/// Everybody who waits for what a commit may bring.
#[derive(Debug, Default)]
pub struct Effects {
    /// For a job: by tenant and type.
    pub jobs: Waiting<(Arc<str>, Arc<str>)>,
    /// For the end of a process instance.
    pub ends: Waiting<Key>,
}

impl Effects {
    /// Finds the jobs that a frame may make available; called before the frame is followed.
    pub fn before(&self, frame: &Frame<Process>, engine: &Engine<Process>) -> Vec<Key> {
        if self.jobs.is_empty() {
            return Vec::new();
        }
        let incidents = &engine.state().tables.incidents;
        let jobs = events(frame).filter_map(|(key, event)| match event {
            Event::IncidentResolved(_) => incidents.get(&key).and_then(|row| row.job),
            Event::JobCreated(_)
            | Event::JobFailed(_)
            | Event::JobTimedOut(_)
            | Event::JobBackoffEnded(_)
            | Event::JobRetriesUpdated(_) => Some(key),
            _ => None,
        });
        jobs.collect()
    }

    /// Wakes who waits for what a frame brought; called after the frame was followed.
    pub fn after(&self, frame: &Frame<Process>, jobs: Vec<Key>, engine: &Engine<Process>) {
        let (symbols, tables) = (&engine.state().kernel.symbols, &engine.state().tables);
        for row in jobs.iter().filter_map(|key| tables.jobs.get(key)) {
            if row.state == JobState::Activatable {
                self.jobs.wake_one(&(symbols.name(row.tenant), symbols.name(row.job_type)));
            }
        }
        if self.ends.is_empty() {
            return;
        }
        for (key, event) in events(frame) {
            if matches!(event, Event::InstanceCompleted(_) | Event::InstanceTerminated(_)) {
                self.ends.wake_all(&key);
            }
        }
    }

    /// Wakes everybody: nothing will come any more.
    pub fn end(&self) {
        self.jobs.wake_everybody();
        self.ends.wake_everybody();
    }
}

fn events(frame: &Frame<Process>) -> impl Iterator<Item = (Key, &Event)> {
    let events = match &frame.content {
        Content::Step(_, Outcome::Events(events)) => events.as_slice(),
        Content::Step(_, Outcome::Rejected(_)) | Content::Control(_) => &[],
    };
    events.iter().filter_map(|it| match &it.event {
        AnyEvent::Machine(event) => Some((it.key, event)),
        AnyEvent::Kernel(_) => None,
    })
}

/// Everybody who waits for something to become true, by what it is about.
#[derive(Debug, Default)]
pub struct Waiting<K> {
    about: Mutex<BTreeMap<K, Arc<Notify>>>,
}

/// A place among those who wait; while it is held, no wake-up is lost.
#[derive(Debug)]
pub struct Place<'a, K: Ord> {
    waiting: &'a Waiting<K>,
    key: K,
    notify: Option<Arc<Notify>>,
}

impl<K: Ord + Clone> Waiting<K> {
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

impl<K: Ord> Waiting<K> {
    /// A panic between two lines of this file cannot leave the map half changed.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Arc<Notify>>> {
        self.about.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Ord> Place<'_, K> {
    /// Returns what to wait on. Enable it before looking.
    pub fn notify(&self) -> &Notify {
        // There from the beginning until the place is given up.
        self.notify.as_deref().unwrap_or(&NOBODY)
    }
}

impl<K: Ord> Drop for Place<'_, K> {
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
