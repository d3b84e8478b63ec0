//! Decision tables: inputs, the rules that match, their outputs.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{DecisionTable, HitPolicy, InputClause, OutputClause, Rule, Test};
use super::super::types;
use super::Outcome;
use super::run::Run;
use super::trace::{InputTrace, OutputTrace, RuleTrace};
use crate::feel::{Context, Dialect, EvaluationError, Scope, Value, answer};

/// A rule that matched, with its outputs.
pub(super) struct Hit {
    /// Its place, counted from 1.
    pub(super) index: u32,
    pub(super) outputs: Vec<Value>,
}

impl Run<'_> {
    pub(super) fn table(
        &mut self,
        table: &DecisionTable,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        let Some(inputs) = self.inputs(table, scope)? else { return Ok(Value::Null) };
        let mut hits = Vec::new();
        for (index, rule) in (1u32..).zip(&table.rules) {
            if !self.matches(rule, &inputs, scope)? {
                continue;
            }
            let outputs = self.outputs(table, rule, scope)?;
            self.notes.rules.push(rule_trace(table, rule, index, &outputs));
            hits.push(Hit { index, outputs });
            if table.policy == HitPolicy::First {
                break;
            }
        }
        if hits.is_empty() {
            return self.default_output(table, scope, id);
        }
        self.hit(table, hits, id)
    }

    /// Evaluates the inputs; without them when one is not among its allowed values.
    fn inputs(
        &mut self,
        table: &DecisionTable,
        scope: &dyn Scope,
    ) -> Result<Option<Vec<Value>>, EvaluationError> {
        let mut inputs = Vec::with_capacity(table.inputs.len());
        let mut are_allowed = true;
        for clause in &table.inputs {
            let id = clause.id.as_ref();
            let value = self.cell(&clause.expression, scope, id)?;
            let name = clause.label.as_deref().unwrap_or("the input");
            let value = self.fit(value, clause.type_of, name, id)?;
            are_allowed &= self.is_allowed(clause, &value)?;
            self.notes.inputs.push(InputTrace {
                id: clause.id.clone(),
                name: clause.label.clone().unwrap_or_default(),
                value: value.clone(),
            });
            inputs.push(value);
        }
        Ok(are_allowed.then_some(inputs))
    }

    fn is_allowed(&mut self, clause: &InputClause, value: &Value) -> Result<bool, EvaluationError> {
        let (Some(values), Dialect::Dmn) = (&clause.values, self.setting.dialect) else {
            return Ok(true);
        };
        if value.is_null() || types::holds(values, value, self.env)? {
            return Ok(true);
        }
        let name = clause.label.as_deref().unwrap_or("the input");
        let reason = format!("expected '{name}' to be one of {}, found another", values.source());
        self.warn(clause.id.as_ref(), reason);
        Ok(false)
    }

    fn matches(
        &mut self,
        rule: &Rule,
        inputs: &[Value],
        scope: &dyn Scope,
    ) -> Result<bool, EvaluationError> {
        self.env.charge(1)?;
        for (test, input) in rule.tests.iter().zip(inputs) {
            let holds = match test {
                Test::Any => true,
                Test::Tests(tests) => {
                    let mark = self.env.warnings.len();
                    let holds = answer(tests, input, scope, self.env);
                    if holds.is_err() {
                        self.stopped(rule.id.as_ref());
                    }
                    self.take_warnings(mark, tests.source(), rule.id.as_ref());
                    holds? == Some(true)
                }
                Test::Broken(reason) => {
                    self.warn(rule.id.as_ref(), reason.clone());
                    false
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn outputs(
        &mut self,
        table: &DecisionTable,
        rule: &Rule,
        scope: &dyn Scope,
    ) -> Result<Vec<Value>, EvaluationError> {
        let mut outputs = Vec::with_capacity(table.outputs.len());
        for (clause, cell) in table.outputs.iter().zip(&rule.outputs) {
            let value = self.cell(cell, scope, rule.id.as_ref())?;
            outputs.push(self.fit_output(clause, value)?);
        }
        Ok(outputs)
    }

    fn fit_output(&mut self, clause: &OutputClause, value: Value) -> Outcome {
        let name = &clause.shown;
        let value = self.fit(value, clause.type_of, name, clause.id.as_ref())?;
        let (Some(values), Dialect::Dmn) = (&clause.values, self.setting.dialect) else {
            return Ok(value);
        };
        if value.is_null() || types::holds(values, &value, self.env)? {
            return Ok(value);
        }
        let reason = format!("expected '{name}' to be one of {}, found another", values.source());
        self.null(clause.id.as_ref(), reason)
    }

    fn default_output(
        &mut self,
        table: &DecisionTable,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        if table.outputs.iter().all(|it| it.default.is_none()) {
            return self.null(id, "expected a rule to match, found none".into());
        }
        let mut outputs = Vec::with_capacity(table.outputs.len());
        for clause in &table.outputs {
            outputs.push(match &clause.default {
                Some(cell) => {
                    let value = self.cell(cell, scope, clause.id.as_ref())?;
                    self.fit(value, clause.type_of, &clause.shown, clause.id.as_ref())?
                }
                None => Value::Null,
            });
        }
        let value = compose(table, outputs);
        match table.policy {
            HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(None) => {
                Ok(alloc::vec![value].into())
            }
            HitPolicy::Unique
            | HitPolicy::Any
            | HitPolicy::Priority
            | HitPolicy::First
            | HitPolicy::Collect(Some(_)) => Ok(value),
        }
    }
}

/// Makes one value of the outputs of a rule.
pub(super) fn compose(table: &DecisionTable, outputs: Vec<Value>) -> Value {
    if table.outputs.len() == 1 {
        return outputs.into_iter().next().unwrap_or_default();
    }
    let names = table.outputs.iter().map(|clause| clause.shown.clone());
    names.zip(outputs).collect::<Context>().into()
}

fn rule_trace(table: &DecisionTable, rule: &Rule, index: u32, outputs: &[Value]) -> RuleTrace {
    let clauses = table.outputs.iter().zip(outputs);
    let outputs = clauses.map(|(clause, value)| OutputTrace {
        id: clause.id.clone(),
        name: clause.shown.clone(),
        value: value.clone(),
    });
    RuleTrace { id: rule.id.clone(), index, outputs: outputs.collect() }
}
