//! Calls of built-in functions and of functions as values.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::builtins::Builtin;
use super::super::context::Context;
use super::super::expression::Span;
use super::super::function::{Function, FunctionKind};
use super::super::syntax::ast::{Arguments, Callee, FunctionNode};
use super::super::value::Value;
use super::types::is_instance;
use super::{EvaluationError, Evaluator, Frame, Outcome};

/// A call of a built-in function under way.
pub(in super::super) struct Call<'c, 'e> {
    pub(in super::super) evaluator: &'c mut Evaluator<'e>,
    pub(in super::super) builtin: &'static Builtin,
    pub(in super::super) arguments: Vec<Value>,
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
            Callee::Node(node) => self.evaluate(node, frame)?,
        };
        let Value::Function(function) = &function else {
            let found = function.type_name();
            return self.null(span, format!("expected a function, found {found}"));
        };
        let (values, names) = self.arguments(arguments, frame)?;
        match in_order(values, &names, &function.parameters()) {
            Some(values) => self.invoke(function, &values, span),
            None => {
                let parameters = function.parameters().join(", ");
                self.null(span, format!("expected the arguments ({parameters}), found others"))
            }
        }
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
            return self.null(span, format!("expected {expected} arguments, found {found}"));
        }
        self.env.charge(1)?;
        self.env.enter()?;
        let value = match function.kind() {
            FunctionKind::Lambda(node, captured) => {
                self.invoke_lambda(node, captured, arguments, span)
            }
            FunctionKind::External(external) => external.invoke(arguments, self.env),
        };
        self.env.leave();
        self.env.check(value?)
    }

    fn invoke_lambda(
        &mut self,
        node: &FunctionNode,
        captured: &Context,
        arguments: &[Value],
        span: Span,
    ) -> Outcome {
        for ((value, wanted), name) in arguments.iter().zip(&node.types).zip(&node.parameters) {
            let is_fit = wanted
                .as_ref()
                .is_none_or(|it| value.is_null() || is_instance(value, it) == Some(true));
            if !is_fit {
                let found = value.type_name();
                return self
                    .null(span, format!("expected another type for '{name}', found {found}"));
            }
        }
        let names = node.parameters.iter().cloned().zip(arguments.iter().cloned());
        let names: Vec<_> = names.collect();
        let outer = Frame::captured(captured);
        self.evaluate(&node.body, &outer.with_names(&names))
    }

    fn call_builtin(&mut self, builtin: &'static Builtin, given: Given, span: Span) -> Outcome {
        let (values, names) = given;
        let arguments = match names.is_empty() {
            true => builtin.accepts(values.len()).then_some(values),
            false => {
                builtin.signature(&names).and_then(|signature| in_order(values, &names, signature))
            }
        };
        match arguments {
            Some(arguments) => {
                let mut call = Call { evaluator: self, builtin, arguments, span };
                let value = (builtin.function)(&mut call)?;
                self.env.check(value)
            }
            None => {
                let usage: Vec<String> =
                    builtin.signatures.iter().map(|it| format!("({})", it.join(", "))).collect();
                let (name, usage) = (builtin.name, usage.join(" or "));
                self.null(span, format!("expected the arguments of {name}{usage}, found others"))
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

/// Puts named arguments into the order of the parameters; one that is not given is null.
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
