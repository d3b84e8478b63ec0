//! Functions as values.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::context::Context;
use super::env::{Env, EvaluationError};
use super::evaluation::Evaluator;
use super::expression::Span;
use super::syntax::ast::FunctionNode;
use super::value::{Measure, Value};

/// Something that can be called.
pub struct Function {
    kind: FunctionKind,
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
        Self { kind: FunctionKind::External(function), measure: Measure::default() }
    }

    /// Wraps a function that the caller provides and that keeps these values.
    pub(crate) fn external_with(function: Arc<dyn Invocable>, kept: &Context) -> Self {
        Self { kind: FunctionKind::External(function), measure: kept.measure() }
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
        Self { kind: FunctionKind::Lambda(node, captured, source), measure }
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
