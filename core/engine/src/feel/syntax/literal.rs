//! Literals: numbers, texts with escapes, and dates, times and durations behind `@`.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use super::super::calendar::{
    CalendarError, Date, DateTime, Time, parse_duration, parse_duration_loose,
};
use super::super::decimal::Dec34;
use super::super::value::Value;
use super::ast::Kind;

/// Reads a number.
pub(super) fn number(text: &str) -> Kind {
    match text.parse::<Dec34>() {
        Ok(number) => Kind::Constant(number.into()),
        Err(error) => Kind::Failed(format!("{error}")),
    }
}

/// Reads what stands behind an `@`.
pub(super) fn temporal(text: &str) -> Kind {
    match (parse_temporal(text), parse_loose(text)) {
        (Ok(value), _) => Kind::Constant(value),
        (Err(error), loose) => {
            let reason = format!("{error}, found \"{text}\"");
            loose.map_or(Kind::Failed(reason.clone()), |value| Kind::Loose(value, reason))
        }
    }
}

/// Reads what only Camunda takes: times without seconds, durations with signs inside.
fn parse_loose(text: &str) -> Option<Value> {
    let time = Time::parse_loose(text).map(Value::Time);
    let time = time.or_else(|_| DateTime::parse_loose(text).map(Value::DateTime));
    time.or_else(|_| parse_duration_loose(text).map(Value::from)).ok()
}

/// Reads a date, a time, a date and time or a duration.
fn parse_temporal(text: &str) -> Result<Value, CalendarError> {
    if text.trim_start_matches('-').starts_with('P') {
        return parse_duration(text).map(Value::from);
    }
    if text.contains('T') && !text.starts_with('T') {
        return text.parse::<DateTime>().map(Value::DateTime);
    }
    if text.contains(':') {
        return text.parse::<Time>().map(Value::Time);
    }
    text.parse::<Date>()
        .map(Value::Date)
        .map_err(|_| CalendarError::Expected("a date, a time, a date and time or a duration"))
}

/// Removes the quotes and resolves the escapes; `None` when one is not of FEEL.
pub(super) fn unescape(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(it) = rest.next() {
        if it != '\\' {
            text.push(it);
            continue;
        }
        match rest.next()? {
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => {
                let (character, length) = code_unit(rest.as_str(), 4)?;
                rest = rest.as_str().get(length..)?.chars();
                text.push(character);
            }
            'U' => {
                // DMN writes six digits, Camunda five
                let read = |digits| hexadecimal(rest.as_str(), digits).and_then(char::from_u32);
                let (it, digits) = match read(6) {
                    Some(it) => (it, 6),
                    None => (read(5)?, 5),
                };
                text.push(it);
                rest = rest.as_str().get(digits..)?.chars();
            }
            escaped @ ('"' | '\\' | '\'' | '/') => text.push(escaped),
            // anything else stands for itself, the backslash too: regular expressions are written like that
            other => text.extend(['\\', other]),
        }
    }
    Some(Cow::Owned(text))
}

/// Reads a character of one or, behind the first half of a pair, two UTF-16 units; returns its length.
fn code_unit(text: &str, digits: usize) -> Option<(char, usize)> {
    let first = hexadecimal(text, digits)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, digits));
    }
    let second = hexadecimal(text.get(digits..)?.strip_prefix("\\u")?, digits)?;
    let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let mut decoded = char::decode_utf16(units);
    let character = decoded.next()?.ok()?;
    decoded.next().is_none().then_some((character, 2 * digits + 2))
}

fn hexadecimal(text: &str, digits: usize) -> Option<u32> {
    let text = text.get(..digits)?;
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())?
}
