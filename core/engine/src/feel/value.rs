//! The values of FEEL. All are immutable, cheap to clone, `Send` and `Sync`.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use super::calendar::{Date, DateTime, DaysDuration, Duration, MonthsDuration, Time};
use super::context::Context;
use super::decimal::Dec34;
use super::function::Function;

/// A value of FEEL.
///
/// `==` compares structure: types must agree, contexts ignore the order of their entries, instants compare by
/// their fields. The `=` of the language, which is ternary, is part of evaluation.
// The tag is as wide as the payload is aligned: values are moved in whole words then, which is twice as fast.
#[repr(u64)]
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A decimal number.
    Number(Dec34),
    /// Text.
    String(Arc<str>),
    /// Values in order.
    List(Arc<List>),
    /// Named values.
    Context(Arc<Context>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day with a time of day.
    DateTime(DateTime),
    /// A days and time duration.
    DaysDuration(DaysDuration),
    /// A years and months duration.
    MonthsDuration(MonthsDuration),
    /// All values between two.
    Range(Arc<Range>),
    /// Something that can be called.
    Function(Arc<Function>),
}

/// Values in order. It knows its depth and weight, so that neither has to be searched for.
#[derive(Clone, Default, PartialEq)]
pub struct List {
    items: Vec<Value>,
    measure: Measure,
}

/// All values between two ends; a missing end means that the range goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The lower end.
    pub start: Option<Value>,
    /// Whether the lower end belongs to it.
    pub is_start_included: bool,
    /// The upper end.
    pub end: Option<Value>,
    /// Whether the upper end belongs to it.
    pub is_end_included: bool,
    /// How it is written.
    pub form: RangeForm,
}

/// How a range is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RangeForm {
    /// With its ends: `[1..3]`, `(< 3)`.
    #[default]
    Ends,
    /// `(= 3)`: from a value to itself.
    Equal,
    /// `(!= 3)`: everything but a value, which is both ends.
    NotEqual,
}

/// How deep and how large a compound value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    depth: u32,
    weight: u64,
}

impl Value {
    /// Returns the name of the type, as `instance of` has it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Context(_) => "context",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::DateTime(_) => "date and time",
            Self::DaysDuration(_) => "days and time duration",
            Self::MonthsDuration(_) => "years and months duration",
            Self::Range(_) => "range",
            Self::Function(_) => "function",
        }
    }

    /// Tells whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the boolean it is.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Returns the number it is.
    pub fn as_number(&self) -> Option<Dec34> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }

    /// Returns the text it is.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(value) = self { Some(value) } else { None }
    }

    /// Returns the items of the list it is.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(value) = self { Some(value) } else { None }
    }

    /// Returns the context it is.
    pub fn as_context(&self) -> Option<&Context> {
        if let Self::Context(value) = self { Some(value) } else { None }
    }

    /// Returns how many lists, contexts, ranges and functions stand inside one another; zero for a plain value.
    pub fn depth(&self) -> u32 {
        match self {
            Self::List(list) => list.measure.depth(),
            Self::Context(context) => context.measure().depth(),
            Self::Range(range) => range.measure().depth(),
            Self::Function(function) => function.measure().depth(),
            _ => 0,
        }
    }

    /// Returns its size: one per value inside, per byte of text and name, and per digit of an enormous number.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Number(number) => number.bulk().saturating_add(1),
            Self::String(text) => (text.len() as u64).saturating_add(1),
            Self::List(list) => list.measure.weight(),
            Self::Context(context) => context.measure().weight(),
            Self::Range(range) => range.measure().weight(),
            Self::Function(function) => function.measure().weight(),
            _ => 1,
        }
    }
}

impl List {
    /// Returns the items.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: Value) {
        self.measure.add(&item);
        self.items.push(item);
    }
}

impl Range {
    pub(crate) fn measure(&self) -> Measure {
        let mut measure = Measure::default();
        self.start.iter().chain(&self.end).for_each(|value| measure.add(value));
        measure
    }
}

impl Measure {
    /// Returns the depth of the compound value with what was added inside.
    pub(crate) fn depth(self) -> u32 {
        self.depth.saturating_add(1)
    }

    /// Returns the weight of the compound value with what was added inside.
    pub(crate) fn weight(self) -> u64 {
        self.weight.saturating_add(1)
    }

    /// Adds a value inside.
    pub(crate) fn add(&mut self, value: &Value) {
        self.add_parts(value.depth(), value.weight());
    }

    /// Adds a value of this depth and weight inside.
    pub(crate) fn add_parts(&mut self, depth: u32, weight: u64) {
        self.depth = self.depth.max(depth);
        self.weight = self.weight.saturating_add(weight);
    }

    /// Takes a value out and another one in; fails when everything has to be measured again.
    pub(crate) fn replace(&mut self, old: &Value, depth: u32, weight: u64) -> bool {
        let is_deepest = old.depth() == self.depth && depth < self.depth;
        if is_deepest || self.weight == u64::MAX {
            return false;
        }
        self.weight = self.weight.saturating_sub(old.weight());
        self.add_parts(depth, weight);
        true
    }

    /// Adds a name of that many bytes inside.
    pub(crate) fn add_name(&mut self, bytes: usize) {
        self.weight = self.weight.saturating_add(bytes as u64);
    }
}

impl fmt::Display for Value {
    /// Writes it as FEEL would, texts in quotes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&super::text::print(self))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::String(left), Self::String(right)) => left == right,
            (Self::List(left), Self::List(right)) => left == right,
            (Self::Context(left), Self::Context(right)) => left == right,
            (Self::Date(left), Self::Date(right)) => left == right,
            (Self::Time(left), Self::Time(right)) => left == right,
            (Self::DateTime(left), Self::DateTime(right)) => left == right,
            (Self::DaysDuration(left), Self::DaysDuration(right)) => left == right,
            (Self::MonthsDuration(left), Self::MonthsDuration(right)) => left == right,
            (Self::Range(left), Self::Range(right)) => left == right,
            (Self::Function(left), Self::Function(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }
}

impl fmt::Debug for List {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.items).finish()
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        let mut measure = Measure::default();
        items.iter().for_each(|item| measure.add(item));
        Self { items, measure }
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        match duration {
            Duration::Days(days) => Self::DaysDuration(days),
            Duration::Months(months) => Self::MonthsDuration(months),
        }
    }
}

impl From<Dec34> for Value {
    fn from(value: Dec34) -> Self {
        Self::Number(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(value.into())
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(Arc::new(items.into()))
    }
}

impl From<Context> for Value {
    fn from(context: Context) -> Self {
        Self::Context(Arc::new(context))
    }
}

impl From<DateTime> for Value {
    fn from(value: DateTime) -> Self {
        Self::DateTime(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}
