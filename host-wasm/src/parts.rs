//! What takes long in a long log, a part at a time: a page goes on in between.

use dacapo_engine::kernel::Body as _;
use dacapo_engine::process::events::Event;
use dacapo_engine::record::Position;
use dacapo_log::wire::{FrameView, OutcomeKind, RecordView};
use js_sys::{Float64Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::refused;
use crate::replay::{Replay, target};
use crate::told::{INCIDENT, kinds_of};
use crate::values::object;

#[wasm_bindgen]
impl Replay {
    /// Learns what at most so many frames more tell of their instances; returns how many were indexed in all. What needs all of
    /// them (`instances`, `find`, `causes` and so on) does the rest at once.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed.
    pub fn index(
        &mut self,
        #[wasm_bindgen(js_name = framesMax)] frames_max: u32,
    ) -> Result<f64, JsValue> {
        let end = self.trail.frames().saturating_add(u64::from(frames_max));
        while self.trail.frames() < end.min(self.player.frame_count()) {
            let frame = self.frame(self.trail.frames())?;
            self.trail.take(&frame);
        }
        Ok(self.trail.frames() as f64)
    }

    /// Goes towards a position by at most so many frames; returns how many are left to play. `seek` goes there at once.
    ///
    /// # Errors
    ///
    /// As [`Replay::seek`].
    #[wasm_bindgen(js_name = seekPart)]
    pub fn seek_part(
        &mut self,
        position: f64,
        #[wasm_bindgen(js_name = framesMax)] frames_max: u32,
    ) -> Result<f64, JsValue> {
        let left = self.player.seek_part(&target(position)?, u64::from(frames_max));
        left.map(|it| it as f64).map_err(|error| refused(&error))
    }

    /// The records of the steps that touched an instance, or of the whole log, those of one element or all: their positions,
    /// their times, and what they are (0 command, 1 event, 2 rejection, 3 control record, 4 event that raised an incident).
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, or the key is not one.
    #[wasm_bindgen(
        unchecked_return_type = "{ positions: Float64Array, times: Float64Array, kinds: Uint8Array }"
    )]
    pub fn records(
        &mut self,
        instance_key: Option<String>,
        element_id: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let mut rows = Rows { incident: incident_number(), ..Rows::default() };
        match element_id {
            None if instance_key.is_none() => {
                rows.reserve(self.records_shown());
                (0..self.player.frame_count()).try_for_each(|it| self.list(it, &mut rows))?;
            }
            None => {
                let steps = self.steps(instance_key)?;
                steps.into_iter().try_for_each(|it| self.list(it, &mut rows))?;
            }
            Some(element) => {
                for number in self.steps(instance_key)? {
                    self.list_element(number, &element, &mut rows)?;
                }
            }
        }
        Ok(object([
            ("positions", Float64Array::from(rows.positions.as_slice()).into()),
            ("times", Float64Array::from(rows.times.as_slice()).into()),
            ("kinds", Uint8Array::from(rows.kinds.as_slice()).into()),
        ]))
    }
}

#[derive(Default)]
struct Rows {
    /// The number of the intent of events that raise incidents.
    incident: u16,
    positions: Vec<f64>,
    times: Vec<f64>,
    kinds: Vec<u8>,
}

impl Rows {
    fn reserve(&mut self, records: usize) {
        self.positions.reserve_exact(records);
        self.times.reserve_exact(records);
        self.kinds.reserve_exact(records);
    }

    fn add(&mut self, position: Position, time_ms: i64, kind: u8) {
        self.positions.push(position.0 as f64);
        self.times.push(time_ms as f64);
        self.kinds.push(kind);
    }
}

impl Replay {
    /// Returns how many records the log has, so that nothing grows bit by bit; of a slice that is not known.
    fn records_shown(&self) -> usize {
        let last = self.player.last_position().0;
        if self.player.is_slice() { 0 } else { usize::try_from(last).unwrap_or(0) }
    }

    /// Lists the records of a frame by its head alone.
    fn list(&self, number: u64, rows: &mut Rows) -> Result<(), JsValue> {
        let bytes = self.player.frame_bytes(number).unwrap_or_default();
        let view = FrameView::parse_checked(bytes).map_err(|error| refused(&error))?;
        let (first, time_ms) = (view.position, view.timestamp.0);
        let is_control = view.outcome() == OutcomeKind::Control;
        rows.add(first, time_ms, if is_control { 3 } else { 0 });
        for (offset, record) in (1..).zip(&view.records) {
            let kind = match record {
                RecordView::Rejection { .. } => 2,
                RecordView::Event { intent, .. } if *intent == rows.incident => 4,
                RecordView::Event { .. } => 1,
            };
            rows.add(first.plus(offset), time_ms, kind);
        }
        Ok(())
    }

    fn list_element(&self, number: u64, element: &str, rows: &mut Rows) -> Result<(), JsValue> {
        let frame = self.frame(number)?;
        for (kind, offset) in kinds_of(&frame).into_iter().zip(0_u64..) {
            if self.trail.element_of(&frame, offset).is_some_and(|it| **it == *element) {
                rows.add(frame.header.position.plus(offset), frame.header.timestamp.0, kind);
            }
        }
        Ok(())
    }
}

fn incident_number() -> u16 {
    let intents = Event::intents();
    intents.iter().find(|it| it.name == INCIDENT).map_or(0, |it| it.number)
}
