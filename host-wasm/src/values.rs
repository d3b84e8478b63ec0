//! Values of the core as JavaScript has them.

use dacapo_engine::feel::{Context, Value, json};
use dacapo_engine::kernel::{Plain, Symbols};
use dacapo_engine::record::{Key, Position, Timestamp};
use js_sys::{Array, Map, Number, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;

/// Makes an object of the core's own names; never of the user's.
pub(crate) fn object<const N: usize>(parts: [(&str, JsValue); N]) -> JsValue {
    filled(&parts)
}

/// Compiled once, not once per number of parts.
fn filled(parts: &[(&str, JsValue)]) -> JsValue {
    let it = Object::new();
    for (name, value) in parts {
        // An object that was just made takes every property.
        let _ = Reflect::set(&it, &JsValue::from_str(name), value);
    }
    it.into()
}

/// Makes an array.
pub(crate) fn array(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    let list = Array::new();
    items.into_iter().for_each(|it| push(&list, it));
    list.into()
}

// Once, not for every kind of items.
#[inline(never)]
fn push(list: &Array, item: JsValue) {
    list.push(&item);
}

/// Converts a text; a text that is not there is null.
pub(crate) fn text<T: AsRef<str>>(text: Option<T>) -> JsValue {
    text.map_or(JsValue::NULL, |it| JsValue::from_str(it.as_ref()))
}

/// Converts a key; one that is not there is null.
pub(crate) fn key(key: impl Into<Option<Key>>) -> JsValue {
    key.into().map_or(JsValue::NULL, |it| it.to_string().into())
}

/// Converts a position: it is below 2^50.
pub(crate) fn position(position: Position) -> JsValue {
    (position.0 as f64).into()
}

/// Converts a time; the one before the first record is null.
pub(crate) fn time(time: impl Into<Option<Timestamp>>) -> JsValue {
    match time.into() {
        Some(Timestamp(i64::MIN)) | None => JsValue::NULL,
        Some(Timestamp(ms)) => (ms as f64).into(),
    }
}

/// Converts a value of the user.
pub(crate) fn value(it: &Value) -> JsValue {
    match it {
        Value::Null => JsValue::NULL,
        Value::Bool(it) => (*it).into(),
        Value::Number(it) => number(&it.to_string()),
        Value::String(it) => JsValue::from_str(it),
        Value::List(items) => array(items.iter().map(value)),
        Value::Context(it) => context(it),
        other => JsValue::from_str(json::print(other).trim_matches('"')),
    }
}

/// Converts variables.
pub(crate) fn context(it: &Context) -> JsValue {
    let map = Map::new();
    for (name, it) in it.iter() {
        map.set(&JsValue::from_str(name), &value(it));
    }
    map.into()
}

/// Converts plain data.
pub(crate) fn plain(it: &Plain, symbols: &Symbols) -> JsValue {
    match it {
        Plain::Null => JsValue::NULL,
        Plain::Boolean(it) => (*it).into(),
        Plain::Number(it) => number(&it.to_string()),
        Plain::Key(it) => key(*it),
        Plain::Symbol(it) => JsValue::from_str(&symbols.name(*it)),
        Plain::Text(it) => JsValue::from_str(it),
        Plain::Tagged("number", it) => number(it),
        Plain::Tagged(_, it) => JsValue::from_str(it),
        Plain::Bytes(it) => Uint8Array::from(it.as_slice()).into(),
        Plain::List(items) => array(items.iter().map(|it| plain(it, symbols))),
        Plain::Structure(parts) => {
            let map = Map::new();
            for (name, it) in parts {
                map.set(&(*name).into(), &plain(it, symbols));
            }
            map.into()
        }
        Plain::Map(parts) => {
            let map = Map::new();
            for (name, it) in parts {
                map.set(&name.into(), &plain(it, symbols));
            }
            map.into()
        }
    }
}

/// Converts a decimal: to a number if it has at most 15 digits, which a number holds exactly, else to its text.
fn number(decimal: &str) -> JsValue {
    let digits = decimal.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
    if digits.count() > NUMBER_DIGITS {
        return decimal.into();
    }
    // JavaScript has reading numbers anyway; here it would be code to load.
    Number::parse_float(decimal).into()
}

const NUMBER_DIGITS: usize = 15;
