//! Sorting with a comparison that is an expression and may say anything: a merge sort that never depends on it
//! being an order.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::super::error::EvaluationError;
use super::super::evaluation::{Call, Outcome, order};
use super::super::value::Value;
use super::{Builtin, fixed};

pub(super) static FUNCTIONS: &[Builtin] =
    &[fixed("sort", &[&["list"], &["list", "precedes"]], sort)];

fn sort(call: &mut Call<'_, '_>) -> Outcome {
    let Some(list) = call.list(0) else { return Ok(Value::Null) };
    if call.len() == 2 && call.function(1).is_none() {
        return Ok(Value::Null);
    }
    call.charge(list.len())?;
    let mut runs: VecDeque<Vec<Value>> =
        list.iter().map(|item| alloc::vec![item.clone()]).collect();
    while runs.len() > 1 {
        // one round over all neighbours keeps equal items in order
        let mut merged = VecDeque::with_capacity(runs.len());
        while let Some(left) = runs.pop_front() {
            match runs.pop_front() {
                Some(right) => match merge(call, left, right)? {
                    Some(run) => merged.push_back(run),
                    None => return Ok(Value::Null),
                },
                None => merged.push_back(left),
            }
        }
        runs = merged;
    }
    Ok(runs.pop_front().unwrap_or_default().into())
}

fn merge(
    call: &mut Call<'_, '_>,
    left: Vec<Value>,
    right: Vec<Value>,
) -> Result<Option<Vec<Value>>, EvaluationError> {
    let mut merged = Vec::with_capacity(left.len().saturating_add(right.len()));
    let (mut left, mut right) = (VecDeque::from(left), VecDeque::from(right));
    while let (Some(first), Some(second)) = (left.front(), right.front()) {
        let is_second = match precedes(call, second, first)? {
            Some(is_second) => is_second,
            None => return Ok(None),
        };
        merged.extend(if is_second { right.pop_front() } else { left.pop_front() });
    }
    merged.extend(left.into_iter().chain(right));
    Ok(Some(merged))
}

/// Tells whether a value stands before another; `None` when that cannot be said.
fn precedes(
    call: &mut Call<'_, '_>,
    left: &Value,
    right: &Value,
) -> Result<Option<bool>, EvaluationError> {
    call.charge(1)?;
    let result = match call.value(1) {
        Value::Function(function) => {
            call.evaluator.invoke(&function, &[left.clone(), right.clone()], call.span)?.as_bool()
        }
        _ => {
            call.evaluator.pay(left, right)?;
            order(left, right).map(|order| order.is_lt())
        }
    };
    if result.is_none() {
        // the message is all that is wanted here
        let _ = call.fail("expected items that can be ordered");
    }
    Ok(result)
}
