//! The one place where the machine evaluates FEEL: variables of a scope, time of the command, fuel of the step.

use alloc::format;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::state::{State, named};
use super::{Incident, IncidentKind, Process};
use crate::bpmn::StaticOrExpression;
use crate::feel::{self, Context, Env, Expression, Scope, Value, Warning, json};
use crate::kernel::{Cx, Symbols};
use crate::record::Key;

/// What is asked for: for the text of an incident, and what kind it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// What the value is for, such as `the job type`.
    pub what: &'a str,
    /// The element or flow that wants it.
    pub id: &'a str,
    /// The kind of incident if it cannot be had.
    pub kind: IncidentKind,
}

/// From where an expression is evaluated.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sight<'a> {
    /// The innermost scope; none where nothing runs yet.
    pub scope: Option<Key>,
    /// What earlier mappings found.
    pub found: Option<&'a Context>,
}

/// The variables that an expression sees: those found so far, then those of a scope and of the scopes around it.
pub(crate) struct Visible<'a> {
    pub state: &'a State,
    pub symbols: &'a Symbols,
    pub sight: Sight<'a>,
}

impl Scope for Visible<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.sight.found.and_then(|found| found.get(name)) {
            return Some(value.clone());
        }
        let (_, row) = self.state.variable(self.sight.scope?, self.symbols.find(name)?)?;
        Some(row.value.clone())
    }

    fn names(&self) -> Vec<Arc<str>> {
        let found = self.sight.found.into_iter().flat_map(Context::iter);
        let mut names: Vec<_> = found.map(|(name, _)| name.clone()).take(NAMES_MAX).collect();
        let mut next = self.sight.scope;
        // Ends: scopes are a tree, and no scope is its own ancestor.
        while let Some(scope) = next {
            let left = NAMES_MAX.saturating_sub(names.len());
            let rows = self.state.variables.range(named(scope)).take(left);
            names.extend(rows.map(|((_, name), _)| self.symbols.name(*name)));
            next = self.state.elements.get(&scope).and_then(|it| it.scope);
        }
        names
    }
}

impl Sight<'_> {
    /// Sees what stands in a scope and around it.
    pub(crate) fn within(scope: Key) -> Self {
        Self { scope: Some(scope), found: None }
    }
}

/// Evaluates an expression to a value as variables hold it: of dates, times and durations their text.
pub(crate) fn any(
    cx: &mut Cx<'_, Process>,
    sight: Sight<'_>,
    asked: Asked<'_>,
    expression: &Expression,
) -> Result<Value, Incident> {
    let (value, warnings) = evaluate(cx, sight, asked, expression)?;
    // What holds its parts many times is small only here: stored, it is written out.
    let weight_max = u64::from(cx.limits().step_bytes);
    if value.weight() > weight_max {
        let expected = format!("a value of weight {weight_max} at most");
        let wanted = Wanted { asked, expected: &expected, expression };
        return Err(wrong(cx, sight, wanted, &json::brief(&value), &warnings));
    }
    match value.transient() {
        None => Ok(value.into_stored()),
        Some(kind) => {
            let wanted = Wanted { asked, expected: "a value that can be stored", expression };
            Err(wrong(cx, sight, wanted, &format!("a {kind}"), &warnings))
        }
    }
}

/// Evaluates a text or an expression; a text is its own value.
pub(crate) fn any_or_static(
    cx: &mut Cx<'_, Process>,
    sight: Sight<'_>,
    asked: Asked<'_>,
    source: &StaticOrExpression,
) -> Result<Value, Incident> {
    match source {
        StaticOrExpression::Static(text) => Ok(Value::String(text.clone())),
        StaticOrExpression::Expression(it) => any(cx, sight, asked, it),
    }
}

/// Evaluates what must be true or false.
pub(crate) fn boolean(
    cx: &mut Cx<'_, Process>,
    scope: Key,
    asked: Asked<'_>,
    expression: &Expression,
) -> Result<bool, Incident> {
    let wanted = Wanted { asked, expected: "true or false", expression };
    made(cx, Sight::within(scope), wanted, Value::as_bool)
}

/// Evaluates what must be a text that is not empty.
pub(crate) fn text(
    cx: &mut Cx<'_, Process>,
    scope: Option<Key>,
    asked: Asked<'_>,
    source: &StaticOrExpression,
) -> Result<Arc<str>, Incident> {
    convert(cx, scope, asked, source, "a text", |value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    })
}

/// Evaluates how often a job is tried: a whole number, or the text of one.
pub(crate) fn retries(
    cx: &mut Cx<'_, Process>,
    scope: Key,
    asked: Asked<'_>,
    source: &StaticOrExpression,
) -> Result<i32, Incident> {
    let expected = format!("a whole number from 1 to {}", i32::MAX);
    convert(cx, Some(scope), asked, source, &expected, |value| {
        let number = match value {
            Value::Number(number) => number.to_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        i32::try_from(number?).ok().filter(|it| *it > 0)
    })
}

/// Evaluates what tells one receiver of a message from others: a text or a number, as text.
pub(crate) fn correlation_key(
    cx: &mut Cx<'_, Process>,
    scope: Key,
    asked: Asked<'_>,
    expression: &Expression,
) -> Result<Arc<str>, Incident> {
    let wanted = Wanted { asked, expected: "a text or a number", expression };
    made(cx, Sight::within(scope), wanted, |value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    })
}

/// Evaluates what a function can make something of.
pub(crate) fn convert<T>(
    cx: &mut Cx<'_, Process>,
    scope: Option<Key>,
    asked: Asked<'_>,
    source: &StaticOrExpression,
    expected: &str,
    make: impl FnOnce(&Value) -> Option<T>,
) -> Result<T, Incident> {
    match source {
        StaticOrExpression::Static(text) => {
            let found = Value::String(text.clone());
            make(&found).ok_or_else(|| {
                let found = json::brief(&found);
                let (what, id) = (asked.what, asked.id);
                Incident::new(
                    asked.kind,
                    format!("expected {what} of '{id}' to be {expected}, found {found}"),
                )
            })
        }
        StaticOrExpression::Expression(expression) => {
            let sight = Sight { scope, found: None };
            made(cx, sight, Wanted { asked, expected, expression }, make)
        }
    }
}

/// What an expression must give.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    asked: Asked<'a>,
    expected: &'a str,
    expression: &'a Expression,
}

fn made<T>(
    cx: &mut Cx<'_, Process>,
    sight: Sight<'_>,
    wanted: Wanted<'_>,
    make: impl FnOnce(&Value) -> Option<T>,
) -> Result<T, Incident> {
    let (value, warnings) = evaluate(cx, sight, wanted.asked, wanted.expression)?;
    make(&value).ok_or_else(|| wrong(cx, sight, wanted, &json::brief(&value), &warnings))
}

fn evaluate(
    cx: &mut Cx<'_, Process>,
    sight: Sight<'_>,
    asked: Asked<'_>,
    expression: &Expression,
) -> Result<(Value, Vec<Warning>), Incident> {
    let fuel = FUEL_MAX.min(cx.limits().step_fuel);
    let mut env = Env::new(cx.now().0).with_fuel(fuel);
    if RANDOM.iter().any(|name| expression.source().contains(name)) {
        env = env.with_random(cx.draw(), draw);
    }
    let view = cx.view();
    let visible = Visible { state: view.tables, symbols: &view.kernel.symbols, sight };
    let result = feel::evaluate(expression, &visible, &mut env).map_err(|error| {
        let (what, id) = (asked.what, asked.id);
        let place = env.stop().map(|it| format!("; {it}")).unwrap_or_default();
        let values = expression.values_in(&visible);
        let text =
            format!("expected {what} of '{id}' to be evaluated, found: {error}{place}{values}");
        Incident::new(asked.kind, text)
    });
    cx.spend_fuel(fuel.saturating_sub(env.fuel()));
    result.map(|value| (value, env.warnings))
}

/// Tells what was expected and found, the expression, why parts of it are null, and the values of its variables.
fn wrong(
    cx: &Cx<'_, Process>,
    sight: Sight<'_>,
    wanted: Wanted<'_>,
    found: &str,
    warnings: &[Warning],
) -> Incident {
    let Wanted { asked: Asked { what, id, kind }, expected, expression } = wanted;
    let source = expression.source();
    let mut text = format!("expected {what} of '{id}' to be {expected}, found {found}");
    text.push_str(&format!("; expression '{source}'"));
    for warning in warnings.iter().take(WARNINGS_SHOWN_MAX) {
        let (start, end) = (warning.span.start as usize, warning.span.end as usize);
        let part = source.get(start..end).unwrap_or(source);
        text.push_str(&format!("; '{part}': {}", warning.reason));
    }
    let visible = Visible { state: cx.state(), symbols: cx.symbols(), sight };
    text.push_str(&expression.values_in(&visible));
    Incident::new(kind, text)
}

/// Draws numbers for an expression.
pub(crate) fn draw(key: &[u8; 32], draw: u64) -> u64 {
    let hash = blake3::keyed_hash(key, &draw.to_le_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// The fuel of one expression, unless a whole step has less.
const FUEL_MAX: u64 = feel::limits::FUEL_DEFAULT;
/// What an expression says that wants randomness; drawing for all would cost a hash each.
const RANDOM: &[&str] = &["random", "uuid"];
/// How many names are searched for one that was misspelt.
const NAMES_MAX: usize = 256;
const WARNINGS_SHOWN_MAX: usize = 3;
