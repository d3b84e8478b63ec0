//! One evaluation under way: the values so far and what there is to tell about them.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{Boxed, Element, ElementIndex, ElementKind, Lambda, Service};
use super::super::instance::ItemTypes;
use super::super::types;
use super::scope::Layer;
use super::trace::{DecisionTrace, Evaluation, Failure, InputTrace, RuleTrace, Violation, Warning};
use super::values::Values;
use super::{Outcome, Setting, function_of};
use crate::feel::{Context, Dialect, Env, EvaluationError, Scope, Stop, Types, Value};

/// One evaluation.
pub(super) struct Run<'r> {
    pub(super) setting: Setting<'r>,
    pub(super) env: &'r mut Env,
    given: &'r Context,
    values: Values,
    decisions: Vec<DecisionTrace>,
    /// The decision under way.
    current: Option<ElementIndex>,
    /// The expression or cell that has no value, and where that ended.
    pub(super) failed_at: Option<Arc<str>>,
    pub(super) stop: Option<Stop>,
    pub(super) notes: Notes,
}

/// What is told about the decision under way.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) inputs: Vec<InputTrace>,
    pub(super) rules: Vec<RuleTrace>,
    pub(super) violation: Option<Violation>,
    pub(super) warnings: Vec<Warning>,
}

impl<'r> Run<'r> {
    pub(super) fn new(setting: Setting<'r>, given: &'r Context, env: &'r mut Env) -> Self {
        Self {
            setting,
            env,
            given,
            values: Values::default(),
            decisions: Vec::new(),
            current: None,
            failed_at: None,
            stop: None,
            notes: Notes::default(),
        }
    }

    pub(super) fn finish(self, value: Outcome) -> Result<Evaluation, Failure> {
        match value {
            Ok(value) => {
                Ok(Evaluation { value, decisions: self.decisions, warnings: self.notes.warnings })
            }
            Err(error) => {
                let current = self.current.and_then(|it| self.setting.graph.element(it));
                Err(Failure {
                    file: current.map_or(0, |it| it.file),
                    decision_id: current.map(|it| it.id.clone()),
                    element_id: self.failed_at,
                    stop: self.stop,
                    error,
                    decisions: self.decisions,
                })
            }
        }
    }

    /// Returns the warnings of an evaluation that nobody looks into.
    pub(super) fn into_warnings(self) -> Vec<Warning> {
        let inner = self.decisions.into_iter().flat_map(|it| it.warnings);
        self.notes.warnings.into_iter().chain(inner).collect()
    }

    /// Does something while expressions can name the types of a file.
    pub(super) fn in_file<T>(&mut self, file: u32, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        let graph = self.setting.graph;
        let types = (!graph.types.is_empty())
            .then(|| Arc::new(ItemTypes { graph: graph.clone(), file }) as Arc<dyn Types>);
        let outer = self.env.replace_types(types);
        let result = evaluate(self);
        self.env.replace_types(outer);
        result
    }

    /// Evaluates decisions and all that they require.
    pub(super) fn decisions(&mut self, targets: &[ElementIndex]) -> Result<(), EvaluationError> {
        let graph = self.setting.graph;
        let noted = match targets {
            [only] if self.values.is_empty() => graph.element(*only).map(|it| it.order.as_slice()),
            _ => None,
        };
        let found;
        let order = match noted {
            Some(order) if !order.is_empty() => order,
            _ => {
                found = graph.order(targets, |it| self.values.contains(it));
                found.as_slice()
            }
        };
        self.env.charge(order.len() as u64)?;
        for index in order {
            if !self.values.contains(*index) {
                let value = self.element(*index)?;
                self.values.insert(*index, value);
            }
        }
        Ok(())
    }

    pub(super) fn value(&self, index: ElementIndex) -> Value {
        self.values.get(index).cloned().unwrap_or_default()
    }

    /// Evaluates a service with one argument per input; an argument that does not have its type is null.
    pub(super) fn service(
        &mut self,
        element: &Element,
        service: &Service,
        arguments: &[Value],
    ) -> Outcome {
        self.bind(service, arguments)?;
        self.results(element, service)
    }

    /// Calls a service as a function does: nothing is evaluated when an argument does not have its type.
    pub(super) fn call_service(
        &mut self,
        element: &Element,
        service: &Service,
        arguments: &[Value],
    ) -> Outcome {
        if self.bind(service, arguments)? {
            self.results(element, service)
        } else {
            Ok(Value::Null)
        }
    }

    /// Gives the inputs of a service their values; tells whether all have their type.
    fn bind(&mut self, service: &Service, arguments: &[Value]) -> Result<bool, EvaluationError> {
        let mut are_fit = true;
        for (index, argument) in service.inputs.iter().zip(arguments) {
            let Some(element) = self.setting.graph.element(*index) else { continue };
            let value =
                self.fitting(argument.clone(), element.type_of, &element.name, Some(&element.id))?;
            are_fit &= value.is_some();
            self.values.insert(*index, value.unwrap_or_default());
        }
        Ok(are_fit)
    }

    fn results(&mut self, element: &Element, service: &Service) -> Outcome {
        self.decisions(&service.outputs)?;
        if let [only] = service.outputs.as_slice() {
            let value = self.value(*only);
            return self.fit_result(element, value);
        }
        let mut results = Context::new();
        for index in &service.outputs {
            let Some(output) = self.setting.graph.element(*index) else { continue };
            results.insert(output.name.clone(), self.value(*index));
        }
        self.fit_result(element, results.into())
    }

    /// Calls a knowledge model with one argument per parameter.
    pub(super) fn knowledge(
        &mut self,
        target: ElementIndex,
        element: &Element,
        lambda: &Lambda,
        arguments: &[Value],
    ) -> Outcome {
        let mut names = self.required(element)?;
        if lambda.captures.contains(&element.name) && names.get(&element.name).is_none() {
            names.insert(element.name.clone(), function_of(self.setting, target));
        }
        let scope = Layer { names, outer: None };
        let value = self.in_file(element.file, |run| run.lambda(lambda, arguments, &scope))?;
        self.fit_result(element, value)
    }

    /// Makes the result of a function fit: the type of its variable may be that of the result, or of the function.
    fn fit_result(&mut self, element: &Element, value: Value) -> Outcome {
        let wanted = element.type_of.and_then(|it| types::result_type(self.setting.graph, it));
        self.fit(value, wanted, &element.name, Some(&element.id))
    }

    /// Calls a function with one argument per parameter; the result is null when one does not have its type.
    pub(super) fn lambda(
        &mut self,
        lambda: &Lambda,
        arguments: &[Value],
        outer: &dyn Scope,
    ) -> Outcome {
        let mut names = Context::new();
        for (parameter, argument) in lambda.parameters.iter().zip(arguments) {
            match self.fitting(argument.clone(), parameter.type_of, &parameter.name, None)? {
                Some(value) => _ = names.insert(parameter.name.clone(), value),
                None => return Ok(Value::Null),
            }
        }
        let value = self.boxed(&lambda.body, &Layer { names, outer: Some(outer) })?;
        // the type of a definition may be that of the function or that of its result
        let wanted = lambda.result.and_then(|it| types::result_type(self.setting.graph, it));
        self.fit(value, wanted, "the result", lambda.body.id.as_ref())
    }

    fn element(&mut self, index: ElementIndex) -> Outcome {
        let Some(element) = self.setting.graph.element(index) else { return Ok(Value::Null) };
        match &element.kind {
            ElementKind::Input => self.input(element),
            ElementKind::Decision(logic) => self.decision(index, element, logic),
            ElementKind::Knowledge(_) | ElementKind::Service(_) => {
                Ok(function_of(self.setting, index))
            }
        }
    }

    fn input(&mut self, element: &Element) -> Outcome {
        let Some(value) = self.setting.graph.given(element, self.given) else {
            let reason = format!("expected a value for the input '{}', found none", element.name);
            self.warn(Some(&element.id), reason);
            return Ok(Value::Null);
        };
        let value = value.clone();
        self.fit(value, element.type_of, &element.name, Some(&element.id))
    }

    fn decision(&mut self, index: ElementIndex, element: &Element, logic: &Boxed) -> Outcome {
        self.current = Some(index);
        let outer = core::mem::take(&mut self.notes);
        self.env.begin_step(&element.name);
        let value = self.decided(element, logic);
        self.env.end_step(&value);
        let value = value?;
        let notes = core::mem::replace(&mut self.notes, outer);
        self.decisions.push(DecisionTrace {
            id: element.id.clone(),
            file: element.file,
            name: element.label.clone(),
            logic: logic.logic.name(),
            output: value.clone(),
            inputs: notes.inputs,
            rules: notes.rules,
            violation: notes.violation,
            warnings: notes.warnings,
            steps: self.env.take_step().map(|it| it.parts).unwrap_or_default(),
        });
        self.current = None;
        Ok(value)
    }

    fn decided(&mut self, element: &Element, logic: &Boxed) -> Outcome {
        let names = self.required(element)?;
        let given = self.given;
        let outer: Option<&dyn Scope> = match self.setting.dialect {
            Dialect::Dmn => None,
            Dialect::Camunda => Some(given),
        };
        let scope = Layer { names, outer };
        let value = self.in_file(element.file, |run| run.boxed(logic, &scope))?;
        let value = self.of_its_type(element, &logic.logic, value);
        self.fit(value, element.type_of, &element.name, Some(&element.id))
    }

    /// Returns what an element requires, by the names under which it is seen.
    fn required(&mut self, element: &Element) -> Result<Context, EvaluationError> {
        self.env.charge(element.requires.len() as u64)?;
        let mut names = Context::with_capacity(element.requires.len());
        let mut imported: BTreeMap<&Arc<str>, Context> = BTreeMap::new();
        for requirement in &element.requires {
            let Some(target) = self.setting.graph.element(requirement.target) else { continue };
            let value = match &target.kind {
                ElementKind::Input | ElementKind::Decision(_) => self.value(requirement.target),
                ElementKind::Knowledge(_) | ElementKind::Service(_) => {
                    function_of(self.setting, requirement.target)
                }
            };
            if let Some(import) = &requirement.import {
                imported.entry(import).or_default().insert(target.name.clone(), value);
                continue;
            }
            if self.setting.dialect == Dialect::Camunda && target.id != target.name {
                names.insert(target.id.clone(), value.clone());
            }
            names.insert(target.name.clone(), value);
        }
        for (name, context) in imported {
            names.insert(name.clone(), context);
        }
        Ok(names)
    }
}
