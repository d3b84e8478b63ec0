//! A log that is played.

use std::sync::Arc;

use dacapo_engine::kernel::{DigestMode, View};
use dacapo_engine::process::near::near_misses;
use dacapo_engine::process::outline::Outline;
use dacapo_engine::process::trail::{Tally, Trail};
use dacapo_engine::process::view::{Why, why};
use dacapo_engine::process::{Models, Process, State};
use dacapo_engine::record::{Position, Timestamp};
use dacapo_log::replay::{Player, Target, Verifier};
use dacapo_log::wire::{Printer, ReadLimits, decode, frame_json};
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::refused;
use crate::fork::Fork;
use crate::names::names;
use crate::questions::Asked;
use crate::values::{array, object};
use crate::{input, shapes, verify, view};

/// A log, and an engine that stands somewhere in it.
#[wasm_bindgen]
pub struct Replay {
    pub(crate) player: Player<Process>,
    /// What the frames tell about their entities; folded when it is asked for.
    pub(crate) trail: Trail,
    /// What was counted of the instance that was asked for last.
    pub(crate) tally: Option<Tally>,
    printer: Printer<'static, Process>,
    /// What was verified in parts so far.
    pub(crate) verifier: Option<Box<Verifier<Process>>>,
    /// How many frames the printer has seen: nicknames are given in the order of the log.
    printed: u64,
}

#[wasm_bindgen]
impl Replay {
    /// Opens a log file, whole or a slice, follows its chain to the end, and stands before its first record.
    ///
    /// # Errors
    ///
    /// Throws if the file is damaged or begins after genesis.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Self, JsValue> {
        let player = Player::open(bytes, ReadLimits::UNTRUSTED, DigestMode::Every);
        player.map(Self::of).map_err(|error| refused(&error))
    }

    /// Gives the memory back. The replay is of no use any more.
    pub fn close(self) {}

    /// The last position of the log.
    #[wasm_bindgen(getter, js_name = lastPosition)]
    pub fn last_position(&self) -> f64 {
        self.player.last_position().0 as f64
    }

    /// How many frames the log has.
    #[wasm_bindgen(getter, js_name = frameCount)]
    pub fn frame_count(&self) -> f64 {
        self.player.frame_count() as f64
    }

    /// How many frames were played.
    #[wasm_bindgen(getter, js_name = framesPlayed)]
    pub fn frames_played(&self) -> f64 {
        self.player.frames_played() as f64
    }

    /// The current place: the last record that was played, its time, and the digest of the state after it.
    #[wasm_bindgen(getter, unchecked_return_type = "Place")]
    pub fn place(&mut self) -> JsValue {
        let is_slice = self.player.is_slice();
        shapes::place(if is_slice { self.player.engine().place() } else { self.player.place() })
    }

    /// Plays the next frame; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Throws if the frame does not fit; the replay stays before it.
    pub fn step(&mut self) -> Result<bool, JsValue> {
        self.player.step_forward().map_err(|error| refused(&error))
    }

    /// Takes the last frame back; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Throws if the log cannot be played up to there.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> Result<bool, JsValue> {
        self.player.step_back().map_err(|error| refused(&error))
    }

    /// Goes to the end of the step that holds a position; 0 is before the first record.
    ///
    /// # Errors
    ///
    /// Throws if the log has no such place, or cannot be played up to there.
    #[wasm_bindgen(unchecked_return_type = "Place")]
    pub fn seek(&mut self, position: f64) -> Result<JsValue, JsValue> {
        self.go(&target(position)?)
    }

    /// Goes to the end of the last step that is not later than a time, in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// As [`Replay::seek`].
    #[wasm_bindgen(js_name = seekTime, unchecked_return_type = "Place")]
    pub fn seek_time(&mut self, ms: f64) -> Result<JsValue, JsValue> {
        self.go(&Target::Time(input::time(ms)?))
    }

    /// Goes to the end of the step of the first command with a request id.
    ///
    /// # Errors
    ///
    /// As [`Replay::seek`].
    #[wasm_bindgen(js_name = seekRequest, unchecked_return_type = "Place")]
    pub fn seek_request(
        &mut self,
        request_id: &str,
        tenant: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let tenant = tenant.map_or_else(|| "<default>".into(), Arc::from);
        self.go(&Target::RequestId { tenant, request_id: request_id.into() })
    }

    /// Goes to the end of the log.
    ///
    /// # Errors
    ///
    /// As [`Replay::seek`].
    #[wasm_bindgen(js_name = seekEnd, unchecked_return_type = "Place")]
    pub fn seek_end(&mut self) -> Result<JsValue, JsValue> {
        self.go(&Target::End)
    }

    /// All tables that have rows, as they stand here.
    #[wasm_bindgen(unchecked_return_type = "Map<string, { key: Plain, row: Plain }[]>")]
    pub fn state(&self) -> JsValue {
        shapes::state(self.player.engine().state())
    }

    /// A row of the state, which is one tree here, and what stands directly under it, at most so many rows; of a table the rows alone,
    /// and under `""` all tables.
    #[wasm_bindgen(
        js_name = stateBranch,
        unchecked_return_type = "{ node: StateNode | null, nodes: StateNode[], total: number }"
    )]
    pub fn state_branch(&self, id: &str, most: u32) -> JsValue {
        let state = self.player.engine().state();
        let branch = Outline::new(state).branch(id, most.into());
        shapes::branch(&branch, &state.kernel.symbols)
    }

    /// The rows that the last step changed.
    #[wasm_bindgen(unchecked_return_type = "Change[]")]
    pub fn changes(&self) -> JsValue {
        let changes = self.player.view().map_or(&[][..], |view| &view.changes);
        shapes::changes(changes, &self.player.engine().state().kernel.symbols)
    }

    /// The rows in which two positions differ. Stays where it is.
    ///
    /// # Errors
    ///
    /// As [`Replay::seek`].
    #[wasm_bindgen(unchecked_return_type = "Change[]")]
    pub fn diff(&mut self, from: f64, to: f64) -> Result<JsValue, JsValue> {
        let (from, to) = (target(from)?, target(to)?);
        let changes = self.player.diff(&from, &to).map_err(|error| refused(&error))?;
        Ok(shapes::changes(&changes, &self.player.engine().state().kernel.symbols))
    }

    /// The records of a range of positions as lines for people; a key has the same short name in all of them.
    ///
    /// # Errors
    ///
    /// Throws if a frame on the way is malformed.
    #[wasm_bindgen(unchecked_return_type = "{ position: number, text: string }[]")]
    pub fn lines(&mut self, from: f64, to: f64) -> Result<JsValue, JsValue> {
        let (first, last) = self.frames_between(from, to)?;
        let mut lines = Vec::new();
        for number in self.printed.min(first)..last {
            let Some(bytes) = self.player.frame_bytes(number) else { break };
            if number < first && number < self.printed {
                continue;
            }
            let frame = decode(bytes).map_err(|error| refused(&error))?;
            let text = self.printer.print(&frame).map_err(|error| refused(&error))?;
            self.printed = self.printed.max(number + 1);
            let records = (frame.header.position.0..).zip(text.lines());
            let shown =
                records.filter(|(at, _)| number >= first && (from..=to).contains(&(*at as f64)));
            lines.extend(shown.map(|(at, text)| {
                object([("position", (at as f64).into()), ("text", text.into())])
            }));
        }
        Ok(array(lines))
    }

    /// The frames that hold a range of positions, as JSON texts with long names: numbers are exact, keys are strings.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn frames(&self, from: f64, to: f64) -> Result<JsValue, JsValue> {
        let (first, last) = self.frames_between(from, to)?;
        let frames = (first..last).filter_map(|number| self.player.frame_bytes(number));
        let texts = frames.map(|bytes| frame_json(bytes, names()).map(JsValue::from));
        let texts: Result<Vec<JsValue>, _> = texts.collect();
        texts.map(array).map_err(|error| refused(&error))
    }

    /// Where a process instance is; nothing if it is not running.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Token[]")]
    pub fn tokens(&self, instance_key: &str) -> Result<JsValue, JsValue> {
        Ok(view::tokens(&self.player.engine().view(), view::read_key(instance_key)?))
    }

    /// What a process instance waits for; null if it is not running. Near misses that only the log tells are among them once all of
    /// it was gone through, as `instances` does. A slice tells none.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Why | null")]
    pub fn why(&mut self, instance_key: &str) -> Result<JsValue, JsValue> {
        let (view, models) = self.at();
        let tree = why(&view, models, view::read_key(instance_key)?);
        // Of what others do a slice does not tell enough.
        let is_whole = !self.player.is_slice();
        let place = self.player.place();
        let view = self.player.engine().view();
        let near = |it: &Why| {
            if !is_whole {
                return Vec::new();
            }
            let mut found = near_misses(&view, it);
            let frame_of = |at: Position| self.frame_at(at).ok();
            self.trail.near_misses(it, place.position, &frame_of, &mut found);
            found
        };
        Ok(view::why(tree, &near))
    }

    /// The variables that are visible in a scope: an element instance, or a process instance.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Map<string, Data>")]
    pub fn variables(&self, scope_key: &str) -> Result<JsValue, JsValue> {
        Ok(view::variables(&self.player.engine().view(), view::read_key(scope_key)?))
    }

    /// Another future, from here on. Nothing of it can get into a log.
    pub fn fork(&self) -> Fork {
        Fork::new(self.player.fork())
    }

    /// Decides every step again and compares it with what is written, byte by byte. `progress` is called now and then with
    /// the number of frames that were verified; it must not use this replay.
    ///
    /// # Errors
    ///
    /// Throws what `progress` throws.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn verify(
        &self,
        #[wasm_bindgen(unchecked_param_type = "((frames: number) => void) | null")]
        progress: Option<Function>,
    ) -> Result<JsValue, JsValue> {
        verify::verify_player(&self.player, progress.as_ref())
    }
}

impl Asked for Replay {
    fn at(&mut self) -> (View<'_, State>, &mut Models) {
        let (state, models) = self.player.state_and_cache();
        (View { kernel: &state.kernel, tables: &state.tables }, models)
    }

    fn time(&self) -> Timestamp {
        self.player.engine().place().timestamp
    }

    fn due(&self) -> Option<Timestamp> {
        self.player.engine().next_due()
    }
}

impl Replay {
    pub(crate) fn of(player: Player<Process>) -> Self {
        let (trail, printer) = (Trail::default(), Printer::new(names()));
        Self { player, trail, tally: None, printer, printed: 0, verifier: None }
    }

    fn go(&mut self, target: &Target) -> Result<JsValue, JsValue> {
        self.player.seek(target).map_err(|error| refused(&error))?;
        Ok(self.place())
    }

    /// Returns the numbers of the frames that hold a range of positions: the first, and the one after the last.
    fn frames_between(&self, from: f64, to: f64) -> Result<(u64, u64), JsValue> {
        let (from, to) = (input::position(from)?, input::position(to)?);
        let count = self.player.frame_count();
        let number = |at| self.player.frame_number(at);
        let first = number(from.max(Position::FIRST)).unwrap_or(count);
        let last = if to.0 == 0 { 0 } else { number(to).map_or(count, |it| it + 1) };
        Ok((first, last))
    }
}

pub(crate) fn target(number: f64) -> Result<Target, JsValue> {
    let at = input::position(number)?;
    Ok(if at.0 == 0 { Target::Start } else { Target::Position(at) })
}
