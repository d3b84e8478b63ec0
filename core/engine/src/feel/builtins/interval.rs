//! Functions that compare points and ranges (DMN 1.5, 10.3.4.9). A missing end lies beyond all values.

use core::cmp::Ordering;

use super::super::evaluation::{Call, Outcome, order};
use super::super::value::{Range, RangeForm, Value};
use super::{Builtin, fixed};

pub(super) static FUNCTIONS: &[Builtin] = &[
    fixed("before", ANY, |call| compared(call, &[Sort::Any, Sort::Any], before)),
    fixed("after", ANY, |call| compared(call, &[Sort::Any, Sort::Any], |a, b| before(b, a))),
    fixed("meets", RANGES, |call| compared(call, BOTH, meets)),
    fixed("met by", RANGES, |call| compared(call, BOTH, |a, b| meets(b, a))),
    fixed("overlaps", RANGES, |call| compared(call, BOTH, overlaps)),
    fixed("overlaps before", RANGES, |call| compared(call, BOTH, overlaps_before)),
    fixed("overlaps after", RANGES, |call| compared(call, BOTH, |a, b| overlaps_before(b, a))),
    fixed("finishes", INTO, |call| compared(call, SECOND, finishes)),
    fixed("finished by", FROM, |call| compared(call, FIRST, |a, b| finishes(b, a))),
    fixed("includes", FROM, |call| compared(call, FIRST, includes)),
    fixed("during", INTO, |call| compared(call, SECOND, |a, b| includes(b, a))),
    fixed("starts", INTO, |call| compared(call, SECOND, starts)),
    fixed("started by", FROM, |call| compared(call, FIRST, |a, b| starts(b, a))),
    fixed("coincides", SAME, coincides),
];

/// What an argument has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Any,
    Range,
}

/// A range, or a point as a range from itself to itself.
struct Between<'a> {
    start: Option<&'a Value>,
    is_start_included: bool,
    end: Option<&'a Value>,
    is_end_included: bool,
}

/// True or false, or nothing when the ends cannot be compared.
type Answer = Option<bool>;

impl<'a> Between<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Range(range) => Self::of_range(range),
            point => Self {
                start: Some(point),
                is_start_included: true,
                end: Some(point),
                is_end_included: true,
            },
        }
    }

    fn of_range(range: &'a Range) -> Self {
        Self {
            start: range.start.as_ref(),
            is_start_included: range.is_start_included,
            end: range.end.as_ref(),
            is_end_included: range.is_end_included,
        }
    }

    /// Orders the start and that of another range.
    fn starts(&self, other: &Self) -> Option<Ordering> {
        match (self.start, other.start) {
            (Some(left), Some(right)) => order(left, right),
            (left, right) => Some(left.is_some().cmp(&right.is_some())),
        }
    }

    /// Orders the end and that of another range.
    fn ends(&self, other: &Self) -> Option<Ordering> {
        match (self.end, other.end) {
            (Some(left), Some(right)) => order(left, right),
            (left, right) => Some(left.is_none().cmp(&right.is_none())),
        }
    }

    /// Orders the end and the start of another range.
    fn end_to_start(&self, other: &Self) -> Option<Ordering> {
        match (self.end, other.start) {
            (Some(left), Some(right)) => order(left, right),
            _ => Some(Ordering::Greater),
        }
    }
}

fn before(left: &Between<'_>, right: &Between<'_>) -> Answer {
    let order = left.end_to_start(right)?;
    let is_shared = left.is_end_included && right.is_start_included;
    Some(order.is_lt() || order.is_eq() && !is_shared)
}

fn meets(left: &Between<'_>, right: &Between<'_>) -> Answer {
    let is_shared = left.is_end_included && right.is_start_included;
    Some(left.end_to_start(right)?.is_eq() && is_shared)
}

fn overlaps(left: &Between<'_>, right: &Between<'_>) -> Answer {
    Some(!before(left, right)? && !before(right, left)?)
}

fn overlaps_before(left: &Between<'_>, right: &Between<'_>) -> Answer {
    let (starts, ends) = (left.starts(right)?, left.ends(right)?);
    let is_earlier =
        starts.is_lt() || starts.is_eq() && left.is_start_included && !right.is_start_included;
    let is_ending =
        ends.is_lt() || ends.is_eq() && (!left.is_end_included || right.is_end_included);
    Some(is_earlier && is_ending && !before(left, right)?)
}

fn finishes(left: &Between<'_>, right: &Between<'_>) -> Answer {
    let (starts, ends) = (left.starts(right)?, left.ends(right)?);
    let is_inside =
        starts.is_gt() || starts.is_eq() && (!left.is_start_included || right.is_start_included);
    Some(ends.is_eq() && left.is_end_included == right.is_end_included && is_inside)
}

fn starts(left: &Between<'_>, right: &Between<'_>) -> Answer {
    let (starts, ends) = (left.starts(right)?, left.ends(right)?);
    let is_inside =
        ends.is_lt() || ends.is_eq() && (!left.is_end_included || right.is_end_included);
    Some(starts.is_eq() && left.is_start_included == right.is_start_included && is_inside)
}

fn includes(left: &Between<'_>, right: &Between<'_>) -> Answer {
    let (starts, ends) = (left.starts(right)?, left.ends(right)?);
    let is_from =
        starts.is_lt() || starts.is_eq() && (left.is_start_included || !right.is_start_included);
    let is_to = ends.is_gt() || ends.is_eq() && (left.is_end_included || !right.is_end_included);
    Some(is_from && is_to)
}

fn coincides(call: &mut Call<'_, '_>) -> Outcome {
    let is_range = |value: &Value| matches!(value, Value::Range(_));
    if is_range(&call.value(0)) != is_range(&call.value(1)) {
        return call.expected(1, "a point and a point, or a range and a range");
    }
    compared(call, &[Sort::Any, Sort::Any], |left, right| {
        let is_same = left.starts(right)?.is_eq() && left.ends(right)?.is_eq();
        let is_same_kind = left.is_start_included == right.is_start_included
            && left.is_end_included == right.is_end_included;
        Some(is_same && is_same_kind)
    })
}

/// Answers about two arguments that have to be of these sorts.
fn compared(
    call: &mut Call<'_, '_>,
    sorts: &[Sort],
    answer: fn(&Between<'_>, &Between<'_>) -> Answer,
) -> Outcome {
    for (place, sort) in sorts.iter().enumerate() {
        let value = call.value(place);
        if *sort == Sort::Range && !matches!(value, Value::Range(_)) {
            return call.expected(place, "a range");
        }
        let has_hole = matches!(&value, Value::Range(it) if it.form == RangeForm::NotEqual);
        if value.is_null() || has_hole {
            return call.expected(place, "a point or a range");
        }
    }
    let (left, right) = (call.value(0), call.value(1));
    call.evaluator.env.charge(left.weight().min(right.weight()))?;
    match answer(&Between::of(&left), &Between::of(&right)) {
        Some(answer) => Ok(answer.into()),
        None => call.expected(1, "values that can be compared"),
    }
}

const BOTH: &[Sort] = &[Sort::Range, Sort::Range];
const FIRST: &[Sort] = &[Sort::Range, Sort::Any];
const SECOND: &[Sort] = &[Sort::Any, Sort::Range];
const ANY: &[&[&str]] =
    &[&["point1", "point2"], &["point", "range"], &["range", "point"], &["range1", "range2"]];
const RANGES: &[&[&str]] = &[&["range1", "range2"]];
const INTO: &[&[&str]] = &[&["point", "range"], &["range1", "range2"]];
const FROM: &[&[&str]] = &[&["range", "point"], &["range1", "range2"]];
const SAME: &[&[&str]] = &[&["point1", "point2"], &["range1", "range2"]];
