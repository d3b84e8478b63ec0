//! The evaluator: a walk over the syntax tree that pays fuel for every step and counts its depth.

mod arithmetic;
mod call;
mod compare;
mod frame;
mod iterate;
mod membership;
mod operators;
mod properties;
mod select;
mod types;

pub(super) use call::Call;
pub(super) use compare::{equal, order};
pub(super) use frame::Frame;
pub(crate) use iterate::Walk;
pub(super) use operators::not;

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::context::Context;
use super::env::{Env, EvaluationError};
use super::expression::Span;
use super::function::Function;
use super::suggest::suggestion;
use super::syntax::ast::{FunctionNode, Kind, Node};
use super::value::Value;
use super::warning::WarningCode;

/// A value, or why there cannot be one.
pub(super) type Outcome = Result<Value, EvaluationError>;

/// One evaluation under way.
pub(super) struct Evaluator<'e> {
    pub(super) env: &'e mut Env,
}

impl Evaluator<'_> {
    /// Evaluates a node.
    pub(super) fn evaluate(&mut self, node: &Node, frame: &Frame<'_>) -> Outcome {
        self.operand(node, frame).map(Cow::into_owned)
    }

    /// Evaluates a node without copying a constant or a value of the expression's own names.
    fn operand<'a>(
        &mut self,
        node: &'a Node,
        frame: &'a Frame<'a>,
    ) -> Result<Cow<'a, Value>, EvaluationError> {
        self.env.charge(1)?;
        match &node.kind {
            Kind::Constant(value) => Ok(Cow::Borrowed(value)),
            Kind::Variable(name) => Ok(self.variable(name, node.span, frame)),
            _ => {
                self.env.enter()?;
                let value = self.compound(node, frame);
                self.env.leave();
                value.map(Cow::Owned)
            }
        }
    }

    fn compound(&mut self, node: &Node, frame: &Frame<'_>) -> Outcome {
        match &node.kind {
            Kind::Constant(value) => Ok(value.clone()),
            Kind::Variable(name) => Ok(self.variable(name, node.span, frame).into_owned()),
            Kind::Failed(reason) => self.null(node.span, WarningCode::InvalidType, reason.clone()),
            Kind::Negate(operand) => self.negate(operand, node.span, frame),
            Kind::Arithmetic(first, rest) => self.arithmetic(first, rest, node.span, frame),
            Kind::And(nodes) => self.connected(nodes, false, frame),
            Kind::Or(nodes) => self.connected(nodes, true, frame),
            Kind::Compare(operator, pair) => self.compare(*operator, pair, node.span, frame),
            Kind::Between(operands) => self.between(operands, node.span, frame),
            Kind::In(value, tests) => self.is_in(value, tests, node.span, frame),
            Kind::InstanceOf(operand, wanted) => {
                self.instance_of(operand, wanted, node.span, frame)
            }
            Kind::If(branches, otherwise) => self.conditional(branches, otherwise, frame),
            Kind::For(iterators, it) => self.collect(iterators, it, frame),
            Kind::Quantified(quantifier, iterators, condition) => {
                self.quantified(*quantifier, iterators, condition, frame)
            }
            Kind::Path(base, name) => self.path(base, name, node.span, frame),
            Kind::Filter(base, condition) => self.filter(base, condition, node.span, frame),
            Kind::List(nodes) => self.list(nodes, frame),
            Kind::Context(entries) => self.context(entries, frame),
            Kind::Range(range) => self.range(range, node.span, frame),
            Kind::Function(function) => self.function(function, frame),
            Kind::Call(callee, arguments) => self.call(callee, arguments, node.span, frame),
        }
    }

    fn variable<'a>(&mut self, name: &str, span: Span, frame: &'a Frame<'a>) -> Cow<'a, Value> {
        if let Some(value) = frame.lookup(name) {
            return value;
        }
        self.no_variable(name, span, frame);
        Cow::Owned(Value::Null)
    }

    /// Notes that there is no variable of that name.
    #[cold]
    fn no_variable(&mut self, name: &str, span: Span, frame: &Frame<'_>) {
        let meant = match self.env.is_suggesting() {
            true => suggestion(name, frame.names().into_iter()),
            false => String::new(),
        };
        let reason = format!("expected a variable '{name}', found none{meant}");
        self.env.warn(span, WarningCode::NoVariableFound, reason);
    }

    fn list(&mut self, nodes: &[Node], frame: &Frame<'_>) -> Outcome {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            items.push(self.evaluate(node, frame)?);
        }
        self.env.check(items.into())
    }

    fn context(&mut self, entries: &[(Arc<str>, Node)], frame: &Frame<'_>) -> Outcome {
        let mut context = Context::new();
        for (name, node) in entries {
            let value = self.evaluate(node, &frame.with_context(&context))?;
            context.insert(name.clone(), value);
        }
        self.env.check(context.into())
    }

    /// Makes a function of a literal and the values of the names that it takes from outside.
    fn function(&mut self, function: &Arc<FunctionNode>, frame: &Frame<'_>) -> Outcome {
        self.env.charge(function.captures.len() as u64)?;
        let captured = function
            .captures
            .iter()
            .filter_map(|name| frame.lookup(name).map(|value| (name.clone(), value.into_owned())));
        let function = Function::lambda(function.clone(), captured.collect());
        self.env.check(Value::Function(Arc::new(function)))
    }

    fn conditional(
        &mut self,
        branches: &[(Node, Node)],
        otherwise: &Node,
        frame: &Frame<'_>,
    ) -> Outcome {
        for (condition, result) in branches {
            let value = self.operand(condition, frame)?;
            if let Value::Bool(true) = *value {
                return self.evaluate(result, frame);
            }
            if value.as_bool().is_none() {
                let found = value.type_name();
                let reason = format!("expected a boolean condition, found {found}");
                self.env.warn(condition.span, WarningCode::InvalidType, reason);
            }
        }
        self.evaluate(otherwise, frame)
    }

    /// Notes why a node is null and returns null.
    pub(super) fn null(
        &mut self,
        span: Span,
        code: WarningCode,
        reason: impl Into<String>,
    ) -> Outcome {
        self.env.warn(span, code, reason);
        Ok(Value::Null)
    }
}
