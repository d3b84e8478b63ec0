//! Errors as JavaScript has them: with a name, a code, and where they are.

use dacapo_engine::record::{Position, Rejection};
use dacapo_log::wire::Coded;
use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// Makes the error of something that the core refused.
pub(crate) fn refused(error: &(impl Coded + std::fmt::Display)) -> JsValue {
    let it = named("DacapoError", error.code(), &error.to_string());
    if let Some(position) = error.position() {
        set(&it, "position", (position.0 as f64).into());
    }
    it.into()
}

/// Makes the error of an argument that cannot be converted.
pub(crate) fn argument(message: &str) -> JsValue {
    named("DacapoError", "argument_malformed", message).into()
}

/// Makes the error of something that cannot be answered.
pub(crate) fn problem(code: &str, message: &str) -> JsValue {
    named("DacapoError", code, message).into()
}

/// Makes the error of a command that was rejected; the rejection is in the log at this position.
pub(crate) fn rejected(rejection: &Rejection, position: Position) -> JsValue {
    let it = named("DacapoRejection", rejection.code.name, &rejection.reason);
    set(&it, "class", rejection.code.class.name().into());
    set(&it, "position", (position.0 as f64).into());
    if let Some(field) = &rejection.field {
        set(&it, "field", JsValue::from_str(field));
    }
    it.into()
}

fn named(name: &str, code: &str, message: &str) -> Error {
    let it = Error::new(message);
    it.set_name(name);
    set(&it, "code", code.into());
    it
}

fn set(it: &Error, name: &str, value: JsValue) {
    // An error that was just made takes every property.
    let _ = Reflect::set(it, &name.into(), &value);
}
