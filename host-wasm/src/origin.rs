//! Where the records of a log come from, what was refused, and how far the log was verified.

use dacapo_engine::kernel::Frame;
use dacapo_engine::process::Process;
use dacapo_engine::record::Position;
use dacapo_log::replay::{Refused, Verifier, causes, refusals};
use dacapo_log::wire::{ReadLimits, decode};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{argument, refused};
use crate::names::names;
use crate::replay::Replay;
use crate::values::{array, object, position, text, time};
use crate::verify;

#[wasm_bindgen]
impl Replay {
    /// The way from a record back to its root, the record itself first: what it is the outcome of, what led to that, and so on.
    ///
    /// # Errors
    ///
    /// Throws if there is no such record, or a frame is malformed.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub fn causes(&mut self, at: f64) -> Result<JsValue, JsValue> {
        self.fold()?;
        let at = crate::input::position(at)?;
        let way = causes(&self.player, at, |frame| self.trail.cause(frame));
        let way = way.map_err(|error| refused(&error))?;
        Ok(array(way.into_iter().map(position)))
    }

    /// The commands that were refused in so many steps, from one on; `next` is where to go on, null at the end.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed.
    #[wasm_bindgen(unchecked_return_type = "{ rejections: RejectionInfo[], next: number | null }")]
    pub fn rejections(&self, from: u32, count: u32) -> Result<JsValue, JsValue> {
        let found = refusals(&self.player, u64::from(from), u64::from(count));
        let found = found.map_err(|error| refused(&error))?;
        let end = u64::from(from) + u64::from(count);
        let is_end = end >= self.player.frame_count();
        let next = if is_end { JsValue::NULL } else { (end as f64).into() };
        Ok(object([("rejections", array(found.iter().map(rejection))), ("next", next)]))
    }

    /// Verifies at most so many frames more; returns how many were verified in all. `report` tells what was found; it is
    /// final when all were verified or one failed.
    #[wasm_bindgen(js_name = verifyNext)]
    pub fn verify_next(&mut self, frames_max: u32) -> f64 {
        let verifier = self
            .verifier
            .get_or_insert_with(|| Box::new(Verifier::new(ReadLimits::UNTRUSTED, names().clone())));
        let begin: u64 = verifier.report().shown();
        let end = begin.saturating_add(u64::from(frames_max));
        for number in begin..end {
            if !self.player.verify_frame(number, verifier).unwrap_or(false) {
                return number as f64;
            }
        }
        end as f64
    }

    /// What `verifyNext` found so far.
    #[wasm_bindgen(getter, unchecked_return_type = "Report")]
    pub fn report(&self) -> JsValue {
        self.verifier.as_ref().map_or(JsValue::NULL, |it| verify::finish(it))
    }
}

impl Replay {
    pub(crate) fn frame_at(&self, at: Position) -> Result<Frame<Process>, JsValue> {
        let bytes = self.player.frame_number(at).and_then(|it| self.player.frame_bytes(it));
        let bytes = bytes.ok_or_else(|| argument("expected a record of the log, found none"))?;
        decode(bytes).map_err(|error| refused(&error))
    }

    pub(crate) fn all_frames_of(&mut self, key: &str) -> Result<Vec<Frame<Process>>, JsValue> {
        self.frames_of(key, Position(Position::END - 1))
    }
}

fn rejection(it: &Refused) -> JsValue {
    object([
        ("position", position(it.position)),
        ("intent", it.intent.into()),
        ("timestamp", time(it.timestamp)),
        ("tenant", text(Some(&it.tenant))),
        ("actor", text(it.actor.as_ref())),
        ("code", it.rejection.code.name.into()),
        ("class", it.rejection.code.class.name().into()),
        ("field", text(it.rejection.field.as_ref())),
        ("reason", text(Some(&it.rejection.reason))),
        ("isImposed", it.rejection.is_imposed.into()),
    ])
}
