//! Decision models: those of the specs, and changes of them.

use std::io::{self, Write};

use dacapo_engine::dmn::{
    DecisionTrace, Evaluation, Failure, Model, Problem, Resource, Warning, XmlLimits,
};
use dacapo_engine::feel::{Dialect, Env, Value};
use serde_json::{Value as Json, json};

use super::plain::{changed, entries, plain_context, steps, told};
use super::{FUEL, NOW_MS, Numbers};
use crate::spec::decisions::{Ask, Part, asks, files};
use crate::spec::{decision_suites, markdown};

/// Files, and what they are asked.
type Case = (Vec<(String, String)>, Vec<Ask>);

/// Writes the outcomes of the specs and of random changes of them.
pub fn write(out: &mut impl Write, numbers: &mut Numbers, count: usize) -> io::Result<()> {
    let mut corpus: Vec<Case> = Vec::new();
    for path in decision_suites() {
        let text = std::fs::read_to_string(path)?;
        corpus.extend(markdown::sections(&text).iter().map(|it| (files(it), asks(it))));
    }
    for case in &corpus {
        tell(out, numbers, case)?;
    }
    for _ in 0..count {
        let (mut files, mut asks) = numbers.pick(&corpus).clone();
        if numbers.one_in(2) {
            let place = numbers.below(files.len());
            files[place].1 = numbers.changed(&files[place].1);
        }
        asks.iter_mut().for_each(|it| it.given = changed(numbers, &it.given));
        tell(out, numbers, &(files, asks))?;
    }
    Ok(())
}

fn tell(out: &mut impl Write, numbers: &mut Numbers, (files, asks): &Case) -> io::Result<()> {
    let resources: Vec<_> =
        files.iter().map(|(name, text)| Resource { name, bytes: text.as_bytes() }).collect();
    let (own, imports) = resources.split_first().expect("the model's own file");
    let model = Model::parse(*own, imports, &XmlLimits::default());
    let problems = model.as_ref().err().map(|it| it.iter().map(problem).collect::<Json>());
    let mut told_asks = Vec::new();
    for ask in asks.iter().filter(|_| model.is_ok()) {
        let Ok(model) = &model else { break };
        let ask = Ask { given: plain_context(&ask.given), ..ask.clone() };
        let is_traced = numbers.one_in(4);
        let (told_ask, used) = asked(model, &ask, FUEL, is_traced);
        told_asks.push(told_ask);
        if used > 0 {
            told_asks.push(asked(model, &ask, numbers.below(used as usize) as u64, is_traced).0);
        }
    }
    let line =
        json!({ "kind": "decisions", "files": files, "problems": problems, "asks": told_asks });
    writeln!(out, "{line}")
}

fn asked(model: &Model, ask: &Ask, fuel: u64, is_traced: bool) -> (Json, u64) {
    let env = Env::new(NOW_MS).with_dialect(ask.dialect).with_fuel(fuel);
    let mut env = if is_traced { env.with_trace() } else { env };
    let evaluated = ask.evaluate(model, &mut env);
    let used = fuel - env.fuel();
    let how = match ask.part {
        Part::Decision => "evaluate",
        Part::Service => "evaluateService",
        Part::Knowledge => "evaluateKnowledge",
    };
    let told = json!({
        "how": how,
        "name": ask.name,
        "dialect": if ask.dialect == Dialect::Dmn { "dmn" } else { "camunda" },
        "context": entries(&ask.given),
        "now": NOW_MS,
        "fuel": fuel,
        "trace": is_traced,
        "outcome": outcome(model, evaluated, used, is_traced),
    });
    (told, used)
}

fn outcome(
    model: &Model,
    evaluated: Result<Option<Evaluation>, Failure>,
    used: u64,
    is_traced: bool,
) -> Json {
    let decisions = |it: &[DecisionTrace]| -> Json {
        it.iter().map(|it| decision(model, it, is_traced)).collect()
    };
    match evaluated {
        Ok(None) => json!({ "code": "decision_not_found" }),
        Ok(Some(it)) => json!({
            "value": told(&it.value),
            "warnings": it.warnings.iter().map(warning).collect::<Json>(),
            "decisions": decisions(&it.decisions),
            "fuel": used,
        }),
        Err(failure) => json!({
            "code": "evaluation_failed",
            "message": failure.to_string(),
            "decisionId": failure.decision_id.as_deref(),
            "elementId": failure.element_id.as_deref(),
            "expression": failure.stop.as_ref().map(|it| &*it.source),
            "part": failure.stop.as_ref().map(|it| &*it.part),
            "decisions": decisions(&failure.decisions),
        }),
    }
}

fn decision(model: &Model, it: &DecisionTrace, is_traced: bool) -> Json {
    let clause = |id: Option<&str>, name: &str, value: &Value| json!({ "id": id, "name": name, "value": told(value) });
    let inputs = it.inputs.iter().map(|it| clause(it.id.as_deref(), &it.name, &it.value));
    let rules = it.rules.iter().map(|it| {
        let outputs = it.outputs.iter().map(|it| clause(it.id.as_deref(), &it.name, &it.value));
        json!({ "id": it.id.as_deref(), "index": it.index, "outputs": outputs.collect::<Json>() })
    });
    let mut shown = json!({
        "decisionId": &*it.id,
        "file": &*model.resources()[it.file as usize],
        "name": &*it.name,
        "logic": it.logic,
        "output": told(&it.output),
        "inputs": inputs.collect::<Json>(),
        "rules": rules.collect::<Json>(),
        "violation": it.violation.as_ref().map(|it| json!({ "reason": it.reason, "rules": it.rules })),
        "warnings": it.warnings.iter().map(warning).collect::<Json>(),
    });
    if is_traced {
        shown["trace"] = steps(&it.steps);
    }
    shown
}

fn warning(it: &Warning) -> Json {
    json!({
        "code": it.code.map(|it| it.as_str()),
        "elementId": it.element_id.as_deref(),
        "expression": it.source.as_deref(),
        "start": it.span.map(|it| it.start),
        "end": it.span.map(|it| it.end),
        "part": it.part(),
        "reason": it.reason,
    })
}

fn problem(it: &Problem) -> Json {
    json!({
        "file": it.resource, "line": it.line, "column": it.column, "elementId": it.element_id,
        "code": it.code.as_str(), "message": it.message,
    })
}
