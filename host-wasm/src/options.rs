//! How an engine begins.

use dacapo_engine::feel::calendar::TZDB_VERSION;
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::record::{Limits, PartitionId};
use dacapo_log::replay::MemoryOptions;
use wasm_bindgen::JsValue;

use crate::error::argument;
use crate::input;

/// Reads the options of an engine.
pub(crate) fn memory_options(options: &Context) -> Result<MemoryOptions, JsValue> {
    let mut it = MemoryOptions { tzdb: TZDB_VERSION.into(), ..MemoryOptions::default() };
    for (name, value) in options.iter() {
        match &**name {
            "seed" => it.seed = seed(value)?,
            "now" => it.now = input::time(whole::<i64>(name, value)? as f64)?,
            "partition" => it.partition = partition(value)?,
            "engineVersion" => it.engine_version = text(name, value)?.into(),
            "limits" => {
                let limits = value.as_context().ok_or_else(|| wrong(name, "an object"))?;
                it.limits = read_limits(limits, it.limits)?;
            }
            other => {
                return Err(argument(&format!("expected an option of an engine, found {other:?}")));
            }
        }
    }
    Ok(it)
}

/// Reads limits over those that hold.
pub(crate) fn read_limits(changes: &Context, mut it: Limits) -> Result<Limits, JsValue> {
    for (name, value) in changes.iter() {
        match &**name {
            "commandBytes" => it.command_bytes = whole(name, value)?,
            "stepEvents" => it.step_events = whole(name, value)?,
            "stepBytes" => it.step_bytes = whole(name, value)?,
            "stepFuel" => it.step_fuel = whole(name, value)?,
            "instanceElements" => it.instance_elements = whole(name, value)?,
            "scopeDepth" => it.scope_depth = whole(name, value)?,
            "requestRetentionMs" => it.request_retention_ms = whole(name, value)?,
            "clockJumpMs" => it.clock_jump_ms = whole(name, value)?,
            other => return Err(argument(&format!("expected a limit, found {other:?}"))),
        }
    }
    Ok(it)
}

/// 128 bits as hexadecimal digits.
fn seed(value: &Value) -> Result<(u64, u64), JsValue> {
    let bits = u128::from_str_radix(text("seed", value)?, 16);
    let bits = bits.map_err(|_| wrong("seed", "at most 32 hexadecimal digits"))?;
    Ok(((bits >> 64) as u64, bits as u64))
}

fn partition(value: &Value) -> Result<PartitionId, JsValue> {
    let number = whole("partition", value)?;
    if number <= PartitionId::MAX {
        Ok(PartitionId(number))
    } else {
        Err(wrong("partition", "a partition"))
    }
}

/// Takes a value for a text.
pub(crate) fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, JsValue> {
    value.as_str().ok_or_else(|| wrong(name, "a string"))
}

/// Takes a value for a whole number.
pub(crate) fn whole<T: TryFrom<i128>>(name: &str, value: &Value) -> Result<T, JsValue> {
    let number = value.as_number().and_then(|it| T::try_from(it.to_i128()?).ok());
    number.ok_or_else(|| wrong(name, "a whole number in range"))
}

/// Makes the error of an option.
pub(crate) fn wrong(name: &str, expected: &str) -> JsValue {
    argument(&format!("expected {expected} in {name:?}, found another value"))
}
