//! A whole engine in memory.

use dacapo_engine::kernel::{Stepped, View};
use dacapo_engine::process::near::near_misses;
use dacapo_engine::process::trail::{elements_entered, last_values};
use dacapo_engine::process::view::why;
use dacapo_engine::process::{Event, Models, Process, State};
use dacapo_engine::record::{Key, Timestamp};
use dacapo_log::replay::MemoryLog;
use dacapo_log::wire::LoneCommand;
use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::asking::{Asks, events};
use crate::error::refused;
use crate::options::{memory_options, read_limits};
use crate::questions::Asked;
use crate::replay::Replay;
use crate::values::{array, context, object, text};
use crate::{ask, input, shapes, view};

/// A log of one's own and the engine that writes it. What the machine asks for itself is stepped at once.
#[wasm_bindgen]
pub struct Engine {
    log: MemoryLog<Process>,
}

#[wasm_bindgen]
impl Engine {
    /// Begins a log.
    ///
    /// # Errors
    ///
    /// Throws if an option is not one.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "EngineOptions | null")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        let log = MemoryLog::new(memory_options(&input::context(options)?)?);
        log.map(|log| Self { log }).map_err(|error| refused(&error))
    }

    /// The clock, in milliseconds since 1970.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        self.log.now().0 as f64
    }

    /// The end of the log: the last record, its time, and the digest of the state after it.
    #[wasm_bindgen(getter, unchecked_return_type = "Place")]
    pub fn place(&self) -> JsValue {
        shapes::place(self.log.engine().place())
    }

    /// Lets time pass, in milliseconds. What becomes due on the way is stepped at its own time.
    ///
    /// # Errors
    ///
    /// Throws if the time is below zero, or if the machine asks for too much; the clock stays where it got.
    pub fn advance(&mut self, ms: f64) -> Result<(), JsValue> {
        let to = input::time(self.now() + ms)?;
        self.log.advance_to(to).map_err(|error| refused(&error))
    }

    /// Submits a command: an object or JSON text as in `Replay.frames`. Null if there was nothing to do.
    ///
    /// # Errors
    ///
    /// Throws if it is not a command, and if it is rejected: the rejection is in the log all the same.
    #[wasm_bindgen(unchecked_return_type = "Step | null")]
    pub fn submit(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Command | string")] command: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let stepped = self.ask(ask::command(command)?)?;
        shapes::stepped(&stepped)
    }

    /// Changes limits from here on.
    ///
    /// # Errors
    ///
    /// Throws if a limit is not one.
    #[wasm_bindgen(js_name = changeLimits)]
    pub fn change_limits(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Partial<Limits>")] limits: &JsValue,
    ) -> Result<(), JsValue> {
        let known = self.log.engine().control().map(|it| it.limits.clone()).unwrap_or_default();
        let limits = read_limits(&input::context(limits)?, known)?;
        self.log.change_limits(limits).map_err(|error| refused(&error))
    }

    /// Deploys files of processes and decisions (`.dmn`), all or none; returns the processes that are new, and as
    /// `decisions` of that array the decisions that are.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(unchecked_return_type = "Definition[] & { decisions: DecisionDefinition[] }")]
    pub fn deploy(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "File[]")] files: &Array,
    ) -> Result<JsValue, JsValue> {
        let stepped = self.ask(ask::deploy(files)?)?;
        shapes::stepped(&stepped)?;
        let definition = |(key, event): (Key, &Event)| match event {
            Event::ProcessDeployed(it) => Some(object([
                ("processDefinitionKey", crate::values::key(key)),
                ("processId", JsValue::from_str(&it.process_id)),
                ("version", it.version.into()),
            ])),
            _ => None,
        };
        let decision = |(key, event): (Key, &Event)| match event {
            Event::DecisionDeployed(it) => Some(object([
                ("decisionKey", crate::values::key(key)),
                ("decisionId", JsValue::from_str(&it.decision_id)),
                ("decisionRequirementsKey", crate::values::key(it.decision_requirements_key)),
                ("version", it.version.into()),
                ("versionTag", text(it.version_tag.as_ref())),
            ])),
            _ => None,
        };
        let definitions = array(events(&stepped).filter_map(definition));
        let decisions = array(events(&stepped).filter_map(decision));
        Reflect::set(&definitions, &"decisions".into(), &decisions)?;
        Ok(definitions)
    }

    /// Whether a process instance is running.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(js_name = isRunning)]
    pub fn is_running(&self, instance_key: &str) -> Result<bool, JsValue> {
        let key = view::read_key(instance_key)?;
        Ok(self.log.engine().state().tables.instances.contains(&key))
    }

    /// Where a process instance is; nothing if it is not running.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Token[]")]
    pub fn tokens(&self, instance_key: &str) -> Result<JsValue, JsValue> {
        Ok(view::tokens(&self.log.engine().view(), view::read_key(instance_key)?))
    }

    /// What a process instance waits for; null if it is not running.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Why | null")]
    pub fn why(&mut self, instance_key: &str) -> Result<JsValue, JsValue> {
        let (view, models) = self.at();
        let tree = why(&view, models, view::read_key(instance_key)?);
        Ok(view::why(tree, &|it| near_misses(&view, it)))
    }

    /// The variables that are visible in a scope: an element instance, or a process instance.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Map<string, Data>")]
    pub fn variables(&self, scope_key: &str) -> Result<JsValue, JsValue> {
        Ok(view::variables(&self.log.engine().view(), view::read_key(scope_key)?))
    }

    /// The elements of an instance in the order in which they were entered, ended or not.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn path(&self, instance_key: &str) -> Result<JsValue, JsValue> {
        let frames = self.replay()?.all_frames_of(instance_key)?;
        let path = elements_entered(view::read_key(instance_key)?, &frames);
        Ok(array(path.iter().map(|id| JsValue::from_str(id))))
    }

    /// The last values of the variables of an instance itself, also when it has ended.
    ///
    /// # Errors
    ///
    /// Throws if the key is not one.
    #[wasm_bindgen(unchecked_return_type = "Map<string, Data>")]
    pub fn result(&self, instance_key: &str) -> Result<JsValue, JsValue> {
        let frames = self.replay()?.all_frames_of(instance_key)?;
        Ok(context(&last_values(view::read_key(instance_key)?, &frames)))
    }

    /// Gives the memory back. The engine is of no use any more.
    pub fn close(self) {}

    /// All tables that have rows.
    #[wasm_bindgen(unchecked_return_type = "Map<string, { key: Plain, row: Plain }[]>")]
    pub fn state(&self) -> JsValue {
        shapes::state(self.log.engine().state())
    }

    /// The log as a file.
    pub fn log(&self) -> Vec<u8> {
        self.log.to_file()
    }

    /// The log so far, to be played.
    ///
    /// # Errors
    ///
    /// Never, for the log is whole.
    pub fn replay(&self) -> Result<Replay, JsValue> {
        Replay::new(&self.log.to_file())
    }
}

impl Asks for Engine {
    fn ask(&mut self, command: LoneCommand<Process>) -> Result<Stepped<Process>, JsValue> {
        self.log.submit(command).map_err(|error| refused(&error))
    }
}

impl Asked for Engine {
    fn at(&mut self) -> (View<'_, State>, &mut Models) {
        let (state, models) = self.log.state_and_cache();
        (View { kernel: &state.kernel, tables: &state.tables }, models)
    }

    fn time(&self) -> Timestamp {
        self.log.now()
    }

    fn due(&self) -> Option<Timestamp> {
        self.log.engine().next_due()
    }
}
