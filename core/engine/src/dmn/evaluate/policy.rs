//! Hit policies: what becomes of the rules that match; and what else leaves a decision without a result.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{Aggregation, DecisionTable, Element, HitPolicy, Logic};
use super::super::types;
use super::Outcome;
use super::run::Run;
use super::table::compose;
use super::trace::{RuleTrace, Violation};
use crate::feel::{Context, Dialect, EvaluationError, Value};

impl Run<'_> {
    /// Makes one value of one or more rules that match.
    pub(super) fn hit(
        &mut self,
        table: &DecisionTable,
        hits: &[RuleTrace],
        id: Option<&Arc<str>>,
    ) -> Outcome {
        match table.policy {
            HitPolicy::Unique if hits.len() > 1 => {
                self.violate("expected at most one rule to match, found rules", hits)
            }
            HitPolicy::Any if hits.windows(2).any(is_different) => {
                self.violate("expected equal outputs of all rules that match, found rules", hits)
            }
            HitPolicy::Unique | HitPolicy::Any | HitPolicy::First => Ok(first(table, hits)),
            HitPolicy::Priority => Ok(first(table, self.by_priority(table, hits)?)),
            HitPolicy::OutputOrder => Ok(all(table, self.by_priority(table, hits)?)),
            HitPolicy::RuleOrder | HitPolicy::Collect(None) => Ok(all(table, hits)),
            HitPolicy::Collect(Some(Aggregation::Count)) => Ok((hits.len() as u64).into()),
            HitPolicy::Collect(Some(Aggregation::Sum | Aggregation::Min | Aggregation::Max)) => {
                self.aggregate(table, hits, id)
            }
        }
    }

    /// Returns the value of a decision; null when it is an expression whose value has not the built-in type of its
    /// variable, which Camunda does not let pass.
    pub(super) fn of_its_type(&mut self, element: &Element, logic: &Logic, value: Value) -> Value {
        let (Logic::Literal(_), Dialect::Camunda) = (logic, self.setting.dialect) else {
            return value;
        };
        let Some(wanted) = element.type_of.filter(|it| types::excludes(*it, &value)) else {
            return value;
        };
        let (name, expected) = (&element.name, wanted.name(self.setting.graph));
        let reason = format!("expected '{name}' to be {expected}, found {}", value.type_name());
        self.notes.violation = Some(Violation { reason, rules: Vec::new() });
        Value::Null
    }

    fn violate(&mut self, expected: &str, hits: &[RuleTrace]) -> Outcome {
        let rules: Vec<u32> = hits.iter().map(|it| it.index).collect();
        let shown: Vec<_> = rules.iter().map(|it| format!("{it}")).collect();
        let reason = format!("{expected} {}", shown.join(", "));
        self.notes.violation = Some(Violation { reason, rules });
        Ok(Value::Null)
    }

    /// Sorts rules by the places of their outputs among the output values, the first output first.
    fn by_priority<'h>(
        &mut self,
        table: &DecisionTable,
        hits: &'h [RuleTrace],
    ) -> Result<Vec<&'h RuleTrace>, EvaluationError> {
        let mut ranked = Vec::with_capacity(hits.len());
        for hit in hits {
            let mut ranks = Vec::with_capacity(hit.outputs.len());
            for (clause, output) in table.outputs.iter().zip(&hit.outputs) {
                let mut rank = 0_u32;
                for tests in &clause.priorities {
                    if types::holds(tests, &output.value, self.env)? {
                        break;
                    }
                    rank = rank.saturating_add(1);
                }
                ranks.push(rank);
            }
            ranked.push((ranks, hit));
        }
        ranked.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(ranked.into_iter().map(|(_, hit)| hit).collect())
    }

    fn aggregate(
        &mut self,
        table: &DecisionTable,
        hits: &[RuleTrace],
        id: Option<&Arc<str>>,
    ) -> Outcome {
        let scope = Context::from_iter([("outputs", all(table, hits))]);
        match &table.aggregate {
            Some(expression) => self.expression(expression, &scope, id),
            None => Ok(Value::Null),
        }
    }
}

fn is_different(pair: &[RuleTrace]) -> bool {
    matches!(pair, [one, other] if one.outputs != other.outputs)
}

fn first<'h>(table: &DecisionTable, hits: impl IntoIterator<Item = &'h RuleTrace>) -> Value {
    hits.into_iter().next().map(|hit| composed(table, hit)).unwrap_or_default()
}

fn all<'h>(table: &DecisionTable, hits: impl IntoIterator<Item = &'h RuleTrace>) -> Value {
    hits.into_iter().map(|hit| composed(table, hit)).collect()
}

fn composed(table: &DecisionTable, hit: &RuleTrace) -> Value {
    compose(table, hit.outputs.iter().map(|it| it.value.clone()))
}
