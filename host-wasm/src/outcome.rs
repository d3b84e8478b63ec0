//! What an evaluation without an engine leaves behind, as objects.

use dacapo_engine::feel::{ParseError, Span, Step, Value, Warning};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::error::problem;
use crate::values::{array, object, text, value};

#[wasm_bindgen]
extern "C" {
    /// Set without its names crossing over: this is made often.
    pub(crate) type Outcome;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_value(this: &Outcome, it: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_warnings(this: &Outcome, it: &Array);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_fuel(this: &Outcome, it: f64);
}

/// Makes what came of an evaluation.
pub(crate) fn outcome(done: &Value, warnings: &Array, fuel: u64) -> Outcome {
    let it: Outcome = Object::new().unchecked_into();
    it.set_value(&value(done));
    it.set_warnings(warnings);
    it.set_fuel(fuel as f64);
    it
}

/// Shows why a part of an expression is null.
pub(crate) fn warning(it: &Warning, source: &str) -> JsValue {
    object([
        ("code", it.code.as_str().into()),
        ("start", it.span.start.into()),
        ("end", it.span.end.into()),
        ("part", text(part(source, it.span))),
        ("reason", text(Some(&it.reason))),
    ])
}

/// Shows the parts of an expression with their values; one without a value has none.
pub(crate) fn steps(steps: &[Step]) -> JsValue {
    array(steps.iter().map(|it| {
        let step = object([("text", text(Some(&it.text))), ("parts", self::steps(&it.parts))]);
        if let Some(done) = &it.value {
            put(&step, "value", &value(done));
        }
        step
    }))
}

/// Makes the error of an expression that does not parse.
pub(crate) fn malformed(source: &str, error: &ParseError) -> JsValue {
    let (line, column) = error.span.line_and_column(source);
    let it = problem("expression_malformed", &error.to_string());
    let parts: [(&str, JsValue); 7] = [
        ("start", error.span.start.into()),
        ("end", error.span.end.into()),
        ("line", line.into()),
        ("column", column.into()),
        ("expected", error.expected.as_str().into()),
        ("found", error.found.as_str().into()),
        ("excerpt", error.caret(source).into()),
    ];
    parts.iter().for_each(|(name, part)| put(&it, name, part));
    it
}

/// Gives an object that was just made a property.
pub(crate) fn put(it: &JsValue, name: &str, part: &JsValue) {
    // An object that was just made takes every property.
    let _ = Reflect::set(it, &name.into(), part);
}

fn part(source: &str, span: Span) -> Option<&str> {
    source.get(span.start as usize..span.end as usize)
}
