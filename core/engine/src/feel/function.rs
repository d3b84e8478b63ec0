//! Functions as values.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::context::Context;
use super::env::Env;
use super::error::EvaluationError;
use super::evaluation::Evaluator;
use super::expression::Span;
use super::syntax::ast::FunctionNode;
use super::value::{Measure, Value};

/// Something that can be called.
pub struct Function {
    kind: FunctionKind,
    /// The name under which the body sees the function itself.
    itself: Option<Arc<str>>,
    measure: Measure,
}

/// A function that the caller of FEEL provides, for example a business knowledge model of DMN.
pub trait Invocable: Send + Sync {
    /// Returns the names of the parameters in order.
    fn parameters(&self) -> &[Arc<str>];

    /// Calls it with one argument per parameter.
    fn invoke(&self, arguments: &[Value], env: &mut Env) -> Result<Value, EvaluationError>;
}

pub(super) enum FunctionKind {
    /// With the values of the names that the body takes from outside, and, for a trace, the text it stands in.
    Lambda(Arc<FunctionNode>, Context, Option<Arc<str>>),
    External(Arc<dyn Invocable>),
}

impl Function {
    /// Wraps a function that the caller provides.
    pub fn external(function: Arc<dyn Invocable>) -> Self {
        Self { kind: FunctionKind::External(function), itself: None, measure: Measure::default() }
    }

    /// Wraps a function that the caller provides and that keeps these values.
    pub(crate) fn external_with(function: Arc<dyn Invocable>, kept: &Context) -> Self {
        Self { kind: FunctionKind::External(function), itself: None, measure: kept.measure() }
    }

    /// Calls it with one argument per parameter.
    pub(crate) fn call(
        &self,
        arguments: &[Value],
        env: &mut Env,
    ) -> Result<Value, EvaluationError> {
        Evaluator { env }.invoke(self, arguments, Span::default())
    }

    /// Returns the names of the parameters in order.
    pub fn parameters(&self) -> Vec<Arc<str>> {
        match &self.kind {
            FunctionKind::Lambda(node, ..) => node.parameters.clone(),
            FunctionKind::External(function) => function.parameters().to_vec(),
        }
    }

    /// Returns the number of parameters.
    pub fn arity(&self) -> usize {
        match &self.kind {
            FunctionKind::Lambda(node, ..) => node.parameters.len(),
            FunctionKind::External(function) => function.parameters().len(),
        }
    }

    pub(super) fn lambda(
        node: Arc<FunctionNode>,
        captured: Context,
        source: Option<Arc<str>>,
    ) -> Self {
        let measure = captured.measure();
        Self { kind: FunctionKind::Lambda(node, captured, source), itself: None, measure }
    }

    /// Returns the function as one that may call itself by a name, if its body has that name from nowhere else.
    pub(crate) fn calling_itself(&self, name: &Arc<str>) -> Option<Self> {
        match &self.kind {
            FunctionKind::Lambda(node, captured, _)
                if node.captures.contains(name) && captured.get(name).is_none() =>
            {
                self.named(name)
            }
            FunctionKind::Lambda(..) | FunctionKind::External(_) => None,
        }
    }

    /// Returns the name under which the body sees the function, and the function once more.
    pub(super) fn itself(&self) -> Option<(&Arc<str>, Value)> {
        let name = self.itself.as_ref()?;
        Some((name, Value::Function(Arc::new(self.named(name)?))))
    }

    fn named(&self, name: &Arc<str>) -> Option<Self> {
        let FunctionKind::Lambda(node, captured, source) = &self.kind else { return None };
        let kind = FunctionKind::Lambda(node.clone(), captured.clone(), source.clone());
        Some(Self { kind, itself: Some(name.clone()), measure: self.measure })
    }

    pub(super) fn kind(&self) -> &FunctionKind {
        &self.kind
    }

    pub(super) fn measure(&self) -> Measure {
        self.measure
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "function({})", self.parameters().join(", "))
    }
}
