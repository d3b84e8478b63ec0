//! The batch that forms while the last one commits, and the one in flight.

use std::sync::Arc;

use dacapo_engine::kernel::{Frame, Machine};

use super::{Answer, Batch, Settings};
use crate::wire::{Head, StoredFrame, leaf, next_hash};

/// What was stepped and is not yet on its way.
#[derive(Debug)]
pub(super) struct Forming<M: Machine> {
    frames: Vec<Arc<Frame<M>>>,
    stored: Vec<StoredFrame>,
    bytes: u64,
    answers: Vec<(u64, Answer<M>)>,
    inbox_done: Vec<Arc<str>>,
    expected: Head,
    next: Head,
}

/// A batch whose outcome is not known yet.
#[derive(Debug)]
pub(super) struct Flight<M: Machine> {
    pub(super) batch: Batch,
    pub(super) frames: Arc<[Arc<Frame<M>>]>,
    pub(super) answers: Vec<(u64, Answer<M>)>,
}

impl<M: Machine> Forming<M> {
    pub(super) fn new(head: Head) -> Self {
        Self {
            frames: Vec::new(),
            stored: Vec::new(),
            bytes: 0,
            answers: Vec::new(),
            inbox_done: Vec::new(),
            expected: head,
            next: head,
        }
    }

    /// Returns whether there is nothing to append.
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.inbox_done.is_empty()
    }

    pub(super) fn is_full(&self, settings: &Settings) -> bool {
        self.bytes >= settings.batch_bytes
            || self.frames.len() as u64 >= u64::from(settings.batch_frames)
    }

    /// Puts the next frame at the end of the chain.
    pub(super) fn push(&mut self, frame: Frame<M>, bytes: Vec<u8>) -> Arc<Frame<M>> {
        let hash = next_hash(&self.next.hash, &leaf(&bytes));
        (self.next.position, self.next.hash) = (frame.last(), hash);
        self.bytes += bytes.len() as u64;
        self.stored.push(StoredFrame::new(&frame, bytes.into(), hash));
        let frame = Arc::new(frame);
        self.frames.push(frame.clone());
        frame
    }

    /// Remembers answers that are given when everything stepped so far is durable.
    pub(super) fn answer(&mut self, tickets: &[u64], answer: &Answer<M>) {
        self.answers.extend(tickets.iter().map(|ticket| (*ticket, answer.clone())));
    }

    pub(super) fn remove_inbox(&mut self, request_id: Arc<str>) {
        self.inbox_done.push(request_id);
    }

    pub(super) fn take_answers(&mut self) -> Vec<(u64, Answer<M>)> {
        std::mem::take(&mut self.answers)
    }

    /// Closes the batch; the next one forms behind it.
    pub(super) fn close(&mut self, id: u64) -> Flight<M> {
        let closed = std::mem::replace(self, Self::new(self.next));
        let batch = Batch {
            id,
            expected: closed.expected,
            next: closed.next,
            frames: closed.stored.into(),
            inbox_done: closed.inbox_done.into(),
        };
        Flight { batch, frames: closed.frames.into(), answers: closed.answers }
    }

    /// Changes what the head is beside its position and hash: after a control record.
    pub(super) fn set_incarnation(&mut self, incarnation: u32) {
        self.next.incarnation = incarnation;
    }
}
