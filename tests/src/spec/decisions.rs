//! Suites of decision models: a model in parts, evaluations, their results.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dacapo_engine::dmn::{Evaluation, Failure, Model, Resource, Warning, XmlLimits};
use dacapo_engine::feel::{Context, Dialect, Env, Expression, Value, evaluate};

use super::markdown::Section;
use super::table;

/// Reads the model of a section and evaluates its lines; returns what the `result` block must say.
///
/// # Panics
/// A line is not one of the language.
pub fn results(section: &Section) -> String {
    let own = model_text(section);
    let own = Resource { name: "model.dmn", bytes: own.as_bytes() };
    let files: Vec<_> = section
        .files
        .iter()
        .map(|(name, text)| Resource { name, bytes: text.as_bytes() })
        .collect();
    // a file of that name replaces the parts
    let main = files.iter().find(|it| it.name == own.name).copied().unwrap_or(own);
    let imports: Vec<_> = files.iter().filter(|it| it.name != own.name).copied().collect();
    let lines = section.run.lines().map(str::trim).filter(|it| !it.is_empty());
    let mut results = String::new();
    match Model::parse(main, &imports, &XmlLimits::default()) {
        Ok(model) => lines.for_each(|line| results += &result(&model, line)),
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

/// Evaluates a line: a decision, `service` or `function` with a name; `camunda` before it chooses the dialect.
fn result(model: &Model, line: &str) -> String {
    let (head, given) = line.split_at(line.find('{').unwrap_or(line.len()));
    let (dialect, head) = match head.trim().strip_prefix("camunda ") {
        Some(rest) => (Dialect::Camunda, rest),
        None => (Dialect::Dmn, head.trim()),
    };
    let (kind, name) = match head.split_once(' ') {
        Some((kind @ ("service" | "function"), name)) => (kind, name),
        _ => ("decision", head),
    };
    let given = context(given);
    let mut env = Env::new(NOW_MS).with_dialect(dialect).with_fuel(FUEL);
    let evaluated = match kind {
        "service" => model.evaluate_service(name, &given, &mut env),
        "function" => model.evaluate_knowledge(name, &given, &mut env),
        _ => model.evaluate(name, &given, &mut env),
    };
    format!("{line}\n{}", shown(evaluated))
}

fn shown(evaluated: Result<Option<Evaluation>, Failure>) -> String {
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
            let _ = writeln!(text, "  {} = {}", decision.name, literal(&decision.output));
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

const DMN: &str = "https://www.omg.org/spec/DMN/20230324/MODEL/";
/// 2026-04-01T12:00:00Z.
const NOW_MS: i64 = 1_775_044_800_000;
const FUEL: u64 = 100_000;
