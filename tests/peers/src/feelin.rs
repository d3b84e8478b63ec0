//! The peer in JavaScript.

use std::io::Write as _;
use std::process::{Command, Stdio};

use dacapo_engine::feel::Value;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::cases::{CONDITION, Case, error, to_json, twenty};
use crate::measure::{CONDITIONS, ROUNDS};

/// What the script prints.
#[derive(Deserialize)]
pub struct Feelin {
    /// The version of Node.
    pub node: String,
    /// The value of each case.
    #[serde(deserialize_with = "values")]
    pub values: Vec<Json>,
    /// Nanoseconds to parse and evaluate the condition, per round.
    pub conditions: Vec<f64>,
    /// Nanoseconds to parse and evaluate an expression of all, per round.
    pub all: Vec<f64>,
    /// How many expressions these are.
    pub measured: usize,
}

/// Evaluates and measures all cases in Node.
pub fn run(cases: &[Case]) -> Feelin {
    let context = |it| to_json(&Value::from(it));
    let case = |it: &Case| json!({"source": it.source, "variables": context(it.variables.clone())});
    let asked = json!({
        "cases": cases.iter().map(case).collect::<Vec<_>>(),
        "condition": CONDITION,
        "scope": context(twenty()),
        "rounds": ROUNDS,
        "count": CONDITIONS / 20,
    });
    let mut child = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/feelin.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(asked.to_string().as_bytes()).expect("node reads");
    drop(input);
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "feelin.mjs does not end well");
    serde_json::from_slice(&output.stdout).expect("what the script prints")
}

fn values<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Json>, D::Error> {
    let values = Vec::<Json>::deserialize(from)?;
    Ok(values.into_iter().map(|it| it.get("value").cloned().unwrap_or_else(error)).collect())
}
