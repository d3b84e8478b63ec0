//! Commands as JavaScript writes them.

use std::sync::Arc;

use dacapo_engine::feel::json::JsonLimits;
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::process::Process;
use dacapo_engine::process::commands::{Deploy, Resource};
use dacapo_engine::process::state::Bytes;
use dacapo_log::wire::{LoneCommand, parse_command, read_command};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::error::{argument, refused};
use crate::input;
use crate::names::names;

/// Reads a command: an object or JSON text with `intent`, `body` and perhaps `key`, `request_id`, `tenant` and so on.
pub(crate) fn command(it: &JsValue) -> Result<LoneCommand<Process>, JsValue> {
    let command = match it.as_string() {
        Some(text) => parse_command(&text, names(), &JsonLimits::default()),
        None => read_command(&input::value(it)?, names()),
    };
    command.map_err(|error| refused(&error))
}

/// Makes a command of its intent and the options of a method, whose names are those of the fields in camel case.
pub(crate) fn of_options(
    intent: &str,
    options: &JsValue,
    defaults: &[(&str, Value)],
) -> Result<LoneCommand<Process>, JsValue> {
    let options = input::context(options)?;
    let (mut parts, mut body) = (Context::new(), Context::new());
    for (name, value) in options.iter() {
        let name = snake_case(name);
        if HEADER.contains(&name.as_str()) {
            parts.insert(name, value.clone());
        } else {
            body.insert(name, value.clone());
        }
    }
    for (name, value) in defaults {
        if !body.contains(name) {
            body.insert(*name, value.clone());
        }
    }
    parts.insert("intent", intent);
    parts.insert("body", body);
    read_command(&parts.into(), names()).map_err(|error| refused(&error))
}

/// Makes a deployment of files: objects with `name` and `content`.
pub(crate) fn deploy(files: &Array) -> Result<LoneCommand<Process>, JsValue> {
    let resource = |(name, content): (String, Vec<u8>)| Resource {
        resource_name: name.into(),
        content: Bytes(Arc::from(content)),
    };
    let resources = self::files(files)?.into_iter().map(resource).collect();
    Ok(LoneCommand::new(Deploy { resources }))
}

/// Reads files: objects with `name` and `content`.
pub(crate) fn files(files: &Array) -> Result<Vec<(String, Vec<u8>)>, JsValue> {
    let read = |file: JsValue| {
        let part = |name: &str| {
            let file = file.is_object().then_some(&file);
            let file = file.ok_or_else(|| argument("expected files with name and content"))?;
            Reflect::get(file, &name.into())
        };
        let name = part("name")?.as_string();
        let name = name.ok_or_else(|| argument("expected a string as the name of a file"))?;
        Ok((name, input::bytes(&part("content")?)?))
    };
    files.iter().map(read).collect()
}

/// Reads a list of names, if there is one.
pub(crate) fn names_of(it: &JsValue) -> Result<Option<Vec<Arc<str>>>, JsValue> {
    if it.is_undefined() || it.is_null() {
        return Ok(None);
    }
    let list = it.dyn_ref::<Array>().ok_or_else(|| argument("expected an array of names"))?;
    let name = |it: JsValue| {
        it.as_string().map(Arc::from).ok_or_else(|| argument("expected an array of names"))
    };
    list.iter().map(name).collect::<Result<_, _>>().map(Some)
}

fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// What the options of every method may say beside the fields of the body.
const HEADER: [&str; 4] = ["tenant", "request_id", "actor", "correlation_id"];
