//! Suites of decision models: a model in parts, evaluations, their results.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dacapo_engine::dmn::{Evaluation, Failure, Model, Resource, Warning, XmlLimits};
use dacapo_engine::feel::{Context, Dialect, Env, Expression, Value, evaluate};

use super::markdown::Section;
use super::table;

/// What a model is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How it is written.
    pub line: String,
    /// What the name is one of.
    pub part: Part,
    /// The name or id.
    pub name: String,
    /// Whose meaning holds.
    pub dialect: Dialect,
    /// The variables.
    pub given: Context,
}

/// What can be asked of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The value of a decision.
    Decision,
    /// The value of a service.
    Service,
    /// The result of a function.
    Knowledge,
}

/// Reads the model of a section and evaluates its lines; returns what the `result` block must say.
///
/// # Panics
/// A line is not one of the language.
pub fn results(section: &Section) -> String {
    let files = files(section);
    let files: Vec<_> =
        files.iter().map(|(name, text)| Resource { name, bytes: text.as_bytes() }).collect();
    let (main, imports) = files.split_first().expect("the model's own file");
    let mut results = String::new();
    match Model::parse(*main, imports, &XmlLimits::default()) {
        Ok(model) => asks(section).iter().for_each(|ask| {
            let mut env = Env::new(NOW_MS).with_dialect(ask.dialect).with_fuel(FUEL);
            let evaluated = ask.evaluate(&model, &mut env);
            let _ = writeln!(
                results,
                "{}\n{}",
                ask.line,
                shown(&model, evaluated).trim_end_matches('\n')
            );
        }),
        Err(problems) => problems.iter().for_each(|it| {
            let _ = writeln!(results, "refused {} {it}", it.code);
        }),
    }
    results
}

/// Returns the model of a section, put together of its parts.
pub fn model_text(section: &Section) -> String {
    let mut text = format!("<definitions xmlns=\"{DMN}\" name=\"model\" namespace=\"model\">\n");
    let mut inputs = BTreeSet::new();
    for (kind, body) in &section.models {
        match kind.strip_prefix("table ") {
            Some(head) => text += &table::decision(head, body, &mut inputs),
            None => text += body,
        }
    }
    text + "</definitions>\n"
}

/// Returns the files of a section, the model's own first: a file of its name replaces the parts.
pub fn files(section: &Section) -> Vec<(String, String)> {
    let is_own = |name: &str| name == OWN;
    let own = section.files.iter().find(|(name, _)| is_own(name)).cloned();
    let own = own.unwrap_or_else(|| (OWN.into(), model_text(section)));
    let others = section.files.iter().filter(|(name, _)| !is_own(name)).cloned();
    std::iter::once(own).chain(others).collect()
}

/// Returns what the lines of a section ask: a decision, `service` or `function` with a name; `camunda` before it chooses the
/// dialect.
///
/// # Panics
/// A line is not one of the language.
pub fn asks(section: &Section) -> Vec<Ask> {
    section.run.lines().map(str::trim).filter(|it| !it.is_empty()).map(Ask::of).collect()
}

impl Ask {
    fn of(line: &str) -> Self {
        let (head, given) = line.split_at(line.find('{').unwrap_or(line.len()));
        let (dialect, head) = match head.trim().strip_prefix("camunda ") {
            Some(rest) => (Dialect::Camunda, rest),
            None => (Dialect::Dmn, head.trim()),
        };
        let (part, name) = match head.split_once(' ') {
            Some(("service", name)) => (Part::Service, name),
            Some(("function", name)) => (Part::Knowledge, name),
            _ => (Part::Decision, head),
        };
        Self { line: line.into(), part, name: name.into(), dialect, given: context(given) }
    }

    /// Asks a model.
    ///
    /// # Errors
    ///
    /// The evaluation did not end.
    pub fn evaluate(&self, model: &Model, env: &mut Env) -> Result<Option<Evaluation>, Failure> {
        match self.part {
            Part::Service => model.evaluate_service(&self.name, &self.given, env),
            Part::Knowledge => model.evaluate_knowledge(&self.name, &self.given, env),
            Part::Decision => model.evaluate(&self.name, &self.given, env),
        }
    }
}

fn shown(model: &Model, evaluated: Result<Option<Evaluation>, Failure>) -> String {
    let evaluation = match evaluated {
        Ok(Some(evaluation)) => evaluation,
        Ok(None) => return "  nothing of that name\n".into(),
        Err(failure) => {
            let decision = failure.decision_id.as_deref().unwrap_or("no decision");
            return format!("  failed at {decision}: {failure}\n");
        }
    };
    let mut text = format!("  = {}\n", literal(&evaluation.value));
    evaluation.warnings.iter().for_each(|it| text += &warning(it));
    let last = evaluation.decisions.len().saturating_sub(1);
    for (place, decision) in evaluation.decisions.iter().enumerate() {
        if place < last {
            let place = match decision.file {
                0 => String::new(),
                file => format!(" of {}", model.resources()[file as usize]),
            };
            let _ = writeln!(text, "  {}{place} = {}", decision.name, literal(&decision.output));
        }
        for rule in &decision.rules {
            let outputs: Vec<_> = rule.outputs.iter().map(|it| literal(&it.value)).collect();
            let _ = writeln!(text, "  rule {}: {}", rule.index, outputs.join(", "));
        }
        if let Some(violation) = &decision.violation {
            let _ = writeln!(text, "  violation: {violation}");
        }
        decision.warnings.iter().for_each(|it| text += &warning(it));
    }
    text
}

fn warning(warning: &Warning) -> String {
    let part = warning.part().map(|it| format!(" in `{it}`")).unwrap_or_default();
    format!("  warning{part}: {warning}\n")
}

/// Writes a value as FEEL would.
fn literal(value: &Value) -> String {
    let expression = Expression::parse("string([value])").expect("an expression");
    let scope = Context::from_iter([("value", value.clone())]);
    let mut env = Env::new(0).with_dialect(Dialect::Dmn);
    let text = evaluate(&expression, &scope, &mut env).expect("a text");
    let text = text.as_str().unwrap_or_default();
    text.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(text).to_string()
}

fn context(text: &str) -> Context {
    if text.trim().is_empty() {
        return Context::new();
    }
    let expression =
        Expression::parse(text).unwrap_or_else(|error| panic!("{}", error.caret(text)));
    let value = evaluate(&expression, &Context::new(), &mut Env::new(0)).expect("a context");
    value.as_context().unwrap_or_else(|| panic!("expected a context, found {text}")).clone()
}

const OWN: &str = "model.dmn";
const DMN: &str = "https://www.omg.org/spec/DMN/20230324/MODEL/";
/// 2026-04-01T12:00:00Z.
const NOW_MS: i64 = 1_775_044_800_000;
const FUEL: u64 = 100_000;
