//! What people try out on a state: expressions, and messages that nobody has sent.

use dacapo_engine::kernel::View;
use dacapo_engine::process::State;
use dacapo_engine::process::lab::{self, LabError, Taker};
use dacapo_engine::record::Timestamp;
use wasm_bindgen::JsValue;

use crate::error::problem;
use crate::outcome::warning;
use crate::values::{array, key, object, text, value};
use crate::view::read_key;

/// Evaluates an expression.
pub(crate) fn evaluate(
    view: &View<'_, State>,
    expression: &str,
    scope_key: Option<String>,
    now: Timestamp,
) -> Result<JsValue, JsValue> {
    let scope = scope_key.map(|it| read_key(&it)).transpose()?;
    let done = lab::try_expression(view, scope, expression, now).map_err(|error| {
        let code = match error {
            LabError::Parse(_) => "expression_malformed",
            _ => "evaluation_failed",
        };
        problem(code, &error.to_string())
    })?;
    let source = lab::expression_in(expression);
    let warnings = array(done.warnings.iter().map(|it| warning(it, source)));
    Ok(object([("value", value(&done.value)), ("warnings", warnings)]))
}

/// Shows who would get a message.
pub(crate) fn takers(
    view: &View<'_, State>,
    message_name: &str,
    correlation_key: &str,
    tenant: Option<String>,
) -> JsValue {
    let tenant = tenant.as_deref().unwrap_or(DEFAULT_TENANT);
    array(lab::takers(view, tenant, message_name, correlation_key).iter().map(taker))
}

/// Shows all that waits for messages.
pub(crate) fn waits(view: &View<'_, State>) -> JsValue {
    array(lab::waits_for_messages(view).iter().map(taker))
}

fn taker(it: &Taker) -> JsValue {
    object([
        ("subscriptionKey", key(it.subscription_key)),
        ("elementId", text(Some(&it.element_id))),
        ("processId", text(Some(&it.process_id))),
        ("processInstanceKey", key(it.process_instance_key)),
        ("processDefinitionKey", key(it.process_definition_key)),
        ("messageName", text(Some(&it.message_name))),
        ("correlationKey", text(it.correlation_key.as_ref())),
    ])
}

const DEFAULT_TENANT: &str = "<default>";
