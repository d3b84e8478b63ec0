//! What a log tells about its instances and records, for lists, searches and overlays.

use dacapo_engine::kernel::{AnyCommand, Content, Frame, Outcome};
use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{Redaction, Tally, address, slice_of, writes};
use dacapo_engine::record::Position;
use dacapo_log::replay::retell;
use dacapo_log::wire::{FrameView, decode_view};
use js_sys::Map;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{argument, refused};
use crate::replay::Replay;
use crate::told::{counts, passage, records, write};
use crate::values::{array, key, object, position, text};
use crate::view::read_key;

#[wasm_bindgen]
impl Replay {
    /// Takes a log file that begins where this log ends: what was appended since. Stays where it is; returns how many frames
    /// there were.
    ///
    /// # Errors
    ///
    /// Throws, and takes nothing, if the file is damaged, does not continue this log, or is a slice about something else.
    pub fn extend(&mut self, bytes: &[u8]) -> Result<f64, JsValue> {
        self.player.extend(bytes).map(|it| it as f64).map_err(|error| refused(&error))
    }

    /// The process instances of the whole log, in the order in which they were created.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed.
    #[wasm_bindgen(unchecked_return_type = "InstanceInfo[]")]
    pub fn instances(&mut self) -> Result<JsValue, JsValue> {
        self.fold()?;
        // Of others a slice shows only a part.
        let subject = self.player.subject();
        let shown = self.trail.passages().filter(|(key, _)| subject.is_none_or(|it| it == *key));
        Ok(array(shown.map(|(key, it)| passage(key, it))))
    }

    /// One process instance of the log; null if there is none with this key.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, or the key is not one.
    #[wasm_bindgen(unchecked_return_type = "InstanceInfo | null")]
    pub fn instance(&mut self, key: &str) -> Result<JsValue, JsValue> {
        self.fold()?;
        let key = read_key(key)?;
        Ok(self.trail.passage(key).map_or(JsValue::NULL, |it| passage(key, it)))
    }

    /// What records say, in the order asked for. With `isBrief` it does not wait until all frames are indexed: what is not known so
    /// far is left out.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, or there is no such record.
    #[wasm_bindgen(unchecked_return_type = "RecordInfo[]")]
    pub fn describe(
        &mut self,
        positions: &[f64],
        #[wasm_bindgen(js_name = isBrief)] is_brief: Option<bool>,
    ) -> Result<JsValue, JsValue> {
        if is_brief != Some(true) {
            self.fold()?;
        }
        let mut described: Option<(u64, Vec<JsValue>)> = None;
        let mut found = Vec::new();
        for at in positions {
            let at = crate::input::position(*at)?;
            let number = self.number(at)?;
            if described.as_ref().is_none_or(|(it, _)| *it != number) {
                let frame = self.frame(number)?;
                described = Some((number, records(&self.trail, &frame)));
            }
            let first = self.first_of(number);
            let offset = at.0.saturating_sub(first.0) as usize;
            found.extend(described.as_ref().and_then(|(_, it)| it.get(offset).cloned()));
        }
        Ok(array(found))
    }

    /// The record that a record comes from: of an event its command, of a command the record that created what it is
    /// addressed to; null at the root.
    ///
    /// # Errors
    ///
    /// Throws if there is no such record.
    #[wasm_bindgen(unchecked_return_type = "number | null")]
    pub fn parent(&mut self, at: f64) -> Result<JsValue, JsValue> {
        self.fold()?;
        let at = crate::input::position(at)?;
        let frame = self.frame(self.number(at)?)?;
        let first = frame.header.position;
        let parent = if at == first { self.trail.cause(&frame) } else { Some(first) };
        Ok(parent.map_or(JsValue::NULL, position))
    }

    /// The records that come from a record: of a command its outcome, of an event the commands that are addressed to what
    /// it created.
    ///
    /// # Errors
    ///
    /// Throws if there is no such record, or a frame is malformed.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub fn children(&mut self, at: f64) -> Result<JsValue, JsValue> {
        self.fold()?;
        let at = crate::input::position(at)?;
        let number = self.number(at)?;
        let frame = self.frame(number)?;
        if frame.header.position == at {
            return Ok(array((at.0 + 1..=frame.last().0).map(|it| position(Position(it)))));
        }
        let offset = (at.0 - frame.header.position.0) as usize;
        let Content::Step(_, Outcome::Events(events)) = &frame.content else {
            return Ok(array([]));
        };
        let Some(event) = events.get(offset - 1) else { return Ok(array([])) };
        let instance = self.trail.instance(event.key);
        let mut found = Vec::new();
        for step in self.steps(instance.map(|it| it.to_string()))? {
            let later = step > number && self.player.frame_bytes(step).is_some();
            if later {
                let frame = self.frame(step)?;
                if address(&frame) == Some(event.key) && self.trail.cause(&frame) == Some(at) {
                    found.push(position(frame.header.position));
                }
            }
        }
        Ok(array(found))
    }

    /// What happened at each element and flow of an instance, up to a position.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, or the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Map<string, Visits>")]
    pub fn visits(&mut self, instance_key: &str, until: f64) -> Result<JsValue, JsValue> {
        let until = crate::input::position(until)?;
        let instance = read_key(instance_key)?;
        self.fold()?;
        let tally = self.tally.take().filter(|it| it.instance() == instance);
        let mut tally = tally.unwrap_or_else(|| Tally::new(instance));
        let steps = self.trail.passage(instance).map_or(&[][..], |it| &it.steps);
        let visits = tally.until(steps, until, |at| self.frame(self.number(at)?));
        self.tally = Some(tally);
        let map = Map::new();
        for (id, it) in visits? {
            map.set(&JsValue::from_str(&id), &counts(&it));
        }
        Ok(map.into())
    }

    /// The values that the variables of an instance got in the whole log.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, or the key is not one.
    #[wasm_bindgen(unchecked_return_type = "VariableWrite[]")]
    pub fn writes(&mut self, instance_key: &str) -> Result<JsValue, JsValue> {
        let frames = self.frames_of(instance_key, Position(Position::END - 1))?;
        let found = writes(read_key(instance_key)?, &frames);
        Ok(array(found.iter().map(|it| write(&self.trail, it))))
    }

    /// The whole log with other values in place of the user's, as a log file: decided again from the beginning, and on the same
    /// path. What is named in `keep` (`order`, `order.total`, `correlation_key`) stays as it is. Who does not know the salt of 32
    /// bytes cannot tell which value became which.
    ///
    /// # Errors
    ///
    /// Throws `path_differs` with a position where the other values lead elsewhere.
    pub fn redacted(&self, salt: &[u8], keep: Vec<String>) -> Result<Vec<u8>, JsValue> {
        let salt = salt.try_into().map_err(|_| argument("expected a salt of 32 bytes"))?;
        let redaction = Redaction::new(salt, keep);
        let told = retell(&self.player, |command| {
            if let AnyCommand::Machine(command) = command {
                redaction.redact(command);
            }
        });
        told.map_err(|error| refused(&error))
    }

    /// What a slice is about, and how many frames it does not show; null for a whole log.
    #[wasm_bindgen(
        getter,
        unchecked_return_type = "{ instanceKey: string | null, framesHidden: number } | null"
    )]
    pub fn slice(&self) -> JsValue {
        if !self.player.is_slice() {
            return JsValue::NULL;
        }
        let hidden = self.player.frames_hidden() as f64;
        object([("instanceKey", key(self.player.subject())), ("framesHidden", hidden.into())])
    }

    /// The last record at or before a position that this log shows; 0 if there is none.
    ///
    /// # Errors
    ///
    /// Throws if it is not a position.
    pub fn nearest(&self, at: f64) -> Result<f64, JsValue> {
        Ok(self.player.nearest(crate::input::position(at)?).0 as f64)
    }

    /// The slice of this log that is about an instance, as a log file: the frames that touched it and those that they build on,
    /// and hashes in place of all others.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one, a frame is malformed, or this is a slice itself.
    #[wasm_bindgen(js_name = sliceOf)]
    pub fn slice_of(&mut self, instance_key: &str) -> Result<Vec<u8>, JsValue> {
        self.fold()?;
        let instance = read_key(instance_key)?;
        let frame_of = |at| self.frame(self.player.frame_number(at)?).ok();
        let shown = slice_of(&self.trail, instance, frame_of);
        let file = self.player.slice(instance, |at| shown.contains(&at));
        file.map_err(|error| refused(&error))
    }

    /// The BPMN XML of a definition, as it stands in the state here; null if it is not deployed yet.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "string | null")]
    pub fn model(&self, definition_key: &str) -> Result<JsValue, JsValue> {
        let tables = &self.player.engine().state().tables;
        let row = tables.definitions.get(&read_key(definition_key)?);
        let content = row.and_then(|it| tables.resources.get(&it.resource));
        let xml = content.and_then(|it| core::str::from_utf8(&it.content.0).ok());
        Ok(text(xml))
    }
}

impl Replay {
    /// Folds the frames that were not folded so far.
    pub(crate) fn fold(&mut self) -> Result<(), JsValue> {
        while self.trail.frames() < self.player.frame_count() {
            let frame = self.frame(self.trail.frames())?;
            self.trail.take(&frame);
        }
        Ok(())
    }

    pub(crate) fn frame(&self, number: u64) -> Result<Frame<Process>, JsValue> {
        decode_view(&self.frame_view(number)?).map_err(|error| refused(&error))
    }

    pub(crate) fn number(&self, at: Position) -> Result<u64, JsValue> {
        let missing = || argument(&format!("expected a record of the log, found none at {}", at.0));
        self.player.frame_number(at).ok_or_else(missing)
    }

    pub(crate) fn first_of(&self, number: u64) -> Position {
        self.player.frame_position(number).unwrap_or(Position(0))
    }

    /// Returns the numbers of the frames that touched an instance, or of all.
    pub(crate) fn steps(&mut self, instance_key: Option<String>) -> Result<Vec<u64>, JsValue> {
        self.fold()?;
        let Some(key) = instance_key else { return Ok((0..self.player.frame_count()).collect()) };
        let passage = self.trail.passage(read_key(&key)?);
        let steps = passage.map_or(&[][..], |it| it.steps.as_slice());
        Ok(steps.iter().filter_map(|at| self.player.frame_number(*at)).collect())
    }

    pub(crate) fn frames_of(
        &mut self,
        key: &str,
        until: Position,
    ) -> Result<Vec<Frame<Process>>, JsValue> {
        let steps = self.steps(Some(key.to_owned()))?;
        let steps = steps.into_iter().filter(|it| self.first_of(*it) <= until);
        steps.map(|number| self.frame(number)).collect()
    }

    pub(crate) fn frame_view(&self, number: u64) -> Result<FrameView<'_>, JsValue> {
        let bytes = self.player.frame_bytes(number);
        let bytes = bytes.ok_or_else(|| argument("expected a frame of the log, found none"))?;
        FrameView::parse_checked(bytes).map_err(|error| refused(&error))
    }
}
