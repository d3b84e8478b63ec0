//! Open jobs.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{State, owned};
use crate::feel::Context;
use crate::kernel::{Sink, Symbol, Visit, visit_fields};
use crate::record::{Key, Timestamp};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobState {
    /// A worker may take it.
    Activatable,
    /// A worker has it until then.
    Activated(Timestamp),
    /// It failed and may be taken again from then on.
    BackingOff(Timestamp),
    /// It failed and has no retries left.
    Failed,
    /// An error was thrown and nobody caught it.
    ErrorThrown,
}

/// An open job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Whose.
    pub tenant: Symbol,
    /// What workers ask for.
    pub job_type: Symbol,
    /// Where it stands.
    pub state: JobState,
    /// How many attempts are left.
    pub retries: i32,
    /// Who had it last.
    pub worker: Option<Arc<str>>,
    /// The element instance that waits for it.
    pub element_instance: Key,
    /// The process instance.
    pub instance: Key,
}
visit_fields!(JobRow, "job" { tenant, job_type, state, retries, worker, element_instance, instance });

/// What a worker threw and nobody caught.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThrownError {
    /// The code.
    pub code: Arc<str>,
    /// What the worker says about it.
    pub message: Option<Arc<str>>,
    /// What goes to whoever catches it.
    pub variables: Context,
}
visit_fields!(ThrownError, "thrown_error" { code, message, variables });

impl JobState {
    /// Returns the name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Activatable => "activatable",
            Self::Activated(_) => "activated",
            Self::BackingOff(_) => "backing_off",
            Self::Failed => "failed",
            Self::ErrorThrown => "error_thrown",
        }
    }

    /// Returns until when it stands so by itself.
    pub const fn until(self) -> Option<Timestamp> {
        match self {
            Self::Activated(until) | Self::BackingOff(until) => Some(until),
            Self::Activatable | Self::Failed | Self::ErrorThrown => None,
        }
    }
}

impl Visit for JobState {
    #[inline]
    fn visit(&self, sink: &mut dyn Sink) {
        sink.structure("job_state");
        sink.field("name");
        sink.text(self.name());
        sink.field("until");
        match self {
            Self::Activated(until) | Self::BackingOff(until) => until.visit(sink),
            Self::Activatable | Self::Failed | Self::ErrorThrown => sink.none(),
        }
        sink.end();
    }
}

impl State {
    /// Changes a job and moves it to the index that its state belongs to; returns whether there is such a job.
    #[inline]
    pub(crate) fn change_job(&mut self, key: Key, change: impl FnOnce(&mut JobRow)) -> bool {
        let Some(mut row) = self.jobs.get(&key).cloned() else { return false };
        self.leave_job_index(key, &row);
        change(&mut row);
        self.enter_job_index(key, &row);
        self.jobs.insert(key, row);
        true
    }

    /// Adds a job.
    #[inline]
    pub(crate) fn add_job(&mut self, key: Key, row: JobRow) {
        self.enter_job_index(key, &row);
        self.jobs_of.insert((row.element_instance, key), ());
        self.jobs.insert(key, row);
    }

    /// Removes a job.
    #[inline]
    pub(crate) fn remove_job(&mut self, key: Key) -> Option<JobRow> {
        let row = self.jobs.remove(&key)?;
        self.leave_job_index(key, &row);
        self.jobs_of.remove(&(row.element_instance, key));
        self.thrown_errors.remove(&key);
        Some(row)
    }

    /// Returns the jobs of an element instance.
    #[inline]
    pub(crate) fn jobs_of(&self, element: Key) -> Vec<Key> {
        self.jobs_of.range(owned(element)).map(|((_, key), ())| *key).collect()
    }

    fn enter_job_index(&mut self, key: Key, row: &JobRow) {
        match row.state {
            JobState::Activatable => {
                self.activatable_jobs.insert((row.tenant, row.job_type, key), ());
            }
            JobState::Activated(until) => self.job_deadlines.insert((until, key), ()),
            JobState::BackingOff(until) => self.job_backoffs.insert((until, key), ()),
            JobState::Failed | JobState::ErrorThrown => {}
        }
    }

    fn leave_job_index(&mut self, key: Key, row: &JobRow) {
        match row.state {
            JobState::Activatable => {
                self.activatable_jobs.remove(&(row.tenant, row.job_type, key));
            }
            JobState::Activated(until) => {
                self.job_deadlines.remove(&(until, key));
            }
            JobState::BackingOff(until) => {
                self.job_backoffs.remove(&(until, key));
            }
            JobState::Failed | JobState::ErrorThrown => {}
        }
    }
}
