//! Functions on numbers.

use super::super::calendar::{DaysDuration, MonthsDuration};
use super::super::decimal::{Dec34, Rounding};
use super::super::evaluation::{Call, Outcome};
use super::super::value::Value;
use super::{Builtin, extension, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("decimal", &[&["n", "scale"], &["n", "scale", "mode"]], decimal),
    fixed("floor", &[&["n"], &["n", "scale"]], |call| rounded(call, Rounding::Floor)),
    fixed("ceiling", &[&["n"], &["n", "scale"]], |call| rounded(call, Rounding::Ceiling)),
    fixed("round up", ROUND, |call| rounded_to(call, Rounding::Up)),
    fixed("round down", ROUND, |call| rounded_to(call, Rounding::Down)),
    fixed("round half up", ROUND, |call| rounded_to(call, Rounding::HalfUp)),
    fixed("round half down", ROUND, |call| rounded_to(call, Rounding::HalfDown)),
    fixed("abs", &[&["n"], &["number"]], absolute),
    fixed("modulo", &[&["dividend", "divisor"]], modulo),
    fixed("sqrt", &[&["number"]], square_root),
    fixed("odd", &[&["number"]], |call| parity(call, true)),
    fixed("even", &[&["number"]], |call| parity(call, false)),
    extension("random number", &[&[]], random_number),
    fixed("exp", &[&["number"]], exponential),
    fixed("log", &[&["number"]], logarithm),
];

/// Rounds half even, in Camunda's dialect also in a way given by its name.
fn decimal(call: &mut Call<'_, '_>) -> Outcome {
    if call.len() < 3 {
        return rounded(call, Rounding::HalfEven);
    }
    if call.is_strict() {
        return call.fail("expected the arguments (n, scale)");
    }
    let Some(name) = call.text(2) else { return Ok(Value::Null) };
    let found = MODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
    let Some((_, mode)) = found else {
        return call.expected(
            2,
            "one of UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN, HALF_EVEN and UNNECESSARY",
        );
    };
    if let Some(mode) = mode {
        return rounded(call, *mode);
    }
    let result = rounded(call, Rounding::Down)?;
    if result.is_null() || result == call.single(0) {
        return Ok(result);
    }
    call.fail("expected a number that needs no rounding")
}

/// Rounds to a scale, which only Camunda lets out.
fn rounded_to(call: &mut Call<'_, '_>, mode: Rounding) -> Outcome {
    if call.len() == 1 && call.is_strict() {
        return call.fail("expected the arguments (n, scale)");
    }
    rounded(call, mode)
}

fn rounded(call: &mut Call<'_, '_>, mode: Rounding) -> Outcome {
    let Some(number) = call.number(0) else { return Ok(Value::Null) };
    let scale = match call.len() {
        1 => 0,
        _ => match call.number(1).map(|scale| scale.round(0, Rounding::Down)) {
            Some(scale) => match scale.and_then(Dec34::to_i64).filter(|it| SCALES.contains(it)) {
                Some(scale) => scale as i32,
                None => return call.expected(1, "a scale between -6111 and 6176"),
            },
            None => return Ok(Value::Null),
        },
    };
    match number.round(scale, mode) {
        Some(number) => Ok(number.into()),
        None => call.fail("expected a result in range"),
    }
}

fn absolute(call: &mut Call<'_, '_>) -> Outcome {
    let is_number_named = call.named.is_some_and(|names| names.contains(&"number"));
    if is_number_named && call.is_strict() {
        return call.fail("expected the argument (n)");
    }
    let absolute = match call.single(0) {
        Value::Number(number) => Some(number.absolute().into()),
        Value::DaysDuration(duration) => {
            DaysDuration::from_nanoseconds(duration.nanoseconds().abs()).map(Value::DaysDuration)
        }
        Value::MonthsDuration(duration) => {
            duration.months().checked_abs().map(|it| Value::MonthsDuration(MonthsDuration::new(it)))
        }
        _ => None,
    };
    match absolute {
        Some(absolute) => Ok(absolute),
        None => call.expected(0, "a number or a duration"),
    }
}

fn modulo(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(dividend), Some(divisor)) = (call.number(0), call.number(1)) else {
        return Ok(Value::Null);
    };
    // the rest of an enormous number takes as many steps as it has digits
    call.evaluator.env.charge(dividend.bulk().saturating_add(divisor.bulk()))?;
    match dividend.checked_modulo(divisor) {
        Some(rest) => Ok(rest.into()),
        None => call.expected(1, "a divisor other than zero"),
    }
}

fn square_root(call: &mut Call<'_, '_>) -> Outcome {
    call.charge(SQUARE_ROOT_FUEL)?;
    let Some(number) = call.number(0) else { return Ok(Value::Null) };
    match number.square_root() {
        Some(root) => Ok(root.into()),
        None => call.expected(0, "a number that is not negative"),
    }
}

fn parity(call: &mut Call<'_, '_>, is_odd: bool) -> Outcome {
    let Some(number) = call.number(0) else { return Ok(Value::Null) };
    if !number.is_integer() {
        return Ok(Value::Bool(false));
    }
    call.evaluator.env.charge(number.bulk())?;
    let rest = number.checked_rem(Dec34::from(2));
    Ok(rest.map(|rest| rest.is_zero() != is_odd).into())
}

/// Returns a number from 0 to below 1, of 18 digits.
fn random_number(call: &mut Call<'_, '_>) -> Outcome {
    match call.evaluator.env.draw() {
        Some(bits) => {
            let fraction = (u128::from(bits) * RANDOM_UNITS) >> 64;
            Ok(Dec34::from_parts(false, fraction, -18).into())
        }
        None => call.fail("expected randomness, found none in this place"),
    }
}

fn exponential(call: &mut Call<'_, '_>) -> Outcome {
    call.charge(SERIES_FUEL)?;
    let Some(number) = call.number(0) else { return Ok(Value::Null) };
    match number.exponential() {
        Some(result) => Ok(result.into()),
        None => call.expected(0, "a number with a result in range"),
    }
}

fn logarithm(call: &mut Call<'_, '_>) -> Outcome {
    call.charge(SERIES_FUEL)?;
    let Some(number) = call.number(0) else { return Ok(Value::Null) };
    match number.logarithm() {
        Some(result) => Ok(result.into()),
        None => call.expected(0, "a number above zero"),
    }
}

const ROUND: &[&[&str]] = &[&["n"], &["n", "scale"]];
/// The ways to round by Camunda's names; the last one wants no rounding at all.
const MODES: &[(&str, Option<Rounding>)] = &[
    ("UP", Some(Rounding::Up)),
    ("DOWN", Some(Rounding::Down)),
    ("CEILING", Some(Rounding::Ceiling)),
    ("FLOOR", Some(Rounding::Floor)),
    ("HALF_UP", Some(Rounding::HalfUp)),
    ("HALF_DOWN", Some(Rounding::HalfDown)),
    ("HALF_EVEN", Some(Rounding::HalfEven)),
    ("UNNECESSARY", None),
];
/// What 128 multiplications of 256 bits cost.
const SQUARE_ROOT_FUEL: usize = 8;
/// What a series of some fifty terms costs.
const SERIES_FUEL: usize = 64;
const SCALES: core::ops::RangeInclusive<i64> = -6111..=6176;
const RANDOM_UNITS: u128 = 1_000_000_000_000_000_000;
