//! Functions with regular expressions.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::env::Dialect;
use super::super::error::EvaluationError;
use super::super::evaluation::{Call, Outcome};
use super::super::pattern::{Pattern, PatternError, Slots};
use super::super::value::Value;
use super::{Builtin, extension, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("matches", &[&["input", "pattern"], &["input", "pattern", "flags"]], matches),
    fixed(
        "replace",
        &[&["input", "pattern", "replacement"], &["input", "pattern", "replacement", "flags"]],
        replace,
    ),
    fixed("split", &[&["string", "delimiter"]], split),
    extension("extract", &[&["string", "pattern"], &["input", "pattern"]], extract),
];

/// A piece of a replacement.
enum Piece {
    Text(String),
    Group(u32),
}

fn matches(call: &mut Call<'_, '_>) -> Outcome {
    let Some((text, pattern)) = text_and_pattern(call, Some(2))? else { return Ok(Value::Null) };
    let env = &mut *call.evaluator.env;
    Ok(pattern.find(&text, 0, 0, &mut |fuel| env.charge(fuel))?.is_some().into())
}

fn replace(call: &mut Call<'_, '_>) -> Outcome {
    let Some(replacement) = call.text(2) else { return Ok(Value::Null) };
    let Some((text, pattern)) = text_and_pattern(call, Some(3))? else { return Ok(Value::Null) };
    let is_plain = call.value(3).as_str().is_some_and(|flags| flags.contains('q'));
    let pieces = match is_plain {
        true => Ok(alloc::vec![Piece::Text(replacement.as_ref().into())]),
        false => pieces(&replacement, pattern.groups()),
    };
    let pieces = match pieces {
        Ok(pieces) => pieces,
        Err(error) => return call.fail(&format!("expected {}, found \"{replacement}\"", error.0)),
    };
    let is_strict = call.evaluator.env.dialect() == Dialect::Dmn;
    if is_strict && is_matching_nothing(call, &pattern)? {
        return call.expected(1, "a pattern that does not match the empty string");
    }
    let found = all(call, &pattern, &text, pattern.groups())?;
    let mut result = String::with_capacity(text.len());
    let mut kept = 0;
    for slots in &found {
        let (start, end) = ends(slots, 0).unwrap_or_default();
        let before = result.len();
        result.push_str(text.get(kept..start).unwrap_or_default());
        for piece in &pieces {
            result.push_str(match piece {
                Piece::Text(piece) => piece,
                Piece::Group(group) => {
                    let part = ends(slots, *group).and_then(|(start, end)| text.get(start..end));
                    part.unwrap_or_default()
                }
            });
        }
        kept = end;
        call.charge(result.len().saturating_sub(before))?;
        // at once: what grows with each match must not grow beyond what can be dropped
        if result.len() > RESULT_BYTES_MAX {
            break;
        }
    }
    let rest = text.get(kept..).unwrap_or_default();
    call.charge(rest.len())?;
    result.push_str(rest);
    Ok(result.into())
}

fn split(call: &mut Call<'_, '_>) -> Outcome {
    let Some((text, pattern)) = text_and_pattern(call, None)? else { return Ok(Value::Null) };
    let (mut parts, mut kept) = (Vec::new(), 0);
    for slots in all(call, &pattern, &text, 0)? {
        let (start, end) = ends(&slots, 0).unwrap_or_default();
        // an empty match separates characters, but nothing from the ends
        if start == end && (start == 0 || start == text.len()) {
            continue;
        }
        parts.push(Value::from(text.get(kept..start).unwrap_or_default()));
        kept = end;
    }
    parts.push(Value::from(text.get(kept..).unwrap_or_default()));
    call.charge(text.len())?;
    Ok(parts.into())
}

fn extract(call: &mut Call<'_, '_>) -> Outcome {
    let Some((text, pattern)) = text_and_pattern(call, None)? else { return Ok(Value::Null) };
    let found = all(call, &pattern, &text, 0)?;
    call.charge(text.len())?;
    let part = |slots: &Slots| ends(slots, 0).and_then(|(start, end)| text.get(start..end));
    Ok(found.iter().filter_map(part).map(Value::from).collect())
}

/// Returns the first two arguments, the second one compiled with the flags at a place.
fn text_and_pattern(
    call: &mut Call<'_, '_>,
    flags: Option<usize>,
) -> Result<Option<(Arc<str>, Pattern)>, EvaluationError> {
    let (Some(text), Some(source)) = (call.text(0), call.text(1)) else { return Ok(None) };
    let flags = match flags.filter(|place| call.has(*place)) {
        Some(place) => match call.text(place) {
            Some(flags) => flags,
            None => return Ok(None),
        },
        None => Arc::from(""),
    };
    let env = &mut *call.evaluator.env;
    let dialect = env.dialect();
    match Pattern::compile(&source, &flags, dialect, &mut |fuel| env.charge(fuel))? {
        Ok(pattern) => Ok(Some((text, pattern))),
        Err(PatternError(expected)) => {
            call.fail(&format!("expected {expected}, found \"{source}\"")).map(|_| None)
        }
    }
}

/// Returns all matches, one behind the other.
fn all(
    call: &mut Call<'_, '_>,
    pattern: &Pattern,
    text: &str,
    groups: u32,
) -> Result<Vec<Slots>, EvaluationError> {
    let env = &mut *call.evaluator.env;
    let (mut found, mut start) = (Vec::new(), 0);
    while start <= text.len() {
        let slots = pattern.find(text, start, groups, &mut |fuel| env.charge(fuel))?;
        let Some(slots) = slots else { break };
        let (first, end) = ends(&slots, 0).unwrap_or_default();
        start = end;
        if first == end {
            // behind an empty match the search goes on with the next character
            start += text.get(end..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8);
        }
        env.charge(slots.len() as u64)?;
        found.push(slots);
    }
    Ok(found)
}

fn is_matching_nothing(
    call: &mut Call<'_, '_>,
    pattern: &Pattern,
) -> Result<bool, EvaluationError> {
    let env = &mut *call.evaluator.env;
    Ok(pattern.find("", 0, 0, &mut |fuel| env.charge(fuel))?.is_some())
}

/// Returns where a group starts and ends.
fn ends(slots: &Slots, group: u32) -> Option<(usize, usize)> {
    let slot = |place: usize| slots.get(place).copied().flatten();
    let place = (group as usize).saturating_mul(2);
    slot(place).zip(slot(place.saturating_add(1)))
}

/// Splits a replacement at its `$1`; `\$` and `\\` stand for the signs themselves.
fn pieces(replacement: &str, groups: u32) -> Result<Vec<Piece>, PatternError> {
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut rest = replacement.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next() {
                Some(it @ ('$' | '\\')) => plain.push(it),
                _ => return Err(PatternError("'$' or '\\' behind a backslash")),
            },
            '$' => {
                let digit = rest.next().and_then(|it| it.to_digit(10));
                let mut number = digit.ok_or(PatternError("the number of a group behind '$'"))?;
                while let Some(digit) = rest.peek().and_then(|it| it.to_digit(10)) {
                    let longer = number.saturating_mul(10).saturating_add(digit);
                    if longer > groups {
                        break;
                    }
                    number = longer;
                    rest.next();
                }
                pieces.push(Piece::Text(core::mem::take(&mut plain)));
                // a group that does not exist is empty
                pieces.extend((number <= groups).then_some(Piece::Group(number)));
            }
            it => plain.push(it),
        }
    }
    pieces.push(Piece::Text(plain));
    Ok(pieces)
}

/// No value may be larger.
const RESULT_BYTES_MAX: usize = super::super::limits::VALUE_WEIGHT_MAX as usize;
