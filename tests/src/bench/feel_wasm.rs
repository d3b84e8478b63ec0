//! Expressions and decisions in Wasm, in Node: called from JavaScript, and what is left of that within the Wasm.

use std::path::Path;
use std::process::Command;

use dacapo_engine::feel::{Context, Value, json};
use serde::Deserialize;

use super::feel::{CONDITION, given, table_with, variables};
use super::report::{ROUNDS, Report};

/// Measures what [`super::feel`] does natively, over the npm package.
///
/// # Panics
/// The package is there and does not work.
pub fn run(report: &mut Report) {
    if !report.begin(&["feel", "dmn"]) {
        return;
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../js/packages/dacapo");
    if !package.join("dist/dacapo_bg.wasm").exists() {
        FIGURES.iter().for_each(|it| report.not_run(it, "ns", "cargo xtask wasm first"));
        return;
    }
    let count = if report.is_quick() { 1_000 } else { 20_000 };
    let measured = measure(&package, count);
    let settings = format!("{count} times, Node {}", measured.node);
    let Measured { parse, condition, condition_inside, table, table_inside, .. } = measured;
    let rounds = [parse, condition, condition_inside, table, table_inside];
    for (name, rounds) in FIGURES.into_iter().zip(rounds) {
        report.add(name, "ns", settings.clone(), rounds);
    }
}

/// What the script prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    node: String,
    parse: Vec<f64>,
    condition: Vec<f64>,
    condition_inside: Vec<f64>,
    table: Vec<f64>,
    table_inside: Vec<f64>,
}

fn measure(package: &Path, count: u32) -> Measured {
    let object = |it: Context| -> serde_json::Value {
        serde_json::from_str(&json::print(&Value::from(it))).expect("JSON")
    };
    let asked = serde_json::json!({
        "condition": CONDITION,
        "variables": object(variables()),
        "table": table_with(LOOP),
        "given": object(given()),
    });
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), asked.to_string()).expect("disk space");
    let script = package.join("bench/feel.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(file.path()).args([(ROUNDS * 3).to_string(), count.to_string()]);
    let output = command.output().expect("node is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("figures")
}

/// A decision that calls the same table again and again, as a business knowledge model.
const LOOP: &str = "<inputData id=\"times\" name=\"times\"/>\
    <decision id=\"all\" name=\"all\">\
    <informationRequirement><requiredInput href=\"#times\"/></informationRequirement>\
    <informationRequirement><requiredInput href=\"#age\"/></informationRequirement>\
    <informationRequirement><requiredInput href=\"#level\"/></informationRequirement>\
    <informationRequirement><requiredInput href=\"#amount\"/></informationRequirement>\
    <knowledgeRequirement><requiredKnowledge href=\"#charge\"/></knowledgeRequirement>\
    <literalExpression><text>count((for i in 1..times return charge(age, level, amount))[item = 10])</text>\
    </literalExpression></decision>\
    <businessKnowledgeModel id=\"charge\" name=\"charge\"><encapsulatedLogic>\
    <formalParameter name=\"age\"/><formalParameter name=\"level\"/><formalParameter name=\"amount\"/>\
    TABLE</encapsulatedLogic></businessKnowledgeModel>";
const FIGURES: [&str; 5] = [
    "feel: parse a condition in Wasm, called",
    "feel: evaluate a condition in Wasm, called",
    "feel: evaluate a condition in Wasm, inside",
    "dmn: evaluate a decision table in Wasm, called",
    "dmn: evaluate a decision table in Wasm, inside",
];
