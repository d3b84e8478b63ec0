//! Functions that look at a list.

use alloc::vec::Vec;

use super::super::decimal::Dec34;
use super::super::evaluation::{Call, Outcome, equal, order};
use super::super::value::{List, Value};
use super::{Builtin, extension, fixed, variadic};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("list contains", &[&["list", "element"]], list_contains),
    fixed("count", &[&["list"]], count),
    extension("is empty", &[&["list"]], is_empty),
    fixed("index of", &[&["list", "match"]], index_of),
    variadic("min", &[&["list"]], |call| extreme(call, false)),
    variadic("max", &[&["list"]], |call| extreme(call, true)),
    variadic("sum", &[&["list"]], sum),
    variadic("product", &[&["list"]], product),
    variadic("mean", &[&["list"]], mean),
    variadic("median", &[&["list"]], median),
    variadic("mode", &[&["list"]], mode),
    variadic("stddev", &[&["list"]], deviation),
    variadic("all", &[&["list"]], |call| connected(call, false)),
    variadic("any", &[&["list"]], |call| connected(call, true)),
    fixed("is", &[&["value1", "value2"]], is),
];

fn list_contains(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(list), wanted) = (call.list(0), call.value(1)) else { return Ok(Value::Null) };
    for item in list.iter() {
        call.charge(1)?;
        if call.evaluator.equal(item, &wanted)? == Some(true) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn count(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    Ok((list.len() as u64).into())
}

fn is_empty(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    Ok(list.is_empty().into())
}

fn index_of(call: &mut Call<'_, '_>) -> Outcome {
    let (Some(list), wanted) = (call.list(0), call.value(1)) else { return Ok(Value::Null) };
    let mut places = Vec::new();
    for (place, item) in (1u64..).zip(list.iter()) {
        call.charge(1)?;
        if call.evaluator.equal(item, &wanted)? == Some(true) {
            places.push(place.into());
        }
    }
    Ok(places.into())
}

fn extreme(call: &mut Call<'_, '_>, is_max: bool) -> Outcome {
    let Some(list) = call.items() else { return Ok(Value::Null) };
    call.charge(list.len())?;
    let mut items = list.iter();
    let Some(mut best) = items.next() else { return Ok(Value::Null) };
    if order(best, best).is_none() {
        return call.expected(0, "a list of comparable values");
    }
    for item in items {
        call.evaluator.pay(item, best)?;
        match order(item, best) {
            Some(order) if order.is_gt() == is_max && order.is_ne() => best = item,
            Some(_) => {}
            None => return call.expected(0, "a list of comparable values"),
        }
    }
    Ok(best.clone())
}

fn sum(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.items() else { return Ok(Value::Null) };
    call.charge(list.len())?;
    // durations can be added up too
    let is_duration =
        matches!(list.first(), Some(Value::DaysDuration(_) | Value::MonthsDuration(_)));
    if is_duration {
        return sum_of_durations(call, &list);
    }
    let Some(numbers) = numbers(call, &list) else { return Ok(Value::Null) };
    let sum = numbers.iter().try_fold(Dec34::ZERO, |sum, number| sum.checked_add(*number));
    calculated(call, &numbers, sum)
}

fn sum_of_durations(call: &mut Call<'_, '_>, list: &List) -> Outcome {
    let mut items = list.iter().cloned();
    let mut sum = items.next().unwrap_or_default();
    for item in items {
        let next = match (&sum, &item) {
            (Value::DaysDuration(sum), Value::DaysDuration(it)) => {
                sum.checked_add(*it).map(Value::DaysDuration)
            }
            (Value::MonthsDuration(sum), Value::MonthsDuration(it)) => {
                sum.checked_add(*it).map(Value::MonthsDuration)
            }
            _ => None,
        };
        match next {
            Some(next) => sum = next,
            None => return call.expected(0, "a list of numbers or of durations of one kind"),
        }
    }
    Ok(sum)
}

fn product(call: &mut Call<'_, '_>) -> Outcome {
    let Some(numbers) = number_items(call)? else { return Ok(Value::Null) };
    let product =
        numbers.iter().try_fold(Dec34::ONE, |product, number| product.checked_mul(*number));
    calculated(call, &numbers, product)
}

fn mean(call: &mut Call<'_, '_>) -> Outcome {
    let Some(numbers) = number_items(call)? else { return Ok(Value::Null) };
    let mean = mean_of(&numbers);
    calculated(call, &numbers, mean)
}

fn median(call: &mut Call<'_, '_>) -> Outcome {
    let Some(mut numbers) = number_items(call)? else { return Ok(Value::Null) };
    numbers.sort();
    let middle = numbers.len() / 2;
    let upper = numbers.get(middle).copied();
    let median = match numbers.len() % 2 {
        1 => upper,
        _ => {
            let lower = middle.checked_sub(1).and_then(|place| numbers.get(place)).copied();
            lower.zip(upper).and_then(|(lower, upper)| mean_of(&[lower, upper]))
        }
    };
    calculated(call, &numbers, median)
}

fn mode(call: &mut Call<'_, '_>) -> Outcome {
    let Some(mut numbers) = number_items(call)? else { return Ok(Value::Null) };
    numbers.sort();
    let groups: Vec<&[Dec34]> = numbers.chunk_by(|left, right| left == right).collect();
    let longest = groups.iter().map(|group| group.len()).max().unwrap_or(0);
    let modes = groups.iter().filter(|group| group.len() == longest);
    Ok(modes.filter_map(|group| group.first().copied()).map(Value::Number).collect())
}

/// The standard deviation of a sample.
fn deviation(call: &mut Call<'_, '_>) -> Outcome {
    let Some(numbers) = number_items(call)? else { return Ok(Value::Null) };
    if numbers.len() < 2 {
        return call.fail("expected at least two numbers");
    }
    let deviation = mean_of(&numbers).and_then(|mean| {
        let squares = numbers.iter().try_fold(Dec34::ZERO, |sum, number| {
            let distance = number.checked_sub(mean)?;
            sum.checked_add(distance.checked_mul(distance)?)
        });
        let count = Dec34::from((numbers.len() as u64).saturating_sub(1));
        squares?.checked_div(count)?.square_root()
    });
    calculated(call, &numbers, deviation)
}

fn connected(call: &mut Call<'_, '_>, decisive: bool) -> Outcome {
    let Some(list) = call.items() else { return Ok(Value::Null) };
    call.charge(list.len())?;
    if list.contains(&Value::Bool(decisive)) {
        return Ok(Value::Bool(decisive));
    }
    match list.iter().all(|item| matches!(item, Value::Bool(_))) {
        true => Ok(Value::Bool(!decisive)),
        false => call.expected(0, "a list of booleans"),
    }
}

fn is(call: &mut Call<'_, '_>) -> Outcome {
    let (left, right) = (call.value(0), call.value(1));
    call.evaluator.env.charge(left.weight().min(right.weight()))?;
    let is_same_kind = left.type_name() == right.type_name();
    let is_same = match (&left, &right) {
        (Value::Time(_), Value::Time(_)) | (Value::DateTime(_), Value::DateTime(_)) => {
            left == right
        }
        _ => equal(&left, &right, call.evaluator.env.dialect()) == Some(true),
    };
    Ok((is_same_kind && is_same).into())
}

fn mean_of(numbers: &[Dec34]) -> Option<Dec34> {
    let sum = numbers.iter().try_fold(Dec34::ZERO, |sum, number| sum.checked_add(*number))?;
    sum.checked_div(Dec34::from(numbers.len() as u64))
}

fn number_items(
    call: &mut Call<'_, '_>,
) -> Result<Option<Vec<Dec34>>, super::super::error::EvaluationError> {
    let Some(list) = call.items() else { return Ok(None) };
    call.charge(list.len())?;
    Ok(numbers(call, &list))
}

fn numbers(call: &mut Call<'_, '_>, list: &List) -> Option<Vec<Dec34>> {
    let numbers = list.iter().map(Value::as_number).collect::<Option<Vec<_>>>();
    if numbers.is_none() {
        // the message is all that is wanted here
        let _ = call.fail("expected a list of numbers, found other items");
    }
    numbers
}

/// Returns a result: null for no numbers, null with a message when it is too large.
fn calculated(call: &mut Call<'_, '_>, numbers: &[Dec34], result: Option<Dec34>) -> Outcome {
    match result {
        _ if numbers.is_empty() => Ok(Value::Null),
        Some(result) => Ok(result.into()),
        None => call.fail("expected numbers with a result in range"),
    }
}
