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
pub(super) use operators::{make_range, not};

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::context::Context;
use super::env::{Dialect, Env};
use super::error::EvaluationError;
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

/// What a condition says.
enum Truth {
    Known(bool),
    Null,
    /// A value of that type, which is no truth value.
    Other(&'static str),
}

impl Truth {
    fn of(value: &Value) -> Self {
        match value {
            Value::Bool(it) => Self::Known(*it),
            Value::Null => Self::Null,
            other => Self::Other(other.type_name()),
        }
    }
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
        if self.env.is_tracing() {
            return self.traced(node, frame).map(Cow::Owned);
        }
        self.part(node, frame)
    }

    fn part<'a>(
        &mut self,
        node: &'a Node,
        frame: &'a Frame<'a>,
    ) -> Result<Cow<'a, Value>, EvaluationError> {
        self.env.charge(1)?;
        match &node.kind {
            Kind::Constant(value) => Ok(Cow::Borrowed(value)),
            Kind::Variable(name) => Ok(self.variable(name, node.span, frame)),
            _ => self.deeper(|it| it.compound(node, frame)).map(Cow::Owned),
        }
    }

    /// Evaluates a node and goes on with its value where it stands: moving a value takes as long as comparing two.
    fn with_operand<T>(
        &mut self,
        node: &Node,
        frame: &Frame<'_>,
        then: impl FnOnce(&mut Self, &Value) -> Result<T, EvaluationError>,
    ) -> Result<T, EvaluationError> {
        let made;
        if self.env.is_tracing() {
            made = self.traced(node, frame)?;
            return then(self, &made);
        }
        self.env.charge(1)?;
        let value = match &node.kind {
            Kind::Constant(value) => value,
            Kind::Variable(name) => match frame.lookup(name) {
                Some(Cow::Borrowed(value)) => value,
                Some(Cow::Owned(value)) => {
                    made = value;
                    &made
                }
                None => {
                    self.no_variable(name, node.span, frame);
                    &Value::Null
                }
            },
            Kind::Range(range) if let Some(value) = &range.constant => value,
            _ => {
                made = self.deeper(|it| it.compound(node, frame))?;
                &made
            }
        };
        then(self, value)
    }

    /// Evaluates a node and keeps its value for those who ask why.
    #[cold]
    #[inline(never)]
    fn traced(&mut self, node: &Node, frame: &Frame<'_>) -> Outcome {
        if let Some(tracer) = self.env.tracer() {
            tracer.begin_part(node.span);
        }
        let value = self.part(node, frame).map(Cow::into_owned);
        if let Some(tracer) = self.env.tracer() {
            tracer.end(&value);
        }
        value
    }

    /// Evaluates a condition. No value is made of what operators say, which is most of what conditions are.
    fn truth(&mut self, node: &Node, frame: &Frame<'_>) -> Result<Truth, EvaluationError> {
        let result = match &node.kind {
            _ if self.env.is_tracing() => return self.traced(node, frame).map(|it| Truth::of(&it)),
            Kind::And(nodes) => self.level(|it| it.connected(nodes, false, frame)),
            Kind::Or(nodes) => self.level(|it| it.connected(nodes, true, frame)),
            Kind::Compare(operator, pair) => {
                self.level(|it| it.compare(*operator, pair, node.span, frame))
            }
            _ => return self.with_operand(node, frame, |_, it| Ok(Truth::of(it))),
        };
        result.map(|it| it.map_or(Truth::Null, Truth::Known))
    }

    /// Pays for a node and evaluates it one level deeper.
    fn level<T>(
        &mut self,
        evaluate: impl FnOnce(&mut Self) -> Result<T, EvaluationError>,
    ) -> Result<T, EvaluationError> {
        self.env.charge(1)?;
        self.deeper(evaluate)
    }

    fn deeper<T>(
        &mut self,
        evaluate: impl FnOnce(&mut Self) -> Result<T, EvaluationError>,
    ) -> Result<T, EvaluationError> {
        self.env.enter()?;
        let result = evaluate(self);
        self.env.leave();
        result
    }

    fn compound(&mut self, node: &Node, frame: &Frame<'_>) -> Outcome {
        match &node.kind {
            Kind::Constant(value) => Ok(value.clone()),
            Kind::Variable(name) => Ok(self.variable(name, node.span, frame).into_owned()),
            Kind::Loose(value, _) if self.env.dialect() == Dialect::Camunda => Ok(value.clone()),
            Kind::Failed(reason) | Kind::Loose(_, reason) => {
                self.null(node.span, WarningCode::InvalidType, reason.clone())
            }
            Kind::Negate(operand) => self.negate(operand, node.span, frame),
            Kind::Arithmetic(it) => self.arithmetic(&it.0, &it.1, node.span, frame),
            Kind::And(nodes) => self.connected(nodes, false, frame).map(Value::from),
            Kind::Or(nodes) => self.connected(nodes, true, frame).map(Value::from),
            Kind::Compare(operator, pair) => {
                self.compare(*operator, pair, node.span, frame).map(Value::from)
            }
            Kind::Between(operands) => self.between(operands, node.span, frame),
            Kind::In(it) => self.is_in(&it.0, &it.1, node.span, frame),
            Kind::InstanceOf(it) => self.instance_of(&it.0, &it.1, node.span, frame),
            Kind::If(it) => self.conditional(&it.0, &it.1, frame),
            Kind::For(it) => self.collect(&it.0, &it.1, frame),
            Kind::Quantified(quantifier, it) => self.quantified(*quantifier, &it.0, &it.1, frame),
            Kind::Path(base, name) => self.path(base, name, node.span, frame),
            Kind::Filter(base, condition) => self.filter(base, condition, node.span, frame),
            Kind::List(nodes) => self.list(nodes, frame),
            Kind::Context(entries) => self.context(entries, frame),
            Kind::Range(range) => self.range(range, node.span, frame),
            Kind::Function(function) => self.function(function, frame),
            Kind::Call(it) => self.call(&it.0, &it.1, node.span, frame),
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
            let mut value = self.evaluate(node, &frame.with_context(&context))?;
            if let (Kind::Function(_), Value::Function(function)) = (&node.kind, &value)
                && let Some(function) = function.calling_itself(name)
            {
                value = Value::Function(Arc::new(function));
            }
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
        let captured = captured.collect();
        let source = self.env.tracer().and_then(|it| it.source().cloned());
        let function = Function::lambda(function.clone(), captured, source);
        self.env.check(Value::Function(Arc::new(function)))
    }

    fn conditional(
        &mut self,
        branches: &[(Node, Node)],
        otherwise: &Node,
        frame: &Frame<'_>,
    ) -> Outcome {
        for (condition, result) in branches {
            match self.truth(condition, frame)? {
                Truth::Known(true) => return self.evaluate(result, frame),
                Truth::Known(false) => {}
                Truth::Null => self.no_condition(condition, "null"),
                Truth::Other(found) => self.no_condition(condition, found),
            }
        }
        self.evaluate(otherwise, frame)
    }

    #[cold]
    fn no_condition(&mut self, condition: &Node, found: &str) {
        let reason = format!("expected a boolean condition, found {found}");
        self.env.warn(condition.span, WarningCode::InvalidType, reason);
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
