//! Expressions and unary tests: those of the specs, and what is made of them.

use std::io::{self, Write};

use dacapo_engine::feel::{
    Context, Dialect, Env, EvaluationError, Expression, ParseError, UnaryTests, Value, evaluate,
    evaluate_unary_tests,
};
use serde_json::{Value as Json, json};

use super::plain::{any, changed, entries, plain, plain_context, steps, told};
use super::{FUEL, NOW_MS, Numbers};
use crate::spec::feel::{Case, all_cases};

/// Writes the outcomes of the specs and of random cases.
pub fn write(out: &mut impl Write, numbers: &mut Numbers, count: usize) -> io::Result<()> {
    let corpus: Vec<Case> = all_cases()
        .into_iter()
        .map(|it| Case {
            context: plain_context(&it.context),
            input: it.input.as_ref().map(plain),
            ..it
        })
        .collect();
    for case in &corpus {
        told_twice(out, numbers, case)?;
    }
    for _ in 0..count {
        let case = random(numbers, &corpus);
        told_twice(out, numbers, &case)?;
    }
    Ok(())
}

/// Writes the outcome of a case, and that with less fuel than it takes.
fn told_twice(out: &mut impl Write, numbers: &mut Numbers, case: &Case) -> io::Result<()> {
    let is_traced = numbers.one_in(4);
    let (outcome, fuel) = outcome(case, FUEL, is_traced);
    writeln!(out, "{}", line(case, FUEL, is_traced, &outcome))?;
    if fuel == 0 || !numbers.one_in(2) {
        return Ok(());
    }
    let less = numbers.below(fuel as usize) as u64;
    let (outcome, _) = self::outcome(case, less, is_traced);
    writeln!(out, "{}", line(case, less, is_traced, &outcome))
}

fn line(case: &Case, fuel: u64, is_traced: bool, outcome: &Json) -> Json {
    json!({
        "kind": "feel",
        "text": case.source,
        "unaryTests": case.input.is_some(),
        "dialect": if case.dialect == Dialect::Dmn { "dmn" } else { "camunda" },
        "context": entries(&case.context),
        "input": case.input.as_ref().map(told),
        "now": NOW_MS,
        "fuel": fuel,
        "trace": is_traced,
        "outcome": outcome,
    })
}

/// Evaluates a case; tells what came of it, and the fuel it took.
fn outcome(case: &Case, fuel: u64, is_traced: bool) -> (Json, u64) {
    let names: Vec<&str> = case.context.iter().map(|(name, _)| &**name).collect();
    let env = Env::new(NOW_MS).with_dialect(case.dialect).with_fuel(fuel);
    let mut env = if is_traced { env.with_trace() } else { env };
    let result = match &case.input {
        None => Expression::parse_with_names(&case.source, &names)
            .map(|it| (it.formatted(), evaluate(&it, &case.context, &mut env))),
        Some(input) => UnaryTests::parse_with_names(&case.source, &names)
            .map(|it| (it.formatted(), evaluate_unary_tests(&it, input, &case.context, &mut env))),
    };
    let used = fuel - env.fuel();
    match result {
        Err(error) => (malformed(&case.source, &error), 0),
        Ok((formatted, result)) => (evaluated(case, &formatted, &result, &mut env, used), used),
    }
}

fn evaluated(
    case: &Case,
    formatted: &str,
    result: &Result<Value, EvaluationError>,
    env: &mut Env,
    used: u64,
) -> Json {
    let trace = steps(&env.take_steps());
    let Ok(value) = result else {
        let message = result.as_ref().err().map(ToString::to_string);
        let part = env.stop().map(|it| &*it.part);
        return json!({ "failed": message, "part": part, "formatted": formatted, "trace": trace });
    };
    let warnings = env.warnings.iter().map(|it| {
        let (start, end) = (it.span.start as usize, it.span.end as usize);
        json!({
            "code": it.code.as_str(), "start": start, "end": end, "part": case.source.get(start..end),
            "reason": it.reason,
        })
    });
    json!({
        "value": told(value),
        "warnings": warnings.collect::<Json>(),
        "fuel": used,
        "formatted": formatted,
        "trace": trace,
    })
}

fn malformed(source: &str, error: &ParseError) -> Json {
    let (line, column) = error.span.line_and_column(source);
    json!({ "malformed": {
        "message": error.to_string(), "start": error.span.start, "end": error.span.end, "line": line, "column": column,
        "expected": error.expected, "found": error.found, "excerpt": error.caret(source),
    } })
}

/// Makes a case of one to three of the corpus, with other variables.
fn random(numbers: &mut Numbers, corpus: &[Case]) -> Case {
    let first = numbers.pick(corpus).clone();
    let mut context = first.context.clone();
    let source = if first.input.is_some() {
        first.source
    } else {
        let form = *numbers.pick(FORMS);
        let mut source = String::new();
        for (place, piece) in form.split('#').enumerate() {
            if place == 1 {
                source.push_str(&first.source);
            } else if place > 1 {
                let other = inner(numbers, corpus);
                context.extend(
                    other.context.iter().map(|(name, value)| (name.clone(), value.clone())),
                );
                source.push_str(&other.source);
            }
            source.push_str(piece);
        }
        source
    };
    let source = if numbers.one_in(5) { numbers.changed(&source) } else { source };
    let context = changed(numbers, &context);
    let input = first.input.map(|it| if numbers.one_in(2) { any(numbers, 2) } else { it });
    Case { source, input, context, ..first }
}

/// Returns an expression of the corpus, or a small one.
fn inner(numbers: &mut Numbers, corpus: &[Case]) -> Case {
    if numbers.one_in(2) {
        let picked = numbers.pick(corpus);
        if picked.input.is_none() {
            return picked.clone();
        }
    }
    let source = (*numbers.pick(LEAVES)).to_owned();
    Case { source, input: None, dialect: Dialect::default(), context: Context::new() }
}

/// Around the places of expressions, `#`.
const FORMS: &[&str] = &[
    "#",
    "#",
    "[#, #]",
    "if # then # else #",
    "for i in # return #",
    "for i in 1..3 return [partial, #]",
    "some x in # satisfies #",
    "(#)[#]",
    "{a: #, b: a, c: #}.c",
    "string(#) + string(#)",
    "(#) = (#)",
    "(#) < (#) or (#) >= 1",
    "(#) - (#)",
    "(#) * (#) / 7",
    "(#) ** 0.5",
    "(#) in (#)",
    "(#) between (#) and (#)",
    "sort(#, function(p, q) p < q)",
    "from json(to json(#))",
    "count(flatten([#, #]))",
    "replace(string(#), \"(\\\\w)\\\\W*\", \"<$1>\")",
    "(function(item) #)(#)",
    "get value(#, #)",
    "(#) instance of number",
];
const LEAVES: &[&str] = &[
    "1",
    "0.1",
    "-7",
    "1e30",
    "\"a\"",
    "null",
    "true",
    "missing",
    "[]",
    "{}",
    "x",
    "amount",
    "items",
    "item",
    "1..5",
    "[1..x)",
    "@\"P1D\"",
    "@\"2026-01-31\"",
    "@\"10:00:00@Europe/Berlin\"",
    "date and time(\"2026-03-29T02:30:00@Europe/Berlin\")",
    "now()",
];
