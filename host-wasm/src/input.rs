//! Values of JavaScript as the core has them.

use dacapo_engine::feel::json::{self, JsonLimits};
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::record::{Position, Timestamp};
use js_sys::{Array, BigInt, Map, Number, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::error::argument;

/// Converts plain data: null, truth values, numbers, `bigint`s, strings, arrays, `Map`s and plain objects.
pub(crate) fn value(it: &JsValue) -> Result<Value, JsValue> {
    nested(it, DEPTH_MAX)
}

/// Converts an object or `Map`; nothing at all is an empty one.
pub(crate) fn context(it: &JsValue) -> Result<Context, JsValue> {
    if it.is_undefined() || it.is_null() {
        return Ok(Context::new());
    }
    match value(it)? {
        Value::Context(context) => Ok((*context).clone()),
        _ => Err(argument("expected an object or a Map, found another value")),
    }
}

/// Converts a position.
pub(crate) fn position(number: f64) -> Result<Position, JsValue> {
    if number >= 0.0 && number < Position::END as f64 && number.fract() == 0.0 {
        return Ok(Position(number as u64));
    }
    Err(argument(&format!("expected a position, found {}", text(number))))
}

/// Converts a time.
pub(crate) fn time(ms: f64) -> Result<Timestamp, JsValue> {
    if ms.abs() <= TIME_MAX && ms.fract() == 0.0 {
        return Ok(Timestamp(ms as i64));
    }
    Err(argument(&format!("expected whole milliseconds since 1970, found {}", text(ms))))
}

/// Converts the content of a file: bytes, or a text as UTF-8.
pub(crate) fn bytes(it: &JsValue) -> Result<Vec<u8>, JsValue> {
    match (it.as_string(), it.dyn_ref::<Uint8Array>()) {
        (Some(text), _) => Ok(text.into_bytes()),
        (None, Some(bytes)) => Ok(bytes.to_vec()),
        (None, None) => Err(argument("expected a string or a Uint8Array, found another value")),
    }
}

/// Prints a number as JavaScript does: Rust's own way would be code to load.
fn text(number: f64) -> String {
    Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

fn nested(it: &JsValue, depth: u32) -> Result<Value, JsValue> {
    let inner = || depth.checked_sub(1).ok_or_else(|| argument("expected less nesting"));
    if it.is_undefined() || it.is_null() {
        return Ok(Value::Null);
    }
    if let Some(it) = it.as_bool() {
        return Ok(it.into());
    }
    if let Some(it) = it.as_string() {
        return Ok(it.into());
    }
    if let Some(it) = it.as_f64().filter(|it| it.fract() == 0.0 && it.abs() <= WHOLE_MAX) {
        return Ok((it as i64).into());
    }
    if let Some(it) = it.dyn_ref::<Number>() {
        return number(&it.to_string_with_radix(10)?.into());
    }
    if let Some(it) = it.dyn_ref::<BigInt>() {
        return number(&it.to_string(10)?.into());
    }
    if let Some(it) = it.dyn_ref::<Array>() {
        let depth = inner()?;
        return it.iter().map(|item| nested(&item, depth)).collect();
    }
    let entries = match it.dyn_ref::<Map>() {
        Some(map) => Array::from(&map.entries()),
        None if is_plain(it) => Object::entries(it.unchecked_ref()),
        None => {
            return Err(argument("expected plain data, found an object of a class, or a function"));
        }
    };
    let (depth, mut context) = (inner()?, Context::new());
    for entry in entries.iter() {
        let entry: Array = entry.unchecked_into();
        let name = entry.get(0).as_string();
        let name = name.ok_or_else(|| argument("expected strings as the keys of a Map"))?;
        context.insert(name, nested(&entry.get(1), depth)?);
    }
    Ok(context.into())
}

/// Whether it is an object without a class: its prototype has none itself, or it has none.
pub(crate) fn is_plain(it: &JsValue) -> bool {
    // not every object is an instance of `Object`: those without a prototype are not
    if !it.is_object() {
        return false;
    }
    let prototype: JsValue = Object::get_prototype_of(it).into();
    prototype.is_null() || JsValue::from(Object::get_prototype_of(&prototype)).is_null()
}

fn number(digits: &JsValue) -> Result<Value, JsValue> {
    let digits = digits.as_string().unwrap_or_default();
    json::parse(&digits, &JsonLimits::default())
        .map_err(|_| argument(&format!("expected a finite number, found {digits}")))
}

const DEPTH_MAX: u32 = 64;
/// Up to here every whole number is one of JavaScript.
const WHOLE_MAX: f64 = 9_007_199_254_740_991.0;
/// What a `Date` can be, in milliseconds.
const TIME_MAX: f64 = 8.64e15;
