//! Evaluation: inputs and decisions in the order of their requirements, each with what led to its value.

mod boxed;
mod expressions;
mod function;
mod iterate;
mod policy;
mod run;
mod scope;
mod table;
mod trace;
mod values;

pub use trace::{
    DecisionTrace, Evaluation, Failure, InputTrace, OutputTrace, RuleTrace, Violation, Warning,
};

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::graph::{ElementIndex, ElementKind, Graph};
use crate::feel::{Context, Dialect, Env, EvaluationError, Value};
use function::ServiceFunction;
use run::Run;

/// What an evaluation takes part in.
#[derive(Clone, Copy)]
pub(super) struct Setting<'g> {
    pub(super) graph: &'g Arc<Graph>,
    pub(super) dialect: Dialect,
}

/// A value, or why there cannot be one.
pub(super) type Outcome = Result<Value, EvaluationError>;

/// Evaluates a decision and all that it requires.
pub(super) fn decision(
    setting: Setting<'_>,
    target: ElementIndex,
    given: &Context,
    env: &mut Env,
) -> Result<Evaluation, Failure> {
    let mut run = Run::new(setting, given, env);
    let value = run.decisions(&[target]).map(|()| run.value(target));
    run.finish(value)
}

/// Calls a decision service or a business knowledge model with arguments by name.
pub(super) fn call(
    setting: Setting<'_>,
    target: ElementIndex,
    given: &Context,
    env: &mut Env,
) -> Result<Evaluation, Failure> {
    let mut run = Run::new(setting, given, env);
    let value = match setting.graph.element(target).map(|it| (it, &it.kind)) {
        Some((element, ElementKind::Service(service))) => {
            run.service(element, service, &arguments(&service.names, given))
        }
        Some((element, ElementKind::Knowledge(lambda))) => {
            run.knowledge(target, element, lambda, &arguments(&lambda.names, given))
        }
        Some((_, ElementKind::Input | ElementKind::Decision(_))) | None => Ok(Value::Null),
    };
    run.finish(value)
}

/// Puts what is given into the order of parameters; what is not given is null.
fn arguments(names: &[Arc<str>], given: &Context) -> Vec<Value> {
    names.iter().map(|it| given.get(it).cloned().unwrap_or_default()).collect()
}

/// Returns the function that a knowledge model or a service is to those who require it.
fn function_of(setting: Setting<'_>, target: ElementIndex) -> Value {
    let graph = setting.graph.clone();
    let function = ServiceFunction { graph, dialect: setting.dialect, target };
    Value::Function(Arc::new(crate::feel::Function::external(Arc::new(function))))
}
