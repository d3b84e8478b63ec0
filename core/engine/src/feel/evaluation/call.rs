//! Calls of built-in functions and of functions as values.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::builtins::{self, Builtin};
use super::super::env::Dialect;
use super::super::expression::Span;
use super::super::function::{Function, FunctionKind};
use super::super::suggest::suggestion;
use super::super::syntax::ast::{Arguments, Callee, FunctionNode, Kind, Type};
use super::super::syntax::write_type;
use super::super::value::Value;
use super::super::warning::WarningCode;
use super::{EvaluationError, Evaluator, Frame, Outcome};

/// A call of a built-in function under way.
pub(in super::super) struct Call<'c, 'e> {
    pub(in super::super) evaluator: &'c mut Evaluator<'e>,
    pub(in super::super) builtin: &'static Builtin,
    pub(in super::super) arguments: Vec<Value>,
    /// The parameters, when the arguments were given by name.
    pub(in super::super) named: Option<&'static [&'static str]>,
    pub(in super::super) span: Span,
}

/// Arguments and, if they were given by name, their names.
type Given = (Vec<Value>, Vec<Arc<str>>);

impl Evaluator<'_> {
    pub(super) fn call(
        &mut self,
        callee: &Callee,
        arguments: &Arguments,
        span: Span,
        frame: &Frame<'_>,
    ) -> Outcome {
        let function = match callee {
            Callee::Builtin(builtin) => {
                let given = self.arguments(arguments, frame)?;
                return self.call_builtin(builtin, given, span);
            }
            Callee::Node(node) => match &node.kind {
                Kind::Variable(name) => match frame.lookup(name).map(Cow::into_owned) {
                    Some(value @ Value::Function(_)) => value,
                    found => match (builtins::find(name), found) {
                        // a name of the caller that happens to be that of a function
                        (Some(builtin), _) => {
                            let given = self.arguments(arguments, frame)?;
                            return self.call_builtin(builtin, given, span);
                        }
                        (None, Some(value)) => value,
                        (None, None) => return self.no_function(name, node.span),
                    },
                },
                _ => self.evaluate(node, frame)?,
            },
        };
        let Value::Function(function) = &function else {
            let reason = format!("expected a function, found {}", function.type_name());
            return self.null(span, WarningCode::NoFunctionFound, reason);
        };
        let (values, names) = self.arguments(arguments, frame)?;
        match in_order(values, &names, &function.parameters()) {
            Some(values) => self.invoke(function, &values, span),
            None => {
                let parameters = function.parameters().join(", ");
                let reason = format!("expected the arguments ({parameters}), found others");
                self.null(span, WarningCode::FunctionInvocationFailure, reason)
            }
        }
    }

    fn no_function(&mut self, name: &str, span: Span) -> Outcome {
        let meant = match self.env.is_suggesting() {
            true => suggestion(name, builtins::names(self.env.dialect())),
            false => String::new(),
        };
        let reason = format!("expected a function '{name}', found none{meant}");
        self.null(span, WarningCode::NoFunctionFound, reason)
    }

    /// Calls a function value with arguments in order.
    pub(in super::super) fn invoke(
        &mut self,
        function: &Function,
        arguments: &[Value],
        span: Span,
    ) -> Outcome {
        let (expected, found) = (function.arity(), arguments.len());
        if expected != found {
            let reason = format!("expected {expected} arguments, found {found}");
            return self.null(span, WarningCode::FunctionInvocationFailure, reason);
        }
        self.env.charge(1)?;
        self.env.enter()?;
        let value = match function.kind() {
            FunctionKind::Lambda(node, captured, source) => {
                let itself = function.itself();
                let captured = Frame::captured(captured);
                let frame = itself.as_ref().map(|(name, value)| captured.with(name, value));
                self.env.in_source(source.as_ref(), |env| {
                    let outer = frame.as_ref().unwrap_or(&captured);
                    Evaluator { env }.invoke_lambda(node, outer, arguments, span)
                })
            }
            FunctionKind::External(external) => external.invoke(arguments, self.env),
        };
        self.env.leave();
        self.env.check(value?)
    }

    fn invoke_lambda(
        &mut self,
        node: &FunctionNode,
        outer: &Frame<'_>,
        arguments: &[Value],
        span: Span,
    ) -> Outcome {
        let mut converted = Vec::with_capacity(arguments.len());
        for ((value, wanted), name) in arguments.iter().zip(&node.types).zip(&node.parameters) {
            match wanted.as_ref().map_or(Some(value.clone()), |it| self.converted(value, it)) {
                Some(value) => converted.push((name.clone(), value)),
                None => {
                    let (expected, found) = (wanted_name(wanted.as_ref()), value.type_name());
                    let reason = format!("expected '{name}' to be {expected}, found {found}");
                    return self.null(span, WarningCode::FunctionInvocationFailure, reason);
                }
            }
        }
        self.evaluate(&node.body, &outer.with_names(&converted))
    }

    fn call_builtin(&mut self, builtin: &'static Builtin, given: Given, span: Span) -> Outcome {
        let (values, names) = given;
        if builtin.is_extension && self.env.dialect() == Dialect::Dmn {
            return self.no_function(builtin.name, span);
        }
        let named = builtin.signature(&names).filter(|_| !names.is_empty());
        let arguments = match (names.is_empty(), named) {
            (true, _) => builtin.accepts(values.len()).then_some(values),
            (false, Some(signature)) => in_order(values, &names, signature),
            (false, None) => None,
        };
        match arguments {
            Some(mut arguments) => {
                let is_many = named.and_then(<[&str]>::last).is_some_and(|it| MANY.contains(it));
                if is_many && let Some(Value::List(items)) = arguments.last().cloned() {
                    arguments.pop();
                    arguments.extend(items.iter().cloned());
                }
                let mut call = Call { evaluator: self, builtin, arguments, named, span };
                let value = (builtin.function)(&mut call)?;
                self.env.check(value)
            }
            None => {
                let usage: Vec<String> =
                    builtin.signatures.iter().map(|it| format!("({})", it.join(", "))).collect();
                let (name, usage) = (builtin.name, usage.join(" or "));
                let reason = format!("expected the arguments of {name}{usage}, found others");
                self.null(span, WarningCode::FunctionInvocationFailure, reason)
            }
        }
    }

    fn arguments(
        &mut self,
        arguments: &Arguments,
        frame: &Frame<'_>,
    ) -> Result<Given, EvaluationError> {
        let mut values = Vec::new();
        match arguments {
            Arguments::Positional(nodes) => {
                for node in nodes {
                    values.push(self.evaluate(node, frame)?);
                }
                Ok((values, Vec::new()))
            }
            Arguments::Named(nodes) => {
                for (_, node) in nodes {
                    values.push(self.evaluate(node, frame)?);
                }
                Ok((values, nodes.iter().map(|(name, _)| name.clone()).collect()))
            }
        }
    }
}

/// Parameters that stand for any number of arguments; by name they are given as a list.
const MANY: &[&str] = &["lists", "items", "contexts"];

/// Puts named arguments into the order of the parameters; one that is not given is null.
fn wanted_name(wanted: Option<&Type>) -> String {
    let mut text = String::new();
    // writing to a string does not fail
    let _ = wanted.map(|it| write_type(&mut text, it));
    text
}

fn in_order<P: AsRef<str>>(
    values: Vec<Value>,
    names: &[Arc<str>],
    parameters: &[P],
) -> Option<Vec<Value>> {
    if names.is_empty() {
        return (values.len() == parameters.len()).then_some(values);
    }
    let is_known = |name: &Arc<str>| parameters.iter().any(|it| it.as_ref() == &**name);
    if !names.iter().all(is_known) {
        return None;
    }
    let value = |parameter: &P| {
        let place = names.iter().position(|name| &**name == parameter.as_ref());
        place.and_then(|place| values.get(place)).cloned().unwrap_or_default()
    };
    Some(parameters.iter().map(value).collect())
}
