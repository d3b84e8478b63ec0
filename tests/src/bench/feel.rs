//! Expressions and decisions alone: what one evaluation costs.

use std::hint::black_box;

use dacapo_engine::dmn::{Model, Resource, XmlLimits};
use dacapo_engine::feel::{Context, Env, Expression, Value, evaluate};

use super::report::{Report, rounds, timed};

/// Measures parsing, a condition and a decision table.
///
/// # Panics
/// One of them does not do what it should.
pub fn run(report: &mut Report) {
    if !report.begin(&["feel", "dmn"]) {
        return;
    }
    let count = if report.is_quick() { 2_000 } else { 200_000 };
    let mut add = |name: &str, settings: &str, work: &mut dyn FnMut()| {
        (0..count / 10).for_each(|_| work());
        let figures = rounds(ROUNDS, || nanoseconds(count, &mut *work));
        report.add(name, "ns", format!("{settings}, {count} times"), figures);
    };
    add("feel: parse a condition", CONDITION, &mut || {
        black_box(Expression::parse(black_box(CONDITION)).expect("an expression"));
    });
    let condition = Expression::parse(CONDITION).expect("an expression");
    let scope = variables();
    add("feel: evaluate a condition", &format!("{CONDITION}, 20 variables"), &mut || {
        let value = evaluate(black_box(&condition), black_box(&scope), &mut Env::new(0));
        assert_eq!(value, Ok(Value::Bool(true)));
    });
    let table = model();
    let given = given();
    add("dmn: evaluate a decision table", "10 rules, 3 inputs, the last rule matches", &mut || {
        let mut env = Env::new(0);
        let evaluation = table.evaluate("fee", black_box(&given), &mut env);
        let evaluation = evaluation.expect("within fuel").expect("the decision is there");
        assert_eq!(evaluation.value, Value::from(10));
    });
}

/// Returns 20 variables, two of which the condition names.
pub fn variables() -> Context {
    let mut scope: Context = (0..18).map(|it| (format!("variable{it}"), it)).collect();
    scope.insert("amount", 950);
    scope.insert("status", "open");
    scope
}

/// Returns the file of a decision table with ten rules.
pub fn table() -> String {
    table_with("")
}

/// Returns the same file with other elements, in which `TABLE` stands for the table.
pub fn table_with(others: &str) -> String {
    let rule = |it: u32| {
        format!(
            "<rule><inputEntry><text>{}</text></inputEntry><inputEntry><text>\"{}\"</text></inputEntry>\
             <inputEntry><text>[{}..{}]</text></inputEntry><outputEntry><text>{it}</text></outputEntry></rule>",
            if it == 10 { "&gt;= 100".to_owned() } else { format!("&lt; {}", it * 10) },
            if it.is_multiple_of(2) { "gold" } else { "silver" },
            it * 100,
            it * 100 + 99,
        )
    };
    let rules: String = (1..=10).map(rule).collect();
    let input = |name: &str| {
        format!("<input><inputExpression><text>{name}</text></inputExpression></input>")
    };
    let inputs = ["age", "level", "amount"];
    let requires: String = inputs
        .iter()
        .map(|it| {
            format!(
                "<informationRequirement><requiredInput href=\"#{it}\"/></informationRequirement>"
            )
        })
        .collect();
    let data: String =
        inputs.iter().map(|it| format!("<inputData id=\"{it}\" name=\"{it}\"/>")).collect();
    let columns: String = inputs.iter().map(|it| input(it)).collect();
    let table =
        format!("<decisionTable hitPolicy=\"FIRST\">{columns}<output/>{rules}</decisionTable>");
    let others = others.replace("TABLE", &table);
    format!(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"m\" name=\"m\" namespace=\"n\">{data}\
         <decision id=\"fee\" name=\"fee\">{requires}{table}</decision>{others}</definitions>"
    )
}

fn model() -> Model {
    let text = table();
    let resource = Resource { name: "fee.dmn", bytes: text.as_bytes() };
    Model::parse(resource, &[], &XmlLimits::default()).expect("a model")
}

/// Returns what the table asks for.
pub fn given() -> Context {
    let mut given = Context::new();
    given.insert("age", 150);
    given.insert("level", "gold");
    given.insert("amount", 1_050);
    given
}

fn nanoseconds(count: u32, mut work: impl FnMut()) -> f64 {
    let ((), time) = timed(|| (0..count).for_each(|_| work()));
    time.as_secs_f64() * 1e9 / f64::from(count)
}

/// What is parsed and evaluated.
pub const CONDITION: &str = "amount > 100 and status = \"open\"";
/// More than of other figures: each is short, and a neighbour disturbs it easily.
const ROUNDS: usize = 15;
