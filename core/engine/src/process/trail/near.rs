//! Near misses that only a log tells: messages that are gone, and workers that never came.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::address::carried;
use super::{Trail, events};
use crate::kernel::{AnyCommand, AnyEvent, Content, Frame, Outcome};
use crate::process::commands::Command;
use crate::process::events::Event;
use crate::process::near::{NEAR_MISSES_MAX, NearMiss, NearMissKind};
use crate::process::view::Why;
use crate::process::{Process, rejections};
use crate::record::{Key, Position};

impl Trail {
    /// Remembers the names of variables, who published a message, and who took a job for the first time.
    pub(super) fn learn_command(&mut self, frame: &Frame<Process>) {
        let Content::Step(AnyCommand::Machine(command), _) = &frame.content else { return };
        let position = frame.header.position;
        if let Some(variables) = carried(command) {
            for (name, _) in variables.iter() {
                number(&mut self.variables, name);
            }
        }
        let message_name = match command {
            Command::PublishMessage(it) => &it.message_name,
            Command::CorrelateMessage(it) => &it.message_name,
            Command::ActivateJobs(it) => {
                let is_taken = |event| matches!(event, &AnyEvent::Machine(Event::JobActivated(_)));
                if events(frame).any(|(_, event)| is_taken(event))
                    && number(&mut self.job_types, &it.job_type) as usize == self.taken.len()
                {
                    self.taken.push(position);
                }
                return;
            }
            _ => return,
        };
        let number = number(&mut self.message_names, message_name);
        self.messages.push((number, position));
    }

    /// Adds what of the log up to a position nearly ends a wait, the newest first; nothing if the log was not folded so far.
    /// `frame_of` finds the frame of a record.
    pub fn near_misses(
        &self,
        why: &Why,
        at: Position,
        frame_of: &dyn Fn(Position) -> Option<Frame<Process>>,
        found: &mut Vec<NearMiss>,
    ) {
        match why {
            _ if self.last < at => {}
            Why::Job { job_type, .. } => {
                let first = self.job_types.get(job_type);
                let first = first.and_then(|it| self.taken.get(*it as usize)).copied();
                if first.is_none_or(|it| it > at) {
                    let (kind, found_type) = (NearMissKind::NeverTaken, job_type.clone());
                    found.push(NearMiss { kind, position: first, found: found_type, until: None });
                }
            }
            Why::Message { key, name, correlation_key, .. } => {
                let tenant = self.instance(*key).and_then(|it| self.passage(it));
                let Some(began) = frame_of(key.parts().position) else { return };
                let name = self.message_names.get(name).copied();
                let mut left = FRAMES_MAX;
                for (number, position) in self.messages.iter().rev() {
                    if Some(*number) != name || *position > at {
                        continue;
                    }
                    let Some(frame) = frame_of(*position) else { continue };
                    if tenant.is_some_and(|it| it.tenant == frame.header.tenant)
                        && let Some(miss) = gone(&frame, correlation_key, *key, &began)
                    {
                        found.push(miss);
                    }
                    left -= 1;
                    if left == 0 || found.len() >= NEAR_MISSES_MAX {
                        break;
                    }
                }
            }
            Why::Timer { .. }
            | Why::Incident { .. }
            | Why::Join { .. }
            | Why::ParkedWork
            | Why::Ending => {}
        }
    }
}

/// Tells whether a message is gone that somebody who waits would have liked: nobody waited when it came, and it did not stay; or
/// it was over when the wait began.
fn gone(
    frame: &Frame<Process>,
    wanted: &str,
    wait: Key,
    began: &Frame<Process>,
) -> Option<NearMiss> {
    let Content::Step(AnyCommand::Machine(command), outcome) = &frame.content else { return None };
    let lost = |found: &Arc<str>| NearMiss {
        kind: NearMissKind::Lost,
        position: Some(frame.header.position),
        found: found.clone(),
        until: None,
    };
    match (command, outcome) {
        (Command::CorrelateMessage(it), Outcome::Rejected(rejection)) => {
            let is_lost = rejection.code == rejections::MESSAGE_NOT_AWAITED;
            is_lost.then(|| lost(&it.correlation_key))
        }
        (Command::PublishMessage(_), Outcome::Events(_)) => {
            let published = events(frame).find_map(|(_, event)| match event {
                AnyEvent::Machine(Event::MessagePublished(it)) => Some(it),
                AnyEvent::Machine(_) | AnyEvent::Kernel(_) => None,
            })?;
            let (key, deadline) = (&published.correlation_key, published.deadline);
            if !published.is_pending && deadline <= frame.header.timestamp {
                return Some(lost(key));
            }
            let is_before = frame.header.position < wait.parts().position;
            let is_over = is_before && deadline <= began.header.timestamp;
            let expired = (NearMissKind::Expired, Some(deadline));
            (is_over && **key == *wanted).then(|| NearMiss {
                kind: expired.0,
                until: expired.1,
                ..lost(key)
            })
        }
        _ => None,
    }
}

/// Returns the number of a name.
pub(super) fn number(numbers: &mut BTreeMap<Arc<str>, u32>, name: &Arc<str>) -> u32 {
    if let Some(number) = numbers.get(name) {
        return *number;
    }
    let number = numbers.len() as u32;
    numbers.insert(name.clone(), number);
    number
}

/// So many messages of a name are read again, the newest ones.
const FRAMES_MAX: u32 = 100;
