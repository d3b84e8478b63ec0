//! What did not happen.

use dacapo_engine::kernel::{AnyCommand, Stepped, View};
use dacapo_engine::process::view::why;
use dacapo_engine::process::{Models, Process, State};
use dacapo_engine::record::Timestamp;
use dacapo_log::replay::{self, ForkCommand};
use dacapo_log::wire::{LoneCommand, encode, frame_json};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::asking::Asks;
use crate::error::refused;
use crate::names::names;
use crate::questions::Asked;
use crate::replay::Replay;
use crate::values::{array, position, time};
use crate::{ask, input, shapes, view};

/// Another future of a log: the real engine, commands written by hand, a chosen clock.
#[wasm_bindgen]
pub struct Fork {
    fork: replay::Fork<Process>,
    now: Timestamp,
}

#[wasm_bindgen]
impl Fork {
    /// The last position that the fork shares with its log.
    #[wasm_bindgen(getter, js_name = leftAt)]
    pub fn left_at(&self) -> f64 {
        self.fork.left_at().0 as f64
    }

    /// The current place.
    #[wasm_bindgen(getter, unchecked_return_type = "Place")]
    pub fn place(&self) -> JsValue {
        shapes::place(self.fork.engine().place())
    }

    /// The time of the next step, in milliseconds since 1970.
    #[wasm_bindgen(getter, unchecked_return_type = "number | null")]
    pub fn now(&self) -> JsValue {
        time(self.now)
    }

    /// Steps a command: an object or JSON text as in `frames`, changed or not. Null if there was nothing to do.
    ///
    /// # Errors
    ///
    /// Throws if it is not a command, and if it is rejected: then the rejection is a step of the fork all the same.
    #[wasm_bindgen(unchecked_return_type = "Step | null")]
    pub fn submit(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Command | string")] command: &JsValue,
    ) -> Result<JsValue, JsValue> {
        self.step(ask::command(command)?)
    }

    /// Deploys files, all or none.
    ///
    /// # Errors
    ///
    /// As [`Fork::submit`].
    #[wasm_bindgen(unchecked_return_type = "Step")]
    pub fn deploy(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "File[]")] files: &Array,
    ) -> Result<JsValue, JsValue> {
        self.step(ask::deploy(files)?)
    }

    /// Steps what the machine asks for itself at the present time; returns how many commands there were.
    ///
    /// # Errors
    ///
    /// Throws if the log has no genesis.
    #[wasm_bindgen(js_name = runDue)]
    pub fn run_due(&mut self) -> Result<u32, JsValue> {
        self.fork.step_internal(self.now, INTERNAL_MAX).map_err(|error| refused(&error))
    }

    /// Lets time pass up to `ms` since 1970; what becomes due is stepped at its own time. Returns how many commands there were.
    ///
    /// # Errors
    ///
    /// Throws if the log has no genesis.
    #[wasm_bindgen(js_name = advanceTo)]
    pub fn advance_to(&mut self, ms: f64) -> Result<u32, JsValue> {
        let to = input::time(ms)?;
        let done = self.fork.advance_to(to, INTERNAL_MAX).map_err(|error| refused(&error))?;
        self.now = self.now.max(to);
        Ok(done)
    }

    /// All tables that have rows.
    #[wasm_bindgen(unchecked_return_type = "Map<string, { key: Plain, row: Plain }[]>")]
    pub fn state(&self) -> JsValue {
        shapes::state(self.fork.engine().state())
    }

    /// The steps of the fork as JSON texts, as in `Replay.frames`.
    ///
    /// # Errors
    ///
    /// Throws if a step cannot be encoded.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn frames(&self) -> Result<JsValue, JsValue> {
        let text = |bytes: Vec<u8>| frame_json(&bytes, names()).map(JsValue::from);
        let frames = self.fork.steps().iter().map(|step| encode(&step.frame).and_then(text));
        let frames: Result<Vec<JsValue>, _> = frames.collect();
        frames.map(array).map_err(|error| refused(&error))
    }

    /// The rows that each step changed, in order.
    #[wasm_bindgen(unchecked_return_type = "{ position: number, changes: Change[] }[]")]
    pub fn changes(&self) -> JsValue {
        let symbols = &self.fork.engine().state().kernel.symbols;
        array(self.fork.steps().iter().map(|step| {
            crate::values::object([
                ("position", position(step.frame.header.position)),
                ("changes", shapes::changes(&step.changes, symbols)),
            ])
        }))
    }

    /// Where a process instance is; nothing if it is not running.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Token[]")]
    pub fn tokens(&self, instance_key: &str) -> Result<JsValue, JsValue> {
        Ok(view::tokens(&self.fork.engine().view(), view::read_key(instance_key)?))
    }

    /// The variables that are visible in a scope: an element instance, or a process instance.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Map<string, Data>")]
    pub fn variables(&self, scope_key: &str) -> Result<JsValue, JsValue> {
        Ok(view::variables(&self.fork.engine().view(), view::read_key(scope_key)?))
    }

    /// What a process instance waits for; null if it is not running. Near misses are not looked for.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Why | null")]
    pub fn why(&mut self, instance_key: &str) -> Result<JsValue, JsValue> {
        let (view, models) = self.at();
        let tree = why(&view, models, view::read_key(instance_key)?);
        Ok(view::why(tree, &|_| Vec::new()))
    }

    /// Steps the command of a step of the log again, here: null if there was nothing to do, for instance because its key
    /// means nothing here and the engine asked for it itself.
    ///
    /// # Errors
    ///
    /// Throws if the log has no such step, and if the command is rejected: then the rejection is a step of the fork.
    #[wasm_bindgen(js_name = stepAgain, unchecked_return_type = "Step | null")]
    pub fn step_again(&mut self, replay: &Replay, position: f64) -> Result<JsValue, JsValue> {
        let frame = replay.frame_at(input::position(position)?)?;
        self.now = self.now.max(frame.header.timestamp);
        match (self.fork.step_again(&frame), self.fork.steps().last()) {
            (Err(error), _) => Err(refused(&error)),
            (Ok(true), Some(step)) => shapes::step(&step.frame),
            (Ok(_), _) => Ok(JsValue::NULL),
        }
    }

    /// The rows in which the fork differs from where a replay stands.
    #[wasm_bindgen(unchecked_return_type = "Change[]")]
    pub fn diff(&self, replay: &Replay) -> JsValue {
        let changes = self.fork.diff(replay.player.engine().state());
        shapes::changes(&changes, &self.fork.engine().state().kernel.symbols)
    }

    /// Gives the memory back. The fork is of no use any more.
    pub fn close(self) {}
}

impl Asks for Fork {
    fn ask(&mut self, command: LoneCommand<Process>) -> Result<Stepped<Process>, JsValue> {
        let before = self.fork.steps().len();
        self.step(command)?;
        let step = self.fork.steps().get(before).map(|it| it.frame.clone());
        self.run_due()?;
        Ok(step.map_or(Stepped::Nothing, Stepped::Frame))
    }
}

impl Asked for Fork {
    fn at(&mut self) -> (View<'_, State>, &mut Models) {
        let (state, models) = self.fork.state_and_cache();
        (View { kernel: &state.kernel, tables: &state.tables }, models)
    }

    fn time(&self) -> Timestamp {
        self.now
    }

    fn due(&self) -> Option<Timestamp> {
        self.fork.engine().next_due()
    }
}

impl Fork {
    pub(crate) fn new(fork: replay::Fork<Process>) -> Self {
        let now = fork.engine().place().timestamp;
        Self { fork, now }
    }

    fn step(&mut self, it: LoneCommand<Process>) -> Result<JsValue, JsValue> {
        let tenant = it.tenant.unwrap_or_else(|| "<default>".into());
        let stepped = self.fork.step(ForkCommand {
            now: self.now,
            tenant,
            key: it.key,
            request_id: it.request_id,
            actor: it.actor,
            command: AnyCommand::Machine(it.command),
        });
        match (stepped, self.fork.steps().last()) {
            (Err(error), _) => Err(refused(&error)),
            (Ok(true), Some(step)) => shapes::step(&step.frame),
            (Ok(_), _) => Ok(JsValue::NULL),
        }
    }
}

/// How many commands of the machine are stepped by one call.
const INTERNAL_MAX: u32 = 100_000;
