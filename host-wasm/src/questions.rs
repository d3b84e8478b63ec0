//! Questions that a replay, a fork and an engine answer alike, about the state where they stand.

use dacapo_engine::kernel::View;
use dacapo_engine::process::{Models, State};
use dacapo_engine::record::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::Engine;
use crate::fork::Fork;
use crate::lab;
use crate::replay::Replay;
use crate::values::time;

/// What questions are asked of: the tables, the compiled models, the time, and when there is something to do next.
pub(crate) trait Asked {
    fn at(&mut self) -> (View<'_, State>, &mut Models);
    fn time(&self) -> Timestamp;
    fn due(&self) -> Option<Timestamp>;
}

macro_rules! questions {
    ($name:ident) => {
        #[wasm_bindgen]
        impl $name {
            /// When the engine has something to do by itself next, in milliseconds since 1970; null if it waits for others only.
            #[wasm_bindgen(getter, js_name = nextDue, unchecked_return_type = "number | null")]
            pub fn next_due(&self) -> JsValue {
                time(self.due())
            }

            /// The value of a FEEL expression with the variables that are visible in a scope, or with none.
            ///
            /// # Errors
            ///
            /// Throws `expression_malformed` or `evaluation_failed`, and if the key is not one.
            #[wasm_bindgen(unchecked_return_type = "Evaluation")]
            pub fn evaluate(
                &mut self,
                expression: &str,
                scope_key: Option<String>,
            ) -> Result<JsValue, JsValue> {
                let now = self.time();
                lab::evaluate(&self.at().0, expression, scope_key, now)
            }

            /// Who would get a message that is published now: of each process the instance that has waited longest, and the
            /// start events. Nobody gets anything.
            #[wasm_bindgen(unchecked_return_type = "MessageWait[]")]
            pub fn receivers(
                &mut self,
                message_name: &str,
                correlation_key: &str,
                tenant: Option<String>,
            ) -> JsValue {
                lab::takers(&self.at().0, message_name, correlation_key, tenant)
            }

            /// All that waits for messages.
            #[wasm_bindgen(js_name = messageWaits, unchecked_return_type = "MessageWait[]")]
            pub fn message_waits(&mut self) -> JsValue {
                lab::waits(&self.at().0)
            }
        }
    };
}

questions!(Replay);
questions!(Fork);
questions!(Engine);
