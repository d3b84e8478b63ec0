//! What an evaluation without an engine is given: how to read it, the variables, the time and the fuel.

use std::borrow::Cow;
use std::sync::Arc;

use dacapo_engine::feel::limits::FUEL_DEFAULT;
use dacapo_engine::feel::{Context, Dialect, Env, Scope, Value};
use dacapo_engine::record::Timestamp;
use js_sys::{Array, Map, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::error::argument;
use crate::input;
use crate::options::{text, whole, wrong};

/// The options of parsing and of evaluating.
pub(crate) struct Given {
    pub(crate) dialect: Dialect,
    pub(crate) is_unary_tests: bool,
    /// Names that are not plain words.
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) fuel: u64,
    pub(crate) is_traced: bool,
    /// What unary tests are about.
    pub(crate) input: Value,
    now: Timestamp,
}

/// A name on both sides, so that it crosses over but once.
pub(crate) type Name = (Arc<str>, JsValue);

/// The part of a context that an expression needs. Who has many variables does not pay for the others.
pub(crate) struct Needed<'a> {
    known: Context,
    given: &'a JsValue,
}

impl Given {
    /// Reads options that may have these names.
    pub(crate) fn read(options: &JsValue, known: &[&str]) -> Result<Self, JsValue> {
        let mut it = Self {
            dialect: Dialect::Camunda,
            is_unary_tests: false,
            names: Vec::new(),
            fuel: FUEL_DEFAULT,
            is_traced: false,
            input: Value::Null,
            now: Timestamp(0),
        };
        if options.is_undefined() {
            return Ok(it);
        }
        for (name, value) in input::context(options)?.iter() {
            if !known.contains(&&**name) {
                return Err(argument(&format!("expected {}, found {name:?}", known.join(", "))));
            }
            match &**name {
                "dialect" => it.dialect = dialect(text(name, value)?)?,
                "unaryTests" => it.is_unary_tests = truth(name, value)?,
                "names" => it.names = names(value)?,
                "fuel" => it.fuel = whole(name, value)?,
                "trace" => it.is_traced = truth(name, value)?,
                "now" => it.now = input::time(whole::<i64>(name, value)? as f64)?,
                _ => it.input = value.clone(),
            }
        }
        Ok(it)
    }

    /// Makes the environment of an evaluation.
    pub(crate) fn env(&self, dialect: Dialect) -> Env {
        let env = Env::new(self.now.0).with_dialect(dialect).with_fuel(self.fuel);
        if self.is_traced { env.with_trace() } else { env }
    }
}

impl<'a> Needed<'a> {
    /// Takes the variables of these names out of an object or `Map`; nothing at all is an empty one.
    pub(crate) fn read(given: &'a JsValue, names: &[Name]) -> Result<Self, JsValue> {
        let mut known = Context::new();
        if given.is_undefined() || given.is_null() {
            return Ok(Self { known, given });
        }
        let map = given.dyn_ref::<Map>();
        if map.is_none() && !input::is_plain(given) {
            return Err(argument("expected an object or a Map, found another value"));
        }
        for (name, key) in names {
            let value = match map {
                Some(map) if map.has(key) => map.get(key),
                None if Object::has_own(given.unchecked_ref::<Object>(), key) => {
                    Reflect::get(given, key)?
                }
                _ => continue,
            };
            known.insert(name.clone(), input::value(&value)?);
        }
        Ok(Self { known, given })
    }
}

impl Scope for Needed<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        self.known.get(name).cloned()
    }

    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.known.get(name).map(Cow::Borrowed)
    }

    fn names(&self) -> Vec<Arc<str>> {
        let keys = match self.given.dyn_ref::<Map>() {
            Some(map) => Array::from(&map.keys()),
            None if self.given.is_object() => Object::keys(self.given.unchecked_ref::<Object>()),
            None => return Vec::new(),
        };
        keys.iter().filter_map(|it| it.as_string().map(Arc::from)).collect()
    }
}

fn dialect(name: &str) -> Result<Dialect, JsValue> {
    match name {
        "camunda" => Ok(Dialect::Camunda),
        "dmn" => Ok(Dialect::Dmn),
        _ => Err(wrong("dialect", "\"camunda\" or \"dmn\"")),
    }
}

fn truth(name: &str, value: &Value) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| wrong(name, "true or false"))
}

fn names(value: &Value) -> Result<Vec<Arc<str>>, JsValue> {
    let names = value.as_list().unwrap_or_default();
    names.iter().map(|it| text("names", it).map(Arc::from)).collect()
}
