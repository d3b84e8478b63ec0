//! A set of values by the equality of FEEL.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::calendar::{Date, DaysDuration, MonthsDuration};
use super::super::decimal::Dec34;
use super::super::error::EvaluationError;
use super::super::evaluation::Call;
use super::super::value::Value;

/// The values seen so far, and how often.
#[derive(Default)]
pub(super) struct Seen {
    plain: BTreeMap<Plain, u32>,
    others: Vec<(Value, u32)>,
}

/// A value that can be ordered among all others; equal in FEEL means equal here.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Plain {
    Null,
    Bool(bool),
    Number(Dec34),
    String(Arc<str>),
    Date(Date),
    Time(bool, i128),
    DateTime(bool, i128),
    DaysDuration(DaysDuration),
    MonthsDuration(MonthsDuration),
}

impl Seen {
    /// Counts a value; returns how often it had been seen before.
    pub(super) fn add(
        &mut self,
        call: &mut Call<'_, '_>,
        value: &Value,
    ) -> Result<u32, EvaluationError> {
        // texts are compared with some of the others
        call.evaluator.env.charge(value.weight().saturating_add(3) / 4)?;
        let count = match plain(value) {
            Some(plain) => self.plain.entry(plain).or_default(),
            None => self.other(call, value)?,
        };
        let before = *count;
        *count = count.saturating_add(1);
        Ok(before)
    }

    fn other(
        &mut self,
        call: &mut Call<'_, '_>,
        value: &Value,
    ) -> Result<&mut u32, EvaluationError> {
        let mut found = None;
        for (place, (other, _)) in self.others.iter().enumerate() {
            if call.evaluator.equal(other, value)? == Some(true) {
                found = Some(place);
                break;
            }
        }
        let place = found.unwrap_or(self.others.len());
        if found.is_none() {
            self.others.push((value.clone(), 0));
        }
        match self.others.get_mut(place) {
            Some((_, count)) => Ok(count),
            // never taken: the place was found or just made
            None => Ok(self.plain.entry(Plain::Null).or_default()),
        }
    }
}

fn plain(value: &Value) -> Option<Plain> {
    Some(match value {
        Value::Null => Plain::Null,
        Value::Bool(value) => Plain::Bool(*value),
        Value::Number(value) => Plain::Number(*value),
        Value::String(value) => Plain::String(value.clone()),
        Value::Date(value) => Plain::Date(*value),
        Value::Time(value) => Plain::Time(value.offset().is_some(), value.utc_nanoseconds()),
        Value::DateTime(value) => {
            Plain::DateTime(value.offset().is_some(), value.utc_nanoseconds())
        }
        Value::DaysDuration(value) => Plain::DaysDuration(*value),
        Value::MonthsDuration(value) => Plain::MonthsDuration(*value),
        Value::List(_) | Value::Context(_) | Value::Range(_) | Value::Function(_) => return None,
    })
}
