//! Live records as server-sent events. Each has its position as id, so that a stream that broke goes on where it was.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use dacapo_engine::record::Position;
use dacapo_log::wire::{Names, StoredFrame, frame_json};
use futures_util::stream;
use metrics::gauge;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::{Api, Problem};
use crate::metrics::LIVE_STREAMS;
use crate::names::process_names;
use crate::partition::Standing;

/// Streams frames from after the position of the header `last-event-id`, or from now on. Nothing is kept for slow readers:
/// everybody reads the log at their own pace.
pub async fn live(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let after = match headers.get("last-event-id") {
        None => api.partition.head(),
        Some(value) => {
            let position = value.to_str().ok().and_then(|it| it.parse().ok());
            let detail = "last-event-id: expected a position, found something else";
            Position(position.ok_or_else(|| Problem::malformed("last-event-id", detail))?)
        }
    };
    let permit = api.streams.clone().try_acquire_owned().map_err(|_| {
        Problem::exhausted("expected fewer live streams, found the limit reached; ask again later")
    })?;
    gauge!(LIVE_STREAMS).increment(1.0);
    let following = Following {
        head: api.partition.watch_head(),
        standing: api.partition.watch_standing(),
        names: Arc::new(process_names()),
        pending: Vec::new().into_iter(),
        next: after.next(),
        api,
        _permit: Permit { _held: permit },
    };
    let events = stream::try_unfold(following, Following::next);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

struct Following {
    api: Api,
    head: watch::Receiver<Position>,
    standing: watch::Receiver<Standing>,
    names: Arc<Names>,
    pending: std::vec::IntoIter<StoredFrame>,
    next: Position,
    _permit: Permit,
}

struct Permit {
    _held: OwnedSemaphorePermit,
}

impl Drop for Permit {
    fn drop(&mut self) {
        gauge!(LIVE_STREAMS).decrement(1.0);
    }
}

impl Following {
    /// Returns the next event; none when the server stops.
    async fn next(mut self) -> Result<Option<(Event, Self)>, axum::Error> {
        loop {
            if let Some(frame) = self.pending.next() {
                let event = self.event(&frame)?;
                return Ok(Some((event, self)));
            }
            let next = self.next;
            let is_there = tokio::select! {
                reached = self.head.wait_for(|head| *head >= next) => reached.is_ok(),
                _ = self.standing.wait_for(Standing::is_ending) => false,
            };
            if !is_there {
                return Ok(None);
            }
            let frames =
                self.api.store.read(self.api.id(), next, Position(u64::MAX >> 1), FRAMES_PER_READ);
            let frames = frames.await.map_err(axum::Error::new)?;
            if let Some(last) = frames.last() {
                self.next = last.position.plus(u64::from(last.count));
            } else {
                // The position stands inside of a frame that was sent already.
                self.next = self.next.next();
            }
            self.pending = frames.into_iter();
        }
    }

    fn event(&self, frame: &StoredFrame) -> Result<Event, axum::Error> {
        let last = frame.position.plus(u64::from(frame.count) - 1);
        let data = frame_json(&frame.body, &self.names).map_err(axum::Error::new)?;
        Ok(Event::default().id(last.0.to_string()).data(data))
    }
}

const KEEP_ALIVE: Duration = Duration::from_secs(15);
const FRAMES_PER_READ: u32 = 256;
