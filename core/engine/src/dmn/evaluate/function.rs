//! Knowledge models, services and functions inside expressions, as FEEL calls them.

use alloc::format;
use alloc::sync::Arc;

use super::super::graph::{ElementIndex, ElementKind, Graph, Lambda};
use super::run::Run;
use super::{Outcome, Setting};
use crate::feel::{Context, Dialect, Env, Function, Invocable, Scope, Span, Value, WarningCode};

/// A knowledge model or a service.
pub(super) struct ServiceFunction {
    pub(super) graph: Arc<Graph>,
    pub(super) dialect: Dialect,
    pub(super) target: ElementIndex,
}

/// A function inside an expression with the values that it takes from outside.
struct Closure {
    graph: Arc<Graph>,
    dialect: Dialect,
    lambda: Arc<Lambda>,
    captured: Context,
    /// The name under which the body sees the function itself.
    itself: Option<Arc<str>>,
}

/// Makes a function of its text and the names around it; under `name`, if nothing else has it, the body sees the
/// function itself.
pub(super) fn close(
    setting: Setting<'_>,
    lambda: &Arc<Lambda>,
    scope: &dyn Scope,
    name: Option<&Arc<str>>,
) -> Value {
    let captured = lambda.captures.iter();
    let captured: Context =
        captured.filter_map(|name| Some((name.clone(), scope.variable(name)?))).collect();
    let is_own = |name: &&Arc<str>| lambda.captures.contains(name) && captured.get(name).is_none();
    let itself = name.filter(is_own).cloned();
    let (graph, lambda) = (setting.graph.clone(), lambda.clone());
    Closure { graph, dialect: setting.dialect, lambda, captured, itself }.into_value()
}

impl Closure {
    fn into_value(self) -> Value {
        let captured = self.captured.clone();
        Value::Function(Arc::new(Function::external_with(Arc::new(self), &captured)))
    }

    /// Returns what the body sees beside its parameters.
    fn scope(&self) -> Context {
        let mut scope = self.captured.clone();
        if let Some(name) = &self.itself {
            let copy = Self {
                graph: self.graph.clone(),
                dialect: self.dialect,
                lambda: self.lambda.clone(),
                captured: self.captured.clone(),
                itself: self.itself.clone(),
            };
            scope.insert(name.clone(), copy.into_value());
        }
        scope
    }
}

impl Invocable for ServiceFunction {
    fn parameters(&self) -> &[Arc<str>] {
        match self.graph.element(self.target).map(|it| &it.kind) {
            Some(ElementKind::Knowledge(lambda)) => &lambda.names,
            Some(ElementKind::Service(service)) => &service.names,
            Some(ElementKind::Input | ElementKind::Decision(_)) | None => &[],
        }
    }

    fn invoke(&self, arguments: &[Value], env: &mut Env) -> Outcome {
        let Some(element) = self.graph.element(self.target) else { return Ok(Value::Null) };
        let setting = Setting { graph: &self.graph, dialect: self.dialect };
        run(setting, element.name.clone(), env, |run| match &element.kind {
            ElementKind::Knowledge(lambda) => {
                run.knowledge(self.target, element, lambda, arguments)
            }
            ElementKind::Service(service) => run.call_service(element, service, arguments),
            ElementKind::Input | ElementKind::Decision(_) => Ok(Value::Null),
        })
    }
}

impl Invocable for Closure {
    fn parameters(&self) -> &[Arc<str>] {
        &self.lambda.names
    }

    fn invoke(&self, arguments: &[Value], env: &mut Env) -> Outcome {
        let setting = Setting { graph: &self.graph, dialect: self.dialect };
        let own = self.itself.is_some().then(|| self.scope());
        run(setting, "function".into(), env, |run| {
            run.lambda(&self.lambda, arguments, own.as_ref().unwrap_or(&self.captured))
        })
    }
}

/// Runs a call by itself; its warnings go to the expression that called.
fn run(
    setting: Setting<'_>,
    name: Arc<str>,
    env: &mut Env,
    call: impl FnOnce(&mut Run<'_>) -> Outcome,
) -> Outcome {
    let given = Context::new();
    env.begin_step(&name);
    let mut run = Run::new(setting, &given, env);
    let value = call(&mut run);
    let warnings = run.into_warnings();
    env.end_step(&value);
    for warning in warnings {
        let reason = format!("in '{name}': {}", warning.reason);
        let code = warning.code.unwrap_or(WarningCode::FunctionInvocationFailure);
        env.warn(Span::default(), code, reason);
    }
    value
}
