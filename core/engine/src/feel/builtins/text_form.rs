//! Functions that bring values into other forms of text: JSON, Base64, UUID.

use alloc::format;
use alloc::string::String;

use super::super::evaluation::{Call, Outcome};
use super::super::json::{self, JsonLimits};
use super::super::limits::VALUE_DEPTH_MAX;
use super::super::value::Value;
use super::{Builtin, extension};

pub(super) static FUNCTIONS: &[Builtin] = &[
    extension("to json", &[&["value"]], to_json),
    extension("from json", &[&["value"]], from_json),
    extension("to base64", &[&["value"]], to_base64),
    extension("from base64", &[&["value"]], from_base64),
    extension("uuid", &[&[]], uuid),
    extension(
        "fromAi",
        &[
            &["value"],
            &["value", "description"],
            &["value", "description", "type"],
            &["value", "description", "type", "schema"],
            &["value", "description", "type", "schema", "options"],
        ],
        |call| Ok(call.value(0)),
    ),
];

fn to_json(call: &mut Call<'_, '_>) -> Outcome {
    let value = call.value(0);
    // the weight bounds the length of the text
    call.evaluator.env.charge(value.weight())?;
    if value.transient().is_some() {
        return call.expected(0, "a value without ranges and functions");
    }
    let text = json::print(&value);
    call.charge(text.len())?;
    Ok(text.into())
}

fn from_json(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    let limits = JsonLimits { depth_max: VALUE_DEPTH_MAX, ..JsonLimits::default() };
    match json::parse(&text, &limits) {
        Ok(value) => Ok(value),
        Err(error) => call.fail(&format!("{error}")),
    }
}

fn to_base64(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len().saturating_mul(2))?;
    let mut encoded = String::with_capacity(text.len().div_ceil(3).saturating_mul(4));
    for group in text.as_bytes().chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let digit = BASE64.get(digit as usize).copied().unwrap_or_default();
            encoded.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    Ok(encoded.into())
}

fn from_base64(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    match decoded(&text).and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => Ok(text.into()),
        None => call.expected(0, "the Base64 form of a text"),
    }
}

fn decoded(text: &str) -> Option<alloc::vec::Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padding = text.len().checked_sub(digits.len())?;
    let is_whole = text.len().is_multiple_of(4) && padding <= 2 && digits.len() % 4 != 1;
    is_whole.then_some(())?;
    let mut bytes = alloc::vec::Vec::with_capacity(text.len() / 4 * 3);
    for group in digits.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for byte in group {
            let digit = BASE64.iter().position(|it| it == byte)?;
            bits = (bits << 6) | u32::try_from(digit).ok()?;
        }
        let [_, first, second, third] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend([first, second, third].into_iter().take(group.len() * 6 / 8));
    }
    Some(bytes)
}

/// Returns a random UUID (version 4 of RFC 9562).
fn uuid(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(high), Some(low)) = (call.evaluator.env.draw(), call.evaluator.env.draw()) else {
        return call.fail("expected randomness, found none in this place");
    };
    let high = (high & !0xF000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    let (time, middle, version) = (high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF);
    let (variant, node) = (low >> 48, low & 0xFFFF_FFFF_FFFF);
    Ok(format!("{time:08x}-{middle:04x}-{version:04x}-{variant:04x}-{node:012x}").into())
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
