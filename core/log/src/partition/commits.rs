//! What goes out and comes back: batches, their fates, and the answers that wait for them.

use dacapo_engine::kernel::Machine;

use super::writer::Life;
use super::{Answer, AppendOutcome, Committed, Effect, NotDone, Partition, StopReason};
use crate::wire::{Hash, Head};

impl<M: Machine> Partition<M> {
    pub(super) fn appended(&mut self, batch: u64, outcome: AppendOutcome) {
        let Some(flight) = self.flight.as_ref().filter(|flight| flight.batch.id == batch) else {
            return;
        };
        match outcome {
            AppendOutcome::Done => self.commit(),
            // The same bytes again: they were stepped once, and are never stepped again.
            AppendOutcome::NotDone(NotDone::Unavailable) => {
                self.effects.push(Effect::Append(flight.batch.clone()));
            }
            // A batch that was sent twice may be fenced by itself, so the head decides here too.
            AppendOutcome::NotDone(NotDone::Fenced) | AppendOutcome::Unknown => {
                let position = flight.batch.next.position;
                self.effects.push(Effect::Resolve { batch, position });
            }
        }
    }

    pub(super) fn resolved(&mut self, batch: u64, head: Head, hash: Option<Hash>) {
        let Some(flight) = self.flight.as_ref().filter(|flight| flight.batch.id == batch) else {
            return;
        };
        let (expected, next) = (flight.batch.expected, flight.batch.next);
        if head == next {
            self.commit();
        } else if head == expected {
            self.effects.push(Effect::Append(flight.batch.clone()));
        } else if (head.incarnation, head.epoch) == (expected.incarnation, expected.epoch) {
            self.corrupt(format!(
                "expected this writer's head, found position {}",
                head.position.0
            ));
        } else {
            // Another writer has the partition; whether the batch went before it is in the log.
            if hash == Some(next.hash) {
                self.commit();
            }
            self.stop(StopReason::Fenced);
        }
    }

    fn commit(&mut self) {
        let Some(flight) = self.flight.take() else { return };
        self.durable = flight.batch.next;
        if !flight.frames.is_empty() {
            let (frames, stored) = (flight.frames, flight.batch.frames);
            let committed = Committed { frames, stored, head: self.durable };
            self.effects.push(Effect::Committed(committed));
        }
        self.give(flight.answers);
        let position = self.durable.position;
        let records = self.settings.snapshot_records;
        if records > 0 && position.0 >= self.snapshot_from.0.saturating_add(records) {
            self.snapshot_from = position;
            self.effects.push(Effect::SnapshotDue { position });
        }
    }

    fn give(&mut self, answers: Vec<(u64, Answer<M>)>) {
        let effects = answers.into_iter().map(|(ticket, answer)| Effect::Answer { ticket, answer });
        self.effects.extend(effects);
    }

    pub(super) fn dispatch(&mut self) {
        if self.flight.is_some() {
            return;
        }
        if !self.forming.is_empty() {
            self.batches += 1;
            let flight = self.forming.close(self.batches);
            self.effects.push(Effect::Append(flight.batch.clone()));
            self.flight = Some(flight);
            return;
        }
        let answers = self.forming.take_answers();
        self.give(answers);
        if self.life == Life::Stopping && self.queue.is_empty() {
            self.stop(StopReason::Asked);
        }
    }
}
