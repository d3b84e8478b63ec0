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

impl Run<'_> {
    pub(super) fn table(
        &mut self,
        table: &DecisionTable,
        scope: &dyn Scope,
        id: Option<&Arc<str>>,
    ) -> Outcome {
        // what is told is what is worked with: neither inputs nor outputs are held twice
        let mark = self.notes.inputs.len();
        if !self.inputs(table, scope)? {
            return Ok(Value::Null);
        }
        let inputs = core::mem::take(&mut self.notes.inputs);
        let hits = self.matching(table, inputs.get(mark..).unwrap_or_default(), scope);
        self.notes.inputs = inputs;
        let mark = hits?;
        let rules = core::mem::take(&mut self.notes.rules);
        let value = match rules.get(mark..) {
            None | Some([]) => self.default_output(table, scope, id),
            Some(hits) => self.hit(table, hits, id),
        };
        self.notes.rules = rules;
        value
    }

    /// Notes the rules that match, with their outputs; returns the place of the first.
    fn matching(
        &mut self,
        table: &DecisionTable,
        inputs: &[InputTrace],
        scope: &dyn Scope,
    ) -> Result<usize, EvaluationError> {
        let mark = self.notes.rules.len();
        for (index, rule) in (1u32..).zip(&table.rules) {
            if self.matches(rule, inputs, scope)? {
                let outputs = self.outputs(table, rule, scope)?;
                self.notes.rules.push(RuleTrace { id: rule.id.clone(), index, outputs });
                if table.policy == HitPolicy::First {
                    break;
                }
            }
        }
        Ok(mark)
    }

    /// Evaluates and notes the inputs; tells whether each is among its allowed values.
    fn inputs(
        &mut self,
        table: &DecisionTable,
        scope: &dyn Scope,
    ) -> Result<bool, EvaluationError> {
        self.notes.inputs.reserve(table.inputs.len());
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
                value,
            });
        }
        Ok(are_allowed)
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
        inputs: &[InputTrace],
        scope: &dyn Scope,
    ) -> Result<bool, EvaluationError> {
        self.env.charge(1)?;
        for (test, input) in rule.tests.iter().zip(inputs) {
            let holds = match test {
                Test::Any => true,
                Test::Tests(tests) => {
                    let mark = self.env.warnings.len();
                    let holds = answer(tests, &input.value, scope, self.env);
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
    ) -> Result<Vec<OutputTrace>, EvaluationError> {
        let mut outputs = Vec::with_capacity(table.outputs.len());
        for (clause, cell) in table.outputs.iter().zip(&rule.outputs) {
            let value = self.cell(cell, scope, rule.id.as_ref())?;
            outputs.push(OutputTrace {
                id: clause.id.clone(),
                name: clause.shown.clone(),
                value: self.fit_output(clause, value)?,
            });
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
        let value = compose(table, outputs.into_iter());
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
pub(super) fn compose(table: &DecisionTable, mut outputs: impl Iterator<Item = Value>) -> Value {
    if table.outputs.len() == 1 {
        return outputs.next().unwrap_or_default();
    }
    let names = table.outputs.iter().map(|clause| clause.shown.clone());
    names.zip(outputs).collect::<Context>().into()
}
