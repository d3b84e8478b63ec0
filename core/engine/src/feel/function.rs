//! Functions as values.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::env::{Env, EvaluationError};
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

pub(crate) enum FunctionKind {
    External(Arc<dyn Invocable>),
}

impl Function {
    /// Wraps a function that the caller provides.
    pub fn external(function: Arc<dyn Invocable>) -> Self {
        Self { kind: FunctionKind::External(function), measure: Measure::default() }
    }

    /// Returns the names of the parameters in order.
    pub fn parameters(&self) -> Vec<Arc<str>> {
        match &self.kind {
            FunctionKind::External(function) => function.parameters().to_vec(),
        }
    }

    pub(crate) fn measure(&self) -> Measure {
        self.measure
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "function({})", self.parameters().join(", "))
    }
}
