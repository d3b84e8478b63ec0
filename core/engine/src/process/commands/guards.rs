//! What several commands ask first. A guard reads and may refuse; it cannot emit.

use alloc::format;

use crate::kernel::{Cx, Symbol};
use crate::process::state::{JobRow, JobState, State};
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection};

/// A job that is open; the proof that there is one, and whose.
pub(super) struct OpenJob {
    pub key: Key,
    pub row: JobRow,
}

/// A process instance that is running.
pub(super) struct RunningInstance {
    pub key: Key,
}

impl OpenJob {
    /// Finds a job of a tenant.
    pub fn check(state: &State, tenant: Symbol, key: Key) -> Result<Self, Rejection> {
        let row = state.jobs.get(&key).filter(|row| row.tenant == tenant).cloned();
        let missing = || {
            let reason = format!("expected an open job with key {key}, found none");
            Rejection::new(rejections::JOB_NOT_FOUND, reason).blame("job_key")
        };
        row.map(|row| Self { key, row }).ok_or_else(missing)
    }

    /// Refuses a job that no worker can have: one that failed, backs off or threw an error.
    pub fn workable(self) -> Result<Self, Rejection> {
        match self.row.state {
            JobState::Activated(_) | JobState::Activatable => Ok(self),
            JobState::BackingOff(_) | JobState::Failed | JobState::ErrorThrown => {
                Err(self.not_activated())
            }
        }
    }

    /// Refuses a job that no worker has.
    pub fn activated(self) -> Result<Self, Rejection> {
        match self.row.state {
            JobState::Activated(_) => Ok(self),
            JobState::Activatable
            | JobState::BackingOff(_)
            | JobState::Failed
            | JobState::ErrorThrown => Err(self.not_activated()),
        }
    }

    fn not_activated(&self) -> Rejection {
        let (key, found) = (self.key, self.row.state.name());
        let reason = format!("expected job {key} to be activated, found it {found}");
        Rejection::new(rejections::JOB_NOT_ACTIVATED, reason).blame("job_key")
    }
}

impl RunningInstance {
    /// Finds a running process instance of a tenant.
    pub fn check(state: &State, tenant: Symbol, key: Key) -> Result<Self, Rejection> {
        let row = state.instances.get(&key).filter(|row| row.tenant == tenant);
        let missing = || {
            let reason = format!("expected a running process instance with key {key}, found none");
            Rejection::new(rejections::INSTANCE_NOT_FOUND, reason).blame("process_instance_key")
        };
        row.map(|_| Self { key }).ok_or_else(missing)
    }
}

/// Refuses a change by hand while an instance has work to go on with: what it would change is still moving.
pub(super) fn settled(cx: &Cx<'_, Process>, instance: Key) -> Result<(), Rejection> {
    if cx.is_parked(instance) {
        let reason =
            format!("expected process instance {instance} to be settled, found parked work");
        return Err(Rejection::new(rejections::INSTANCE_BUSY, reason));
    }
    Ok(())
}
