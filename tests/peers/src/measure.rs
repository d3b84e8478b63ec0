//! How long each takes, in one run.

use std::hint::black_box;
use std::time::Instant;

use dacapo_engine::feel::{Context, Dialect, Env, Expression, Value, evaluate, json};
use dsntk_feel_evaluator::prepare;

use crate::cases::{CONDITION, Case, error, twenty, value};
use crate::dsntk;
use crate::feelin::Feelin;

/// Measures a condition against 20 variables, and all expressions.
pub fn run(cases: &[Case], feelin: &Feelin) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "\nload {}, Node {}",
        load.split_whitespace().next().unwrap_or("unknown"),
        feelin.node
    );
    println!("{:<52} {:>12} {:<4} {:>20}", "figure", "median", "unit", "spread");
    condition();
    row("peers: condition: feelin: parse and evaluate", feelin.conditions.clone());
    all(cases);
    let name = format!("peers: {} expressions: feelin: parse and evaluate", feelin.measured);
    row(&name, feelin.all.clone());
}

fn condition() {
    let expression = Expression::parse(CONDITION).expect("an expression");
    let scope = twenty();
    row(
        "peers: condition: dacapo: parse",
        rounds(CONDITIONS, 1, || {
            drop(black_box(Expression::parse(black_box(CONDITION))));
        }),
    );
    row(
        "peers: condition: dacapo: evaluate",
        rounds(CONDITIONS, 1, || {
            let value = evaluate(black_box(&expression), black_box(&scope), &mut Env::new(0));
            assert_eq!(value, Ok(Value::Bool(true)));
        }),
    );
    let scope = dsntk::scope(&written(&scope));
    row(
        "peers: condition: dsntk: parse",
        rounds(CONDITIONS / 20, 1, || {
            let node =
                dsntk::parse(black_box(&scope), black_box(CONDITION)).expect("an expression");
            drop(black_box(prepare(&node)));
        }),
    );
    let node = dsntk::parse(&scope, CONDITION).expect("an expression");
    let evaluator = prepare(&node);
    row(
        "peers: condition: dsntk: evaluate",
        rounds(CONDITIONS, 1, || {
            assert!(evaluator(black_box(&scope)).is_true());
        }),
    );
}

/// Measures an expression of all, without those that one refuses.
fn all(cases: &[Case]) {
    let parsed = cases.iter().filter(|it| value(it) != error());
    let ours: Vec<_> =
        parsed.map(|it| (it, Expression::parse(&it.source).expect("an expression"))).collect();
    let name = format!("peers: {} expressions: dacapo", ours.len());
    let count = u32::try_from(ours.len()).expect("few");
    row(
        &format!("{name}: parse"),
        rounds(EXPRESSIONS, count, || {
            ours.iter()
                .for_each(|(it, _)| drop(black_box(Expression::parse(black_box(&it.source)))));
        }),
    );
    row(
        &format!("{name}: evaluate"),
        rounds(EXPRESSIONS, count, || {
            for (case, expression) in &ours {
                let mut env = Env::new(0).with_dialect(Dialect::Dmn);
                drop(black_box(evaluate(expression, black_box(&case.variables), &mut env)));
            }
        }),
    );
    let scopes = cases.iter().map(|it| (it, dsntk::scope(&it.given)));
    let theirs: Vec<_> = scopes
        .filter_map(|(it, scope)| {
            let evaluator = prepare(&dsntk::parse(&scope, &it.source)?);
            Some((it, scope, evaluator))
        })
        .collect();
    let name = format!("peers: {} expressions: dsntk", theirs.len());
    let count = u32::try_from(theirs.len()).expect("few");
    row(
        &format!("{name}: parse"),
        rounds(EXPRESSIONS / 20, count, || {
            for (case, scope, _) in &theirs {
                drop(black_box(
                    dsntk::parse(scope, black_box(&case.source)).map(|it| prepare(&it)),
                ));
            }
        }),
    );
    row(
        &format!("{name}: evaluate"),
        rounds(EXPRESSIONS / 20, count, || {
            theirs.iter().for_each(|(_, scope, it)| drop(black_box(it(black_box(scope)))));
        }),
    );
}

/// Writes variables as an expression.
fn written(scope: &Context) -> String {
    let entries: Vec<_> =
        scope.iter().map(|(name, value)| format!("{name}: {}", json::print(value))).collect();
    format!("{{{}}}", entries.join(", "))
}

/// Returns the nanoseconds of one of `parts` that the work consists of, per round.
fn rounds(count: u32, parts: u32, mut work: impl FnMut()) -> Vec<f64> {
    let mut round = || {
        let begin = Instant::now();
        (0..count).for_each(|_| work());
        begin.elapsed().as_secs_f64() * 1e9 / f64::from(count) / f64::from(parts)
    };
    round();
    (0..ROUNDS).map(|_| round()).collect()
}

fn row(name: &str, mut rounds: Vec<f64>) {
    rounds.sort_by(f64::total_cmp);
    let [low, .., high] = rounds[..] else { return };
    let median = rounds[rounds.len() / 2];
    println!("{name:<52} {median:>12.0} {:<4} {:>20}", "ns", format!("{low:.0} .. {high:.0}"));
}

/// How often each is measured; the median counts.
pub const ROUNDS: usize = 15;
/// How often the condition is evaluated in a round; what takes long is so a twentieth of that.
pub const CONDITIONS: u32 = 20_000;
const EXPRESSIONS: u32 = 200;
