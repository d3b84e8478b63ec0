//! Functions on text. Places count characters (code points), not bytes.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::decimal::{Dec34, Rounding};
use super::super::evaluation::{Call, Outcome};
use super::super::value::Value;
use super::{Builtin, extension, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed(
        "substring",
        &[&["string", "start position"], &["string", "start position", "length"]],
        substring,
    ),
    fixed("string length", &[&["string"]], string_length),
    fixed("upper case", &[&["string"]], upper_case),
    fixed("lower case", &[&["string"]], lower_case),
    fixed("substring before", &[&["string", "match"]], substring_before),
    fixed("substring after", &[&["string", "match"]], substring_after),
    fixed("contains", &[&["string", "match"]], contains),
    fixed("starts with", &[&["string", "match"]], starts_with),
    fixed("ends with", &[&["string", "match"]], ends_with),
    extension("trim", &[&["string"]], trim),
    extension("is blank", &[&["string"]], is_blank),
    fixed(
        "string join",
        &[&["list"], &["list", "delimiter"], &["list", "delimiter", "prefix", "suffix"]],
        string_join,
    ),
];

fn substring(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(text), Some(start)) = (call.text(0), call.integer(1)) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    let length = match call.len() {
        3 => match call.number(2).and_then(whole) {
            Some(0) if call.is_strict() => return call.expected(2, "a length above zero"),
            Some(length @ 0..) => usize::try_from(length).unwrap_or(usize::MAX),
            Some(_) => return call.expected(2, "a length that is not negative"),
            None => return Ok(Value::Null),
        },
        _ => usize::MAX,
    };
    let characters = text.chars().count();
    let skipped = match usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX) {
        0 => None,
        place if start > 0 => place.checked_sub(1).filter(|skipped| *skipped <= characters),
        place => characters.checked_sub(place),
    };
    // DMN has no position behind the last character
    match skipped.filter(|skipped| *skipped < characters || !call.is_strict()) {
        Some(skipped) => Ok(text.chars().skip(skipped).take(length).collect::<String>().into()),
        None => call.expected(1, "a position within the string"),
    }
}

fn string_length(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    Ok((text.chars().count() as u64).into())
}

#[expect(
    clippy::disallowed_methods,
    reason = "FEEL asks for the case of Unicode; where a new compiler has new letters, golden logs tell"
)]
fn upper_case(call: &mut Call<'_, '_>) -> Outcome {
    mapped(call, |text| text.chars().flat_map(char::to_uppercase).collect())
}

#[expect(
    clippy::disallowed_methods,
    reason = "FEEL asks for the case of Unicode; where a new compiler has new letters, golden logs tell"
)]
fn lower_case(call: &mut Call<'_, '_>) -> Outcome {
    mapped(call, |text| text.chars().flat_map(char::to_lowercase).collect())
}

fn trim(call: &mut Call<'_, '_>) -> Outcome {
    mapped(call, |text| text.trim().into())
}

fn substring_before(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(text), Some(wanted)) = (call.text(0), call.text(1)) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    Ok(text.split_once(&*wanted).map_or("", |(before, _)| before).into())
}

fn substring_after(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(text), Some(wanted)) = (call.text(0), call.text(1)) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    Ok(text.split_once(&*wanted).map_or("", |(_, after)| after).into())
}

fn contains(call: &mut Call<'_, '_>) -> Outcome {
    tested(call, |text, wanted| text.contains(wanted))
}

fn starts_with(call: &mut Call<'_, '_>) -> Outcome {
    tested(call, |text, wanted| text.starts_with(wanted))
}

fn ends_with(call: &mut Call<'_, '_>) -> Outcome {
    tested(call, |text, wanted| text.ends_with(wanted))
}

fn is_blank(call: &mut Call<'_, '_>) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    Ok(text.trim().is_empty().into())
}

fn string_join(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    let mut parts = Vec::new();
    for item in list.iter() {
        match item {
            Value::Null => {}
            Value::String(text) => parts.push(&**text),
            _ => return call.expected(0, "a list of strings"),
        }
    }
    let mut around = [Value::Null, Value::Null, Value::Null];
    for (place, text) in (1..).zip(&mut around) {
        if call.has(place) {
            let Some(given) = call.text(place) else { return Ok(Value::Null) };
            *text = Value::String(given);
        }
    }
    let [delimiter, prefix, suffix] = around.each_ref().map(|it| it.as_str().unwrap_or_default());
    let length =
        |sum: usize, part: &&str| sum.saturating_add(part.len()).saturating_add(delimiter.len());
    let length = parts.iter().fold(0, length);
    call.charge(length)?;
    Ok(alloc::format!("{prefix}{}{suffix}", parts.join(delimiter)).into())
}

fn mapped(call: &mut Call<'_, '_>, map: fn(&str) -> String) -> Outcome {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    Ok(map(&text).into())
}

fn tested(call: &mut Call<'_, '_>, test: fn(&str, &str) -> bool) -> Outcome {
    let (Some(text), Some(wanted)) = (call.text(0), call.text(1)) else { return Ok(Value::Null) };
    call.charge(text.len())?;
    Ok(test(&text, &wanted).into())
}

fn whole(number: Dec34) -> Option<i64> {
    number.round(0, Rounding::Down)?.to_i64()
}
