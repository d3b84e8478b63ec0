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
}

/// Makes a function of its text and the names around it.
pub(super) fn close(setting: Setting<'_>, lambda: &Arc<Lambda>, scope: &dyn Scope) -> Value {
    let captured = lambda.captures.iter();
    let captured: Context =
        captured.filter_map(|name| Some((name.clone(), scope.variable(name)?))).collect();
    let function = Function::external_with(
        Arc::new(Closure {
            graph: setting.graph.clone(),
            dialect: setting.dialect,
            lambda: lambda.clone(),
            captured: captured.clone(),
        }),
        &captured,
    );
    Value::Function(Arc::new(function))
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
            ElementKind::Knowledge(lambda) => run.knowledge(element, lambda, arguments),
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
        run(setting, "function".into(), env, |run| {
            run.lambda(&self.lambda, arguments, &self.captured)
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
