//! Random decision models: whatever they are, an evaluation ends within its fuel, is the same twice, and nobody who looks
//! on changes it.

use dacapo_engine::dmn::{Evaluation, Failure, Model, Resource, XmlLimits};
use dacapo_engine::feel::{Context, Dialect, Env, EvaluationErrorKind, Value};
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_evaluation_ends_and_is_the_same_twice(table in table(), given in given(), is_camunda in any::<bool>()) {
        let model = model(&table);
        let dialect = if is_camunda { Dialect::Camunda } else { Dialect::Dmn };
        let env = || Env::new(NOW_MS).with_dialect(dialect).with_fuel(FUEL);
        let (value, fuel) = evaluated(&model, &given, env());
        prop_assert!(fuel <= FUEL);
        prop_assert_eq!(&evaluated(&model, &given, env()), &(value.clone(), fuel));
        // who looks on changes nothing
        let (traced, traced_fuel) = evaluated(&model, &given, env().with_trace());
        prop_assert_eq!((without_steps(traced), traced_fuel), (value.clone(), fuel));
        // less fuel is enough, or there is no value
        let less = (FUEL - fuel).saturating_sub(1);
        let (short, left) = evaluated(&model, &given, env().with_fuel(less));
        match (short, value) {
            (Err(failure), Ok(_)) => {
                prop_assert_eq!(failure.error, EvaluationErrorKind::FuelExhausted { limit: less }.into());
                prop_assert_eq!(left, 0);
            }
            (short, value) => prop_assert!(short.is_err() && value.is_err(), "{short:?} {value:?}"),
        }
    }
}

type Outcome = Result<Evaluation, Failure>;

/// Returns what an evaluation leaves behind, and its fuel.
fn evaluated(model: &Model, given: &Context, mut env: Env) -> (Outcome, u64) {
    let outcome = model.evaluate("d", given, &mut env);
    (outcome.map(|it| it.expect("the decision is there")), env.fuel())
}

fn without_steps(mut outcome: Outcome) -> Outcome {
    let decisions = match &mut outcome {
        Ok(evaluation) => &mut evaluation.decisions,
        Err(failure) => &mut failure.decisions,
    };
    decisions.iter_mut().for_each(|it| it.steps.clear());
    outcome
}

/// A decision table that calls a function and requires another decision.
#[derive(Clone, Debug)]
struct Table {
    policy: &'static str,
    inputs: Vec<&'static str>,
    rules: Vec<(Vec<&'static str>, &'static str)>,
    body: &'static str,
    before: &'static str,
}

fn table() -> impl Strategy<Value = Table> {
    (1_usize..4).prop_flat_map(|width| {
        let cells = prop::collection::vec(select(TESTS), width);
        let rules = prop::collection::vec((cells, select(RESULTS)), 0..6);
        let inputs = prop::collection::vec(select(INPUTS), width);
        (select(POLICIES), inputs, rules, select(BODIES), select(RESULTS)).prop_map(
            |(policy, inputs, rules, body, before)| Table { policy, inputs, rules, body, before },
        )
    })
}

fn given() -> impl Strategy<Value = Context> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-20_i64..20).prop_map(Value::from),
        select(&["", "a", "gold", "2026-01-01"][..]).prop_map(Value::from),
        prop::collection::vec(0_i64..5, 0..4)
            .prop_map(|it| it.into_iter().map(Value::from).collect()),
    ];
    prop::collection::vec(value, 3)
        .prop_map(|values| ["a", "b", "c"].into_iter().zip(values).collect())
}

fn model(table: &Table) -> Model {
    let text = |it: &str| {
        format!(
            "<text>{}</text>",
            it.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        )
    };
    let data = ["a", "b", "c"].map(|it| format!("<inputData id=\"{it}\" name=\"{it}\"/>")).concat();
    let required = ["a", "b", "c"]
        .map(|it| {
            format!(
                "<informationRequirement><requiredInput href=\"#{it}\"/></informationRequirement>"
            )
        })
        .concat();
    let inputs = table.inputs.iter();
    let inputs: String = inputs
        .map(|it| format!("<input><inputExpression>{}</inputExpression></input>", text(it)))
        .collect();
    let rule = |(tests, result): &(Vec<&str>, &str)| {
        let tests: String =
            tests.iter().map(|it| format!("<inputEntry>{}</inputEntry>", text(it))).collect();
        format!("<rule>{tests}<outputEntry>{}</outputEntry></rule>", text(result))
    };
    let rules: String = table.rules.iter().map(rule).collect();
    let (policy, body, before) = (table.policy, text(table.body), text(table.before));
    let xml = format!(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"m\" name=\"m\" namespace=\"n\">{data}\
         <businessKnowledgeModel id=\"f\" name=\"f\"><encapsulatedLogic><formalParameter name=\"x\"/>\
         <literalExpression>{body}</literalExpression></encapsulatedLogic></businessKnowledgeModel>\
         <decision id=\"e\" name=\"e\">{required}<knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>\
         <literalExpression>{before}</literalExpression></decision>\
         <decision id=\"d\" name=\"d\">{required}<informationRequirement><requiredDecision href=\"#e\"/></informationRequirement>\
         <knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>\
         <decisionTable {policy}>{inputs}<output/>{rules}</decisionTable></decision></definitions>"
    );
    let resource = Resource { name: "m.dmn", bytes: xml.as_bytes() };
    Model::parse(resource, &[], &XmlLimits::default())
        .unwrap_or_else(|problems| panic!("{problems:?}\n{xml}"))
}

const INPUTS: &[&str] = &["a", "b", "c", "a + 1", "f(a)", "count(c)", "[a, b]", "{x: a}", "e"];
const TESTS: &[&str] = &[
    "-",
    "1",
    "\"gold\"",
    "> 3",
    "<= a",
    "[1..5]",
    "(a..b]",
    "not(2)",
    "not(> 1, [3..4])",
    "\"a\", \"gold\"",
    "? > 1",
    "f(?)",
    "some x in ? satisfies x = 2",
    "null",
    "[1, 2]",
    "date(\"2026-01-01\")",
    "c",
    "? in c",
];
const RESULTS: &[&str] = &[
    "1",
    "a",
    "\"x\" + b",
    "f(a)",
    "f(f(b))",
    "for i in 1..20 return i * a",
    "sum(c)",
    "{y: a, z: f(2)}",
    "if a > b then a else b",
    "sort(c, function(p, q) p > q)",
    "a / 0",
    "c[1]",
    "string(a)",
    "null",
];
const BODIES: &[&str] =
    &["x", "x * 2", "x + 1 > 3", "[x, x]", "string(x)", "for i in 1..3 return x", "x.y", "x[1]"];
const POLICIES: &[&str] = &[
    "hitPolicy=\"UNIQUE\"",
    "hitPolicy=\"FIRST\"",
    "hitPolicy=\"ANY\"",
    "hitPolicy=\"RULE ORDER\"",
    "hitPolicy=\"COLLECT\"",
    "hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
    "hitPolicy=\"COLLECT\" aggregation=\"MIN\"",
    "hitPolicy=\"COLLECT\" aggregation=\"COUNT\"",
];
const NOW_MS: i64 = 1_775_037_600_000;
const FUEL: u64 = 20_000;
