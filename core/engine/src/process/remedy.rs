//! Remedies: what somebody outside can do so that a wait ends.

use alloc::vec::Vec;

use super::IncidentKind;
use super::state::JobState;
use super::view::Why;
use crate::record::{Key, Timestamp};

/// Something that moves a wait on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// To complete the job.
    CompleteJob(Key),
    /// To publish the message that is awaited.
    PublishMessage,
    /// To give the job a retry: its incident is not resolved while it has none.
    GiveRetry(Key),
    /// To resolve the incident, once what is wrong is repaired.
    ResolveIncident(Key),
    /// To let time pass until then.
    LetPass(Timestamp),
}

impl Remedy {
    /// Returns the name that stands in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CompleteJob(_) => "complete_job",
            Self::PublishMessage => "publish_message",
            Self::GiveRetry(_) => "give_retry",
            Self::ResolveIncident(_) => "resolve_incident",
            Self::LetPass(_) => "let_pass",
        }
    }

    /// Returns the job or incident that it is about.
    pub const fn key(self) -> Option<Key> {
        match self {
            Self::CompleteJob(key) | Self::GiveRetry(key) | Self::ResolveIncident(key) => Some(key),
            Self::PublishMessage | Self::LetPass(_) => None,
        }
    }
}

/// Returns what ends a wait, one after the other; nothing where it goes on by itself or by a wait of its own.
pub fn remedies(why: &Why) -> Vec<Remedy> {
    let mut found = Vec::new();
    match why {
        Why::Job { key, state: JobState::Activatable | JobState::Activated(_), .. } => {
            found.push(Remedy::CompleteJob(*key));
        }
        Why::Timer { due, .. } => found.push(Remedy::LetPass(*due)),
        Why::Message { .. } => found.push(Remedy::PublishMessage),
        Why::Incident { key, kind, job, .. } => {
            if *kind == IncidentKind::JobNoRetries.name() {
                found.extend(job.map(Remedy::GiveRetry));
            }
            found.push(Remedy::ResolveIncident(*key));
        }
        Why::Job { .. } | Why::Join { .. } | Why::ParkedWork | Why::Ending => {}
    }
    found
}
