//! Types: the built-in ones, item definitions, and what becomes of a value that does not have its type.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::graph::{Graph, Parameter};
use super::instance::is_instance;
use crate::feel::{Context, Date, Env, EvaluationError, UnaryTests, Value, evaluate_unary_tests};

/// A type as a `typeRef` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Any,
    Null,
    Boolean,
    Number,
    String,
    Date,
    Time,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Context,
    List,
    Range,
    Function,
    /// A place among the type definitions.
    Defined(u32),
}

/// An item definition, or a component of one.
#[derive(Debug)]
pub(super) struct TypeDefinition {
    pub(super) name: Arc<str>,
    pub(super) shape: Shape,
    pub(super) is_list: bool,
    /// What a value, or an item of a list, may be.
    pub(super) allowed: Option<UnaryTests>,
    /// What the value, or the list as a whole, must hold.
    pub(super) constraint: Option<UnaryTests>,
    /// The allowed values in their order, each by itself.
    pub(super) priorities: Vec<UnaryTests>,
}

#[derive(Debug)]
pub(super) enum Shape {
    Alias(Type),
    /// Places among the type definitions; each has its own name.
    Components(Vec<u32>),
    /// Parameters and the result.
    Function(Vec<Parameter>, Option<Type>),
}

/// Makes a value fit a type; `None` when it does not.
///
/// DMN 1.5 §10.3.2.9.4: what conforms stays as it is; a list of one stands for its item and the other way round; a
/// date stands for its midnight in UTC.
pub(super) fn coerce(
    graph: &Graph,
    value: &Value,
    wanted: Type,
    env: &mut Env,
) -> Result<Option<Value>, EvaluationError> {
    if conforms(graph, value, wanted, env)? {
        return Ok(Some(value.clone()));
    }
    let other = match value {
        Value::List(items) => match &***items {
            [only] => only.clone(),
            _ => return Ok(None),
        },
        Value::Date(date) if base(graph, wanted) == Type::DateTime => match midnight(*date) {
            Some(value) => value,
            None => return Ok(None),
        },
        other => Value::from(alloc::vec![other.clone()]),
    };
    Ok(conforms(graph, &other, wanted, env)?.then_some(other))
}

/// Tells whether a value has a type. Null has every type.
pub(super) fn conforms(
    graph: &Graph,
    value: &Value,
    wanted: Type,
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    conforms_beside(graph, value, wanted, &Context::new(), env)
}

/// Tells whether a value has a type, whose tests see the parts beside it.
fn conforms_beside(
    graph: &Graph,
    value: &Value,
    wanted: Type,
    siblings: &Context,
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    env.charge(1)?;
    let Type::Defined(place) = wanted else {
        return Ok(value.is_null() || is_built_in(value, wanted));
    };
    let Some(definition) = graph.types.get(place as usize) else { return Ok(false) };
    if value.is_null() {
        return Ok(true);
    }
    env.enter()?;
    let is_fit = conforms_definition(graph, value, definition, siblings, env);
    env.leave();
    is_fit
}

/// Tells whether a value other than null has not a built-in type.
pub(super) fn excludes(wanted: Type, value: &Value) -> bool {
    !matches!(wanted, Type::Defined(_)) && !value.is_null() && !is_built_in(value, wanted)
}

pub(super) fn is_built_in(value: &Value, wanted: Type) -> bool {
    matches!(
        (wanted, value),
        (Type::Any, _)
            | (Type::Null, Value::Null)
            | (Type::Boolean, Value::Bool(_))
            | (Type::Number, Value::Number(_))
            | (Type::String, Value::String(_))
            | (Type::Date, Value::Date(_))
            | (Type::Time, Value::Time(_))
            | (Type::DateTime, Value::DateTime(_))
            | (Type::DaysDuration, Value::DaysDuration(_))
            | (Type::MonthsDuration, Value::MonthsDuration(_))
            | (Type::Context, Value::Context(_))
            | (Type::List, Value::List(_))
            | (Type::Range, Value::Range(_))
            | (Type::Function, Value::Function(_))
    )
}

fn conforms_definition(
    graph: &Graph,
    value: &Value,
    definition: &TypeDefinition,
    siblings: &Context,
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    let is_fit = match (definition.is_list, value) {
        (true, Value::List(items)) => {
            let mut all = true;
            for item in items.iter() {
                all = all && conforms_item(graph, item, definition, siblings, env)?;
            }
            all
        }
        (true, _) => false,
        (false, value) => conforms_item(graph, value, definition, siblings, env)?,
    };
    match &definition.constraint {
        Some(tests) if is_fit => holds_beside(tests, value, siblings, env),
        _ => Ok(is_fit),
    }
}

fn conforms_item(
    graph: &Graph,
    value: &Value,
    definition: &TypeDefinition,
    siblings: &Context,
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    if value.is_null() {
        return Ok(true);
    }
    let is_fit = match (&definition.shape, value) {
        (Shape::Alias(wanted), value) => conforms(graph, value, *wanted, env)?,
        (Shape::Components(components), Value::Context(context)) => {
            conforms_components(graph, context, components, env)?
        }
        (Shape::Function(parameters, _), Value::Function(function)) => {
            function.arity() == parameters.len()
        }
        (Shape::Components(_) | Shape::Function(..), _) => false,
    };
    match (&definition.allowed, value) {
        (Some(tests), Value::List(items)) if is_fit => {
            // another name for a type of lists: as where the list is defined, each item may be meant
            let mut all = true;
            for item in items.iter() {
                all = all && holds_beside(tests, item, siblings, env)?;
            }
            Ok(all || holds_beside(tests, value, siblings, env)?)
        }
        (Some(tests), value) if is_fit => holds_beside(tests, value, siblings, env),
        _ => Ok(is_fit),
    }
}

fn conforms_components(
    graph: &Graph,
    context: &Context,
    components: &[u32],
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    for component in components {
        let Some(definition) = graph.types.get(*component as usize) else { return Ok(false) };
        let is_fit = match context.get(&definition.name) {
            Some(value) => conforms_beside(graph, value, Type::Defined(*component), context, env)?,
            None => false,
        };
        if !is_fit {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says what a value is that does not have a type.
pub(super) fn describe(graph: &Graph, value: &Value, wanted: Type) -> String {
    let mut text = String::new();
    let (mut value, mut wanted) = (value, wanted);
    for _ in 0..ALIASES_MAX {
        let definition = match wanted {
            Type::Defined(place) => graph.types.get(place as usize).filter(|it| !it.is_list),
            _ => None,
        };
        match (definition.map(|it| &it.shape), value) {
            (Some(Shape::Alias(next)), _) => wanted = *next,
            (Some(Shape::Components(parts)), Value::Context(context)) => {
                let Some((name, part)) = wrong_part(graph, context, parts) else { break };
                let Some(inner) = context.get(name) else {
                    return format!("{text}context without '{name}'");
                };
                text += &format!("context whose '{name}' is ");
                (value, wanted) = (inner, part);
            }
            _ => break,
        }
    }
    let is_typed = is_instance(graph, value, wanted, ALIASES_MAX);
    let reason = if is_typed { " that is not allowed" } else { "" };
    format!("{text}{}{reason}", value.type_name())
}

/// Returns the first part that is missing or has another type; parts may also not be allowed.
fn wrong_part<'g>(graph: &'g Graph, context: &Context, parts: &[u32]) -> Option<(&'g str, Type)> {
    let named =
        |place: &u32| Some((&*graph.types.get(*place as usize)?.name, Type::Defined(*place)));
    let is_wrong = |(name, wanted): &(&str, Type)| match context.get(name) {
        Some(Value::Null) => false,
        Some(part) => !is_instance(graph, part, *wanted, ALIASES_MAX),
        None => true,
    };
    parts.iter().filter_map(named).find(is_wrong)
}

/// Tells whether tests hold for a value; what cannot be said does not hold.
pub(super) fn holds(
    tests: &UnaryTests,
    value: &Value,
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    holds_beside(tests, value, &Context::new(), env)
}

fn holds_beside(
    tests: &UnaryTests,
    value: &Value,
    siblings: &Context,
    env: &mut Env,
) -> Result<bool, EvaluationError> {
    let warnings = env.warnings.len();
    let result = evaluate_unary_tests(tests, value, siblings, env)?;
    env.warnings.truncate(warnings);
    Ok(result == Value::Bool(true))
}

/// Returns the type of what a function of that type returns; a type that is no function's is its own.
pub(super) fn result_type(graph: &Graph, wanted: Type) -> Option<Type> {
    match base(graph, wanted) {
        Type::Function => None,
        Type::Defined(place) => match graph.types.get(place as usize).map(|it| &it.shape) {
            Some(Shape::Function(_, result)) => *result,
            _ => Some(wanted),
        },
        _ => Some(wanted),
    }
}

/// Returns the built-in type below aliases; what goes in circles is any.
fn base(graph: &Graph, wanted: Type) -> Type {
    let mut at = wanted;
    for _ in 0..=graph.types.len() {
        let Type::Defined(place) = at else { return at };
        match graph.types.get(place as usize) {
            Some(TypeDefinition { shape: Shape::Alias(next), is_list: false, .. }) => at = *next,
            _ => return at,
        }
    }
    Type::Any
}

fn midnight(date: Date) -> Option<Value> {
    format!("{date}T00:00:00Z").parse().ok().map(Value::DateTime)
}

/// How many names of one another a type may have; more are a circle.
pub(super) const ALIASES_MAX: u32 = 64;

impl Type {
    /// Returns the built-in type of that name, which may have the prefix of an old file or the name of another
    /// product.
    pub(super) fn built_in(name: &str) -> Option<Self> {
        Some(match name {
            "Any" | "any" => Self::Any,
            "Null" => Self::Null,
            "boolean" => Self::Boolean,
            "number" | "integer" | "long" | "double" => Self::Number,
            "string" => Self::String,
            "date" => Self::Date,
            "time" => Self::Time,
            "dateTime" | "date and time" => Self::DateTime,
            "dayTimeDuration" | "days and time duration" => Self::DaysDuration,
            "yearMonthDuration" | "years and months duration" => Self::MonthsDuration,
            "context" => Self::Context,
            "list" => Self::List,
            "range" => Self::Range,
            "function" => Self::Function,
            _ => return None,
        })
    }

    /// Returns its name for people.
    pub(super) fn name(self, graph: &Graph) -> &str {
        match self {
            Self::Any => "Any",
            Self::Null => "Null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date and time",
            Self::DaysDuration => "days and time duration",
            Self::MonthsDuration => "years and months duration",
            Self::Context => "context",
            Self::List => "list",
            Self::Range => "range",
            Self::Function => "function",
            Self::Defined(place) => {
                graph.types.get(place as usize).map_or("another type", |it| &it.name)
            }
        }
    }
}
