//! Evaluating deployed decisions: which version, with which variables, and what there is to tell about it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Process;
use super::events::{ClauseValue, DecisionEvaluated, MatchedRule, decision_evaluated};
use super::expressions::draw;
use crate::bpmn::Binding;
use crate::dmn::{DecisionTrace, Warning};
use crate::feel::{self, Context, Env, Value, json};
use crate::kernel::Cx;
use crate::record::Key;

/// Finds the version of a decision that is called from a process of a deployment.
pub(crate) fn find(
    cx: &Cx<'_, Process>,
    decision_id: &str,
    binding: &Binding,
    deployment: Key,
) -> Option<Key> {
    let (state, tenant) = (cx.state(), cx.tenant());
    let id = cx.symbols().find(decision_id)?;
    match binding {
        Binding::Latest => state.latest_decision(tenant, id),
        Binding::Deployment => state.decisions_deployed.get(&(deployment, id)).copied(),
        Binding::VersionTag(tag) => state.decisions_by_tag.get(&(tenant, id, tag.clone())).copied(),
    }
}

/// Says which version is called, for people.
pub(crate) fn version(binding: &Binding) -> String {
    match binding {
        Binding::Latest => String::new(),
        Binding::Deployment => " in the deployment of the process".into(),
        Binding::VersionTag(tag) => format!(" with version tag '{tag}'"),
    }
}

/// Evaluates a decision with all that it requires and writes an event for each. Returns its result, or why there is none.
/// The place is the element instance that asks, and its process instance.
pub(crate) fn evaluate(
    cx: &mut Cx<'_, Process>,
    decision: Key,
    given: &Context,
    place: Option<(Key, Key)>,
) -> Result<Value, String> {
    let Some(row) = cx.state().decisions.get(&decision).cloned() else {
        return Err(format!("expected decision {decision}, found none"));
    };
    let id = cx.symbols().name(row.decision_id);
    let fuel = feel::limits::FUEL_DEFAULT.min(cx.limits().step_fuel);
    let mut env = Env::new(cx.now().0).with_fuel(fuel).with_random(cx.draw(), draw);
    let (models, state, _) = cx.cache();
    let model = models.decisions(state, row.requirements);
    let outcome = match model.map(|it| it.evaluate(&id, given, &mut env)) {
        Some(Ok(Some(evaluation))) => Outcome::of(evaluation.decisions),
        Some(Err(failure)) => {
            let file = failure.file;
            let failed = failure.decision_id.clone().unwrap_or_else(|| id.clone());
            let reason = format!("expected decision '{failed}' to be evaluated, found: {failure}");
            let reason = explained(reason, given);
            let failed = Failed { id: failed, file, reason, is_told: false };
            Outcome { traces: failure.decisions, failed: Some(failed) }
        }
        Some(Ok(None)) | None => {
            let reason = format!("expected decision '{id}' in its file, found none");
            let failed = Failed { id: id.clone(), file: 0, reason, is_told: false };
            Outcome { traces: Vec::new(), failed: Some(failed) }
        }
    };
    cx.spend_fuel(fuel.saturating_sub(env.fuel()));
    write(cx, Asked { decision, id, place }, outcome)
}

/// What is asked for, and by whom.
struct Asked {
    decision: Key,
    id: Arc<str>,
    place: Option<(Key, Key)>,
}

/// The decisions that were evaluated, and the one that could not be.
struct Outcome {
    traces: Vec<DecisionTrace>,
    failed: Option<Failed>,
}

/// A decision without a result.
struct Failed {
    id: Arc<str>,
    /// The place of its file among those of the model.
    file: u32,
    reason: String,
    /// Whether it is the last of the decisions that were evaluated.
    is_told: bool,
}

impl Outcome {
    /// Takes decisions up to the first that breaks its hit policy or type, or whose result cannot be stored.
    fn of(mut traces: Vec<DecisionTrace>) -> Self {
        let last = traces.len().saturating_sub(1);
        let problem = |at: usize, trace: &DecisionTrace| {
            let unfit = trace.output.transient().filter(|_| at == last).map(|kind| {
                let id = &trace.id;
                format!(
                    "expected decision '{id}' to give a value that can be stored, found a {kind}"
                )
            });
            violation(trace).or(unfit)
        };
        let found = traces.iter().enumerate().find_map(|(at, it)| Some((at, problem(at, it)?)));
        let Some((at, reason)) = found else { return Self { traces, failed: None } };
        let failed =
            |it: &DecisionTrace| Failed { id: it.id.clone(), file: it.file, reason, is_told: true };
        let failed = traces.get(at).map(failed);
        traces.truncate(at.saturating_add(1));
        Self { traces, failed }
    }
}

/// Writes what came of an evaluation.
fn write(cx: &mut Cx<'_, Process>, asked: Asked, outcome: Outcome) -> Result<Value, String> {
    let Outcome { traces, failed } = outcome;
    let mut events: Vec<_> = traces.iter().filter_map(|it| event(cx, &asked, it)).collect();
    let failed = too_large(&asked.id, &mut events).or(failed);
    if let Some(Failed { id, file, reason, is_told }) = &failed {
        let message = Some(Arc::from(reason.as_str()));
        match events.last_mut().filter(|_| *is_told) {
            Some(event) => (event.error_message, event.output) = (message, Value::Null),
            None => {
                let event = blank(cx, &asked, id, *file);
                let event = event.or_else(|| blank(cx, &asked, &asked.id, 0));
                events.extend(event.map(|it| DecisionEvaluated { error_message: message, ..it }));
            }
        }
    }
    let evaluation_key = cx.next_key();
    let output = events.last().map(|it| it.output.clone()).unwrap_or_default();
    for (event, index) in events.into_iter().zip(1..) {
        cx.emit(cx.next_key(), DecisionEvaluated { evaluation_key, index, ..event });
    }
    match failed {
        None => Ok(output),
        Some(it) => Err(it.reason),
    }
}

/// Says that an evaluation has too much to tell, and drops all of it.
fn too_large(id: &Arc<str>, events: &mut Vec<DecisionEvaluated>) -> Option<Failed> {
    let bytes: u64 = events.iter().map(decision_evaluated::weight).fold(0, u64::saturating_add);
    let decisions = events.len();
    if decisions <= DECISIONS_MAX && bytes <= BYTES_MAX {
        return None;
    }
    events.clear();
    let reason = format!(
        "expected decision '{id}' to need at most {DECISIONS_MAX} decisions and {BYTES_MAX} bytes of inputs and outputs, \
         found {decisions} and {bytes}"
    );
    Some(Failed { id: id.clone(), file: 0, reason, is_told: false })
}

fn event(cx: &Cx<'_, Process>, asked: &Asked, trace: &DecisionTrace) -> Option<DecisionEvaluated> {
    let clause = |id: &Option<Arc<str>>, name: &Arc<str>, value: &Value| ClauseValue {
        clause_id: id.as_ref().unwrap_or(name).clone(),
        name: name.clone(),
        value: storable(value),
    };
    let inputs = trace.inputs.iter().map(|it| clause(&it.id, &it.name, &it.value)).collect();
    let rule = |it: &crate::dmn::RuleTrace| MatchedRule {
        rule_id: it.id.clone().unwrap_or_else(|| it.index.to_string().into()),
        index: it.index,
        outputs: it.outputs.iter().map(|it| clause(&it.id, &it.name, &it.value)).collect(),
    };
    Some(DecisionEvaluated {
        name: trace.name.clone(),
        decision_type: upper_snake(trace.logic).into(),
        output: storable(&trace.output),
        inputs,
        rules: trace.rules.iter().map(rule).collect(),
        warnings: trace.warnings.iter().take(WARNINGS_MAX).map(|it| told(it).into()).collect(),
        ..blank(cx, asked, &trace.id, trace.file)?
    })
}

/// Makes the event of a decision of which nothing is known but its id and its file.
fn blank(
    cx: &Cx<'_, Process>,
    asked: &Asked,
    id: &Arc<str>,
    file: u32,
) -> Option<DecisionEvaluated> {
    let state = cx.state();
    let model = state.requirements_of(asked.decision)?;
    let symbol = cx.symbols().find(id)?;
    let mut files = core::iter::once(&model.resource).chain(&model.imports);
    let key = *state.decisions_of.get(&(*files.nth(file as usize)?, symbol))?;
    let row = state.decisions.get(&key)?;
    Some(DecisionEvaluated {
        evaluation_key: Key(0),
        index: 0,
        root_decision_key: asked.decision,
        decision_key: key,
        decision_requirements_key: row.requirements,
        decision_id: id.clone(),
        name: id.clone(),
        version: row.version,
        decision_type: "UNKNOWN".into(),
        output: Value::Null,
        inputs: Vec::new(),
        rules: Vec::new(),
        warnings: Vec::new(),
        error_message: None,
        element_instance_key: asked.place.map(|(element, _)| element),
        process_instance_key: asked.place.map(|(_, instance)| instance),
    })
}

/// Says how a decision breaks its hit policy or its type, with the inputs and what was odd about them.
fn violation(trace: &DecisionTrace) -> Option<String> {
    let found = trace.violation.as_ref()?;
    let mut text = format!("expected decision '{}' to have a result, found: {found}", trace.id);
    for input in trace.inputs.iter().take(SHOWN_MAX) {
        text.push_str(&format!("; {} = {}", input.name, json::brief(&input.value)));
    }
    for warning in trace.warnings.iter().take(SHOWN_MAX) {
        text.push_str(&format!("; {}", told(warning)));
    }
    Some(text)
}

/// Adds the values that a decision was given.
fn explained(mut text: String, given: &Context) -> String {
    for (name, value) in given.iter().take(SHOWN_MAX) {
        text.push_str(&format!("; {name} = {}", json::brief(value)));
    }
    text
}

/// Says why something is null: which part of which expression.
fn told(warning: &Warning) -> String {
    match (&warning.source, warning.part()) {
        (Some(source), Some(part)) if **source != *part => {
            format!("{warning}; '{part}' of expression '{source}'")
        }
        (Some(source), _) => format!("{warning}; expression '{source}'"),
        (None, _) => warning.to_string(),
    }
}

/// Returns a value as variables hold it: ranges and functions live only inside an evaluation, and become text.
fn storable(value: &Value) -> Value {
    match value.transient() {
        Some(_) => Value::String(json::brief(value).into()),
        None => value.clone().into_stored(),
    }
}

/// Writes `decisionTable` as `DECISION_TABLE`.
fn upper_snake(name: &str) -> String {
    let mut upper = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            upper.push('_');
        }
        upper.push(letter.to_ascii_uppercase());
    }
    upper
}

/// How many decisions one evaluation may need: each has an event of its own in the same step.
const DECISIONS_MAX: usize = 1_000;
/// How many bytes the inputs and outputs of an evaluation may have, by their weight.
const BYTES_MAX: u64 = 2 << 20;
/// How many warnings of a decision its event tells.
const WARNINGS_MAX: usize = 16;
/// How many inputs, variables or warnings a failure tells.
const SHOWN_MAX: usize = 8;
