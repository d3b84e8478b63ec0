//! A whole engine in memory.

use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{AnyEvent, Content, Outcome, Stepped, View};
use dacapo_engine::process::view::job;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::Key;
use dacapo_log::replay::MemoryLog;
use dacapo_log::wire::LoneCommand;
use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{argument, refused};
use crate::options::{memory_options, read_limits};
use crate::replay::Replay;
use crate::values::{array, object};
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

    /// Deploys files, all or none; returns the definitions that are new.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(unchecked_return_type = "Definition[]")]
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
        Ok(array(events(&stepped).filter_map(definition)))
    }

    /// Creates an instance of a process; returns its key.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = createInstance)]
    pub fn create_instance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "CreateInstance")] options: &JsValue,
    ) -> Result<String, JsValue> {
        let stepped = self.options("instance.create", options, &[variables()])?;
        let created = |(key, event): (Key, &Event)| {
            matches!(event, Event::InstanceCreated(_)).then(|| key.to_string())
        };
        let key = events(&stepped).find_map(created);
        key.ok_or_else(|| argument("expected a new request id, found one that created an instance"))
    }

    /// Cancels a process instance.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = cancelInstance)]
    pub fn cancel_instance(&mut self, process_instance_key: &str) -> Result<(), JsValue> {
        let options = one("processInstanceKey", process_instance_key);
        self.options("instance.cancel", &options, &[]).map(drop)
    }

    /// Sets variables of a scope.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = setVariables)]
    pub fn set_variables(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "SetVariables")] options: &JsValue,
    ) -> Result<(), JsValue> {
        self.options("variable.set", options, &[]).map(drop)
    }

    /// Takes jobs of a type, oldest first, as a worker would.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = activateJobs, unchecked_return_type = "Job[]")]
    pub fn activate_jobs(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ActivateJobs")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let defaults = [
            ("worker", "worker".into()),
            ("timeout_ms", TIMEOUT_MS.into()),
            ("jobs_max", JOBS_MAX.into()),
        ];
        let stepped = self.options("job.activate", options, &defaults)?;
        let fetch = ask::names_of(&Reflect::get(options, &"fetchVariables".into())?)?;
        let (state, models) = self.log.state_and_cache();
        let view = View { kernel: &state.kernel, tables: &state.tables };
        let activated = |(key, event): (Key, &Event)| {
            matches!(event, Event::JobActivated(_))
                .then(|| job(&view, models, key, fetch.as_deref()))
                .flatten()
        };
        let jobs: Vec<_> = events(&stepped).filter_map(activated).collect();
        Ok(array(jobs.iter().map(view::job)))
    }

    /// Completes a job.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = completeJob)]
    pub fn complete_job(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "CompleteJob")] options: &JsValue,
    ) -> Result<(), JsValue> {
        self.options("job.complete", options, &[variables()]).map(drop)
    }

    /// Gives a job back.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = failJob)]
    pub fn fail_job(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "FailJob")] options: &JsValue,
    ) -> Result<(), JsValue> {
        self.options("job.fail", options, &[variables()]).map(drop)
    }

    /// Throws a BPMN error from a job.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = throwError)]
    pub fn throw_error(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ThrowError")] options: &JsValue,
    ) -> Result<(), JsValue> {
        self.options("job.throw_error", options, &[variables()]).map(drop)
    }

    /// Changes the retries or the time of a job.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = updateJob)]
    pub fn update_job(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "UpdateJob")] options: &JsValue,
    ) -> Result<(), JsValue> {
        self.options("job.update", options, &[]).map(drop)
    }

    /// Publishes a message.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = publishMessage)]
    pub fn publish_message(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "PublishMessage")] options: &JsValue,
    ) -> Result<(), JsValue> {
        let defaults =
            [variables(), ("correlation_key", "".into()), ("time_to_live_ms", 0_u32.into())];
        self.options("message.publish", options, &defaults).map(drop)
    }

    /// Gives a message to who waits for it now.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = correlateMessage)]
    pub fn correlate_message(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "CorrelateMessage")] options: &JsValue,
    ) -> Result<(), JsValue> {
        let defaults = [variables(), ("correlation_key", "".into())];
        self.options("message.correlate", options, &defaults).map(drop)
    }

    /// Tries again what an incident blocks.
    ///
    /// # Errors
    ///
    /// As [`Engine::submit`].
    #[wasm_bindgen(js_name = resolveIncident)]
    pub fn resolve_incident(&mut self, incident_key: &str) -> Result<(), JsValue> {
        self.options("incident.resolve", &one("incidentKey", incident_key), &[]).map(drop)
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
        let (state, models) = self.log.state_and_cache();
        let view = View { kernel: &state.kernel, tables: &state.tables };
        Ok(view::why(&view, models, view::read_key(instance_key)?))
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

impl Engine {
    fn ask(&mut self, command: LoneCommand<Process>) -> Result<Stepped<Process>, JsValue> {
        self.log.submit(command).map_err(|error| refused(&error))
    }

    fn options(
        &mut self,
        intent: &str,
        options: &JsValue,
        defaults: &[(&str, Value)],
    ) -> Result<Stepped<Process>, JsValue> {
        let stepped = self.ask(ask::of_options(intent, options, defaults)?)?;
        shapes::stepped(&stepped)?;
        Ok(stepped)
    }
}

/// Returns the events of a step with their keys.
fn events(stepped: &Stepped<Process>) -> impl Iterator<Item = (Key, &Event)> {
    let events = match stepped {
        Stepped::Frame(frame) => match &frame.content {
            Content::Step(_, Outcome::Events(events)) => events.as_slice(),
            Content::Step(..) | Content::Control(_) => &[],
        },
        Stepped::Nothing | Stepped::Duplicate(_) => &[],
    };
    events.iter().filter_map(|it| match &it.event {
        AnyEvent::Machine(event) => Some((it.key, event)),
        AnyEvent::Kernel(_) => None,
    })
}

fn variables() -> (&'static str, Value) {
    ("variables", Context::new().into())
}

fn one(name: &str, key: &str) -> JsValue {
    object([(name, key.into())])
}

const TIMEOUT_MS: u32 = 300_000;
const JOBS_MAX: u32 = 10;
