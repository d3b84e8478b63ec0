//! What can be asked of an engine and of a fork alike: commands with options.

use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{AnyEvent, Content, Outcome, Stepped};
use dacapo_engine::process::view::job;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::Key;
use dacapo_log::wire::LoneCommand;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::Engine;
use crate::error::argument;
use crate::fork::Fork;
use crate::questions::Asked as _;
use crate::values::{array, object};
use crate::{ask, decided, shapes, view};

/// What takes commands.
pub(crate) trait Asks {
    /// Steps a command, and what follows from it at once.
    fn ask(&mut self, command: LoneCommand<Process>) -> Result<Stepped<Process>, JsValue>;

    /// Steps the command that a method makes of its options; a rejection is an error.
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

macro_rules! commands {
    ($name:ident) => {
        #[wasm_bindgen]
        impl $name {
            /// Creates an instance of a process; returns its key.
            ///
            /// # Errors
            ///
            /// Throws if it is rejected, with the code and the reason; the rejection is in the log all the same.
            #[wasm_bindgen(js_name = createInstance)]
            pub fn create_instance(
                &mut self,
                #[wasm_bindgen(unchecked_param_type = "CreateInstance")] options: &JsValue,
            ) -> Result<String, JsValue> {
                created(&self.options("instance.create", options, &[variables()])?)
            }

            /// Cancels a process instance.
            ///
            /// # Errors
            ///
            /// Throws if it is rejected.
            #[wasm_bindgen(js_name = cancelInstance)]
            pub fn cancel_instance(&mut self, process_instance_key: &str) -> Result<(), JsValue> {
                let options = one("processInstanceKey", process_instance_key);
                self.options("instance.cancel", &options, &[]).map(drop)
            }

            /// Sets variables of a scope.
            ///
            /// # Errors
            ///
            /// Throws if it is rejected.
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
            /// Throws if it is rejected.
            #[wasm_bindgen(js_name = activateJobs, unchecked_return_type = "Job[]")]
            pub fn activate_jobs(
                &mut self,
                #[wasm_bindgen(unchecked_param_type = "ActivateJobs")] options: &JsValue,
            ) -> Result<JsValue, JsValue> {
                let stepped = self.options("job.activate", options, &job_defaults())?;
                let fetch = ask::names_of(&Reflect::get(options, &"fetchVariables".into())?)?;
                let (view, models) = self.at();
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
            /// Throws if it is rejected.
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
            /// Throws if it is rejected.
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
            /// Throws if it is rejected.
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
            /// Throws if it is rejected.
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
            /// Throws if it is rejected.
            #[wasm_bindgen(js_name = publishMessage)]
            pub fn publish_message(
                &mut self,
                #[wasm_bindgen(unchecked_param_type = "PublishMessage")] options: &JsValue,
            ) -> Result<(), JsValue> {
                self.options("message.publish", options, &message_defaults()).map(drop)
            }

            /// Gives a message to who waits for it now.
            ///
            /// # Errors
            ///
            /// Throws if it is rejected.
            #[wasm_bindgen(js_name = correlateMessage)]
            pub fn correlate_message(
                &mut self,
                #[wasm_bindgen(unchecked_param_type = "CorrelateMessage")] options: &JsValue,
            ) -> Result<(), JsValue> {
                let defaults = [variables(), ("correlation_key", "".into())];
                self.options("message.correlate", options, &defaults).map(drop)
            }

            /// Evaluates a decision, by the id of its newest version or by the key of one. That there is no result is no error.
            ///
            /// # Errors
            ///
            /// Throws if it is rejected: there is no such decision.
            #[wasm_bindgen(js_name = evaluateDecision, unchecked_return_type = "DecisionEvaluation")]
            pub fn evaluate_decision(
                &mut self,
                #[wasm_bindgen(unchecked_param_type = "EvaluateDecision")] options: &JsValue,
            ) -> Result<JsValue, JsValue> {
                let stepped = self.options("decision.evaluate", options, &[variables()])?;
                Ok(decided::evaluation(&stepped))
            }

            /// Tries again what an incident blocks.
            ///
            /// # Errors
            ///
            /// Throws if it is rejected.
            #[wasm_bindgen(js_name = resolveIncident)]
            pub fn resolve_incident(&mut self, incident_key: &str) -> Result<(), JsValue> {
                self.options("incident.resolve", &one("incidentKey", incident_key), &[]).map(drop)
            }
        }
    };
}

commands!(Engine);
commands!(Fork);

/// Returns the events of a step with their keys.
pub(crate) fn events(stepped: &Stepped<Process>) -> impl Iterator<Item = (Key, &Event)> {
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

fn created(stepped: &Stepped<Process>) -> Result<String, JsValue> {
    let created = |(key, event): (Key, &Event)| {
        matches!(event, Event::InstanceCreated(_)).then(|| key.to_string())
    };
    let key = events(stepped).find_map(created);
    key.ok_or_else(|| argument("expected a new request id, found one that created an instance"))
}

fn variables() -> (&'static str, Value) {
    ("variables", Context::new().into())
}

fn job_defaults() -> [(&'static str, Value); 3] {
    [("worker", "worker".into()), ("timeout_ms", TIMEOUT_MS.into()), ("jobs_max", JOBS_MAX.into())]
}

fn message_defaults() -> [(&'static str, Value); 3] {
    [variables(), ("correlation_key", "".into()), ("time_to_live_ms", 0_u32.into())]
}

fn one(name: &str, key: &str) -> JsValue {
    object([(name, key.into())])
}

const TIMEOUT_MS: u32 = 300_000;
const JOBS_MAX: u32 = 10;
